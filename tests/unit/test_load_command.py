"""The command: a calm report, errors in the reader's language, and a file with little in it that stays honest."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

import data_access.load
from data_access.load.command import load_command, loads_directory
from data_access.schema import COMEBACK, WORK_ORDER
from tests.unit.load_sample import MAPPING, NOW, ROWS, PaperPublisher, csv_text, row

FLEET = """work_order_id,created,asset_id,shop_id,shop_name,job_type,reason_code,status,labor_cost_damaged
1,2020-01-01,A,10,MAIN,REPAIR,N,CLOSED,9
2,2020-01-01,A,10,MAIN,REPAIR,N,CLOSED,9
3,2020-01-31,A,20,SIDE,REPAIR,N,CLOSED,9
4,2020-01-15,A,20,SIDE,PM,N,CLOSED,9
5,2020-01-02,B,10,MAIN,REPAIR,N,CLOSED,9
6,2020-02-02,B,10,MAIN,REPAIR,N,OPEN,9
7,2020-01-02,C,10,MAIN,REPAIR,A,CLOSED,9
8,2020-01-03,C,10,MAIN,REPAIR,A,CLOSED,9
9,2020-01-05,C,10,MAIN,REPAIR,W,WORK FINISHED,9
10,2020-01-06,D,10,MAIN,REPAIR,J,CLOSED,9
11,2020-01-07,D,10,MAIN,PM,,PENDING,9
12,2020-01-08,D,10,MAIN,TOWING,N,CLOSED,9
"""
"""Shaped like the City of Cincinnati's work orders. Orders 1 and 2 came back as 3 on the thirtieth day; 6 came on the
thirty-first day after 5; 7 is an accident, 9 is not finished, 10 is no customer's; 12 has an unknown kind of job."""


class Shell:
    """The command as `flask --app app load` runs it."""

    def __init__(self, directory: Path) -> None:
        self.publisher = PaperPublisher()
        self.directory = directory
        app = Flask("shell", instance_path=str(directory / "instance"))
        app.extensions.update(publisher=lambda: self.publisher, clock=lambda: NOW, loads=directory / "loads")
        app.cli.add_command(load_command)
        self.runner = app.test_cli_runner()
        (directory / "orders.csv").write_text(csv_text(ROWS), "utf-8")
        (directory / "map.toml").write_text(MAPPING, "utf-8")

    def load(self, *arguments: str, file: str = "orders.csv", mapping: str = "map.toml") -> Result:
        paths = [str(self.directory / file), "--mapping", str(self.directory / mapping)]
        return self.runner.invoke(args=["load", *paths, *arguments], env={"LANG": "C.UTF-8"})


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_the_report_of_a_good_file(shell: Shell) -> None:
    done = shell.load()
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[:4] == [
        "orders.csv: 8 rows read = 8 loaded + 0 in quarantine",
        "Orders: 8, 2026-02-01 to 2026-03-31; the data reach to 2026-03-31 17:30",
        "Stores: 2 (浦东店, 朝阳店)",
        "Repairs that count for first-time fix: 5; 2 of them came back within 30 days so far",
    ]
    assert lines[4].startswith(
        "Can be shown: Vehicle visits, First-time fix, 30 days, First-time fix, 48 hours, "
    )
    assert "Service revenue" in lines[4]
    assert lines[5] == "No data: Cross-store visits (the file does not tell origin_store_id)"
    assert lines[6].startswith("Not in work orders: Cost of service, Gross margin, Net Promoter Score, ")
    assert lines[7:] == ["Published as version 000001"]


def test_the_report_in_chinese_with_a_quarantine(shell: Shell) -> None:
    (shell.directory / "orders.csv").write_text(
        csv_text([*ROWS, row(工单号="X", 里程="far")]) + "broken\n", "utf-8"
    )
    done = shell.load("--language", "zh-CN")
    (kept,) = (shell.directory / "loads" / "quarantine").iterdir()
    assert done.output.splitlines()[:5] == [
        "orders.csv：读取 10 行 = 加载 8 行 + 隔离 2 行",
        "  1 not_a_number（里程）",
        "  1 broken_row",
        f"  隔离的行保存在 {kept}；更正后带 --append 加载该文件即可",
        "工单：8 单，2026-02-01 至 2026-03-31；数据截至 2026-03-31 17:30",
    ]


def test_checking_and_appending(shell: Shell) -> None:
    assert shell.load("--check").output.splitlines()[-1] == "Checked only; nothing was published"
    assert shell.publisher.kept == []
    shell.load()
    done = shell.load("--append")
    assert "  8 of them replaced an order that was there" in done.output
    assert len(shell.publisher.rows(WORK_ORDER)) == 8


def test_until_when_the_data_reach(shell: Shell) -> None:
    assert "the data reach to 2026-04-01 07:00" in shell.load("--as-of", "2026-04-01T07:00:00").output
    done = shell.load("--as-of", "2026-03-31T17:00:00")
    assert "8 rows read = 7 loaded + 1 in quarantine\n  1 in_the_future (开工时间)" in done.output


@pytest.mark.parametrize(
    ("paths", "language", "told"),
    [
        ({"file": "none.csv"}, "en", "There is no file “"),
        ({"file": "none.csv"}, "zh-CN", "找不到文件“"),
        ({"mapping": "none.toml"}, "en", "There is no file “"),
        ({"mapping": "orders.csv"}, "en", "“orders.csv” is not a TOML file"),
        ({"file": "map.toml"}, "zh-CN", "不支持“map.toml”的格式"),
    ],
)
def test_what_is_wrong_is_told_in_the_readers_language(
    shell: Shell, paths: dict[str, str], language: str, told: str
) -> None:
    done = shell.load("--language", language, **paths)
    assert done.exit_code == 1
    assert told in done.output
    assert "Traceback" not in done.output
    assert shell.publisher.kept == []


def test_where_loads_are_kept(tmp_path: Path) -> None:
    assert loads_directory("duckdb:///var/demo/warehouse", tmp_path) == Path("var/demo/warehouse/loads")
    assert loads_directory("postgresql+psycopg://a:b@host/db", tmp_path) == tmp_path


# --- a file that tells little ---------------------------------------------------------------------------------------


@pytest.fixture
def fleet(shell: Shell) -> tuple[Shell, Result]:
    (shell.directory / "fleet.csv").write_text(FLEET, "utf-8")
    shipped = Path(data_access.load.__file__).parent / "mappings" / "cincinnati_fleet.toml"
    (shell.directory / "fleet.toml").write_bytes(
        shipped.read_bytes().replace(b"[2008, 2023]", b"[2020, 2020]")
    )
    return shell, shell.load(file="fleet.csv", mapping="fleet.toml")


def test_the_report_says_what_cannot_be_shown(fleet: tuple[Shell, Result]) -> None:
    _, done = fleet
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[:10] == [
        "fleet.csv: 12 rows read = 11 loaded + 1 in quarantine",
        "  1 unknown_value (job_type)",
        done.output.splitlines()[2],
        "Orders: 11, 2020-01-01 to 2020-02-02; the data reach to 2020-02-02 00:00",
        "Stores: 2 (MAIN, SIDE)",
        "Repairs that count for first-time fix: 4; 2 of them came back within 30 days so far",
        "Arrivals are known to the day only: no hours are counted, and a return on the same day is not seen",
        "No handover in the file: finished orders are dated by their arrival, and the 30 days run from there",
        "Can be shown: Vehicle visits, First-time fix, 30 days, First-time fix, 48 hours, Complete work orders",
        "No data: Time in the shop (the file does not tell delivered_at)",
    ]
    assert (
        "No data: Service revenue (the file does not tell settled_on, labour_amount, parts_amount)"
        in done.output
    )


def test_comebacks_of_days(fleet: tuple[Shell, Result]) -> None:
    shell, _ = fleet
    found = sorted(shell.publisher.rows(COMEBACK), key=lambda each: str(each["parent_work_order_id"]))
    assert [
        (
            each["parent_work_order_id"],
            each["work_order_id"],
            each["store_id"],
            each["day"],
            each["hours_after"],
        )
        for each in found
    ] == [("1", "3", "10", date(2020, 1, 1), 720.0), ("2", "3", "10", date(2020, 1, 1), 720.0)]


def test_what_a_day_does_not_tell_stays_unknown(fleet: tuple[Shell, Result]) -> None:
    shell, _ = fleet
    orders: dict[Any, dict[str, Any]] = shell.publisher.by(WORK_ORDER, "work_order_id")
    unknown = {
        "customer_id", "appointment_id", "origin_store_id", "work_started_at", "work_ended_at", "promised_at",
        "delivered_at", "settled_at", "settled_on", "odometer_km", "labour_amount", "parts_amount", "parts_cost",
        "billed_hours", "clock_hours",
    }  # fmt: skip
    assert {name for name, value in orders["1"].items() if value is None} == unknown
    assert orders["1"]["arrived_at"] == datetime(2020, 1, 1)
    assert {key: order["delivered_on"] for key, order in orders.items() if order["status"] != "delivered"} == {
        "6": None, "9": None, "11": None,
    }  # fmt: skip
    assert orders["5"]["delivered_on"] == date(2020, 1, 2)
    assert [key for key, order in orders.items() if not order["first_of_visit"]] == ["2"]
    assert {order["order_type"] for order in orders.values()} == {"customer_pay", "warranty", "pre_delivery"}
    assert sorted(int(key) for key, order in orders.items() if order["fix_eligible"]) == [1, 2, 3, 5, 6, 9]
