"""A small export of work orders, typed by hand with its truths, and a publisher that keeps what it is given."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Table

from data_access.conform import conformed
from data_access.load.load import load_file
from data_access.load.mapping import OrderMapping, parse_mapping
from data_access.load.report import LoadReport
from data_access.publish import Draft, Fill
from data_access.storage.version import Version

NOW = datetime(2026, 4, 1, 8, 0)

MAPPING = """
[columns]
work_order_id = "工单号"
store_id = "门店"
vehicle_id = "VIN"
plate = "车牌"
model = "车型"
customer_id = "客户号"
customer_name = "客户"
customer_phone = "手机"
arrived_at = "进厂时间"
work_started_at = "开工时间"
promised_at = "承诺交车"
delivered_at = "交车时间"
settled_at = "结算时间"
odometer_km = "里程"
service_kind = "业务类型"
order_type = "付费类型"
root_cause = "故障"
labour_amount = "工时费"
parts_amount = "配件费"
clock_hours = { column = "工时(分)", unit = "min" }

[values.service_kind]
"保养" = "maintenance"
"维修" = "repair"
"钣喷" = "body"

[values.order_type]
"自费" = "customer_pay"
"保修" = "warranty"
"内部" = "internal"

[stores]
name = { column = "门店名" }
region = { column = "大区" }
province = "310000"
city = "310100"

[values.region]
"华东" = "east"
"华北" = "north"

[places]
"310000" = { zh = "上海市", en = "Shanghai" }
"""

HEADINGS = (
    "工单号", "门店", "门店名", "大区", "VIN", "车牌", "车型", "客户号", "客户", "手机", "进厂时间", "开工时间", "承诺交车",
    "交车时间", "结算时间", "里程", "业务类型", "付费类型", "故障", "工时费", "配件费", "工时(分)",
)  # fmt: skip

# One line an order, in 2026. S1 is in the east, S2 in the north; V1 belongs to C1, V2 to C2; V3's owner is not told.
ROWS_TEXT = """
W1|S1|浦东店|华东|LV1|沪A1|E5|C1|王一|13800000001|03-01 09:00|03-01 09:20|03-01 12:00|03-01 11:00|03-01 11:05|10000|维修|自费|BRAKE|300|1,200.50|90
W2|S2|朝阳店|华北|LV1|沪A1|E5|C1|王一|13800000001|03-11 10:00|03-11 10:05||03-11 12:00|03-11 12:00|10500|维修|保修|BRAKE|0|0|30
W3|S1|浦东店|华东|LV1|沪A1|E5|C1|王一|13800000001|03-11 15:00|||03-11 16:00|03-11 16:10|10500|保养|自费|BRAKE|100|50|
W4|S1|浦东店|华东|LV2|沪A2|E7|C2|李二|13800000002|03-02 08:00|03-02 08:30||03-02 09:00|03-03 09:00|20000|维修|自费|DOOR|200|0|20
W5|S1|浦东店|华东|LV2|沪A2|E7|C2|李二|13800000002|03-04 08:59|03-04 09:00||03-04 10:00||20100|维修|内部|DOOR|0|0|10
W6|S2|朝阳店|华北|LV3|||||| 02-01 08:00|||02-01 09:00|02-01 09:00||维修|自费|LAMP|80|40|
W7|S2|朝阳店|华北|LV3||||||03-03 09:01|||03-03 10:00|||维修|自费|LAMP|80||
W8|S2|朝阳店|华北|LV3||||||03-31 17:00|03-31 17:30|04-02 12:00||||维修|自费||||
"""  # noqa: E501
TIMES = ("进厂时间", "开工时间", "承诺交车", "交车时间", "结算时间")


def _row(line: str) -> dict[str, str]:
    cells = dict(zip(HEADINGS, (cell.strip() for cell in line.split("|")), strict=True))
    return {**cells, **{heading: f"2026-{cells[heading]}" for heading in TIMES if cells[heading]}}


ROWS = [_row(line) for line in ROWS_TEXT.split("\n") if line]

AS_OF = datetime(2026, 3, 31, 17, 30)
"""The newest event: W8's work began."""


def row(**changes: str) -> dict[str, str]:
    """W1 with some cells changed."""
    return {**ROWS[0], **changes}


def csv_text(
    rows: Iterable[Mapping[str, str]], headings: Iterable[str] = HEADINGS, delimiter: str = ","
) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(headings), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def mapping(extra: str = "") -> OrderMapping:
    return parse_mapping(MAPPING + extra)


class PaperPublisher:
    """A publisher as data_access.publish.Publisher is one, keeping versions as tables in memory."""

    def __init__(self) -> None:
        self.kept: list[tuple[Version, dict[str, pa.Table]]] = []
        self.fails = False

    def current(self) -> Version | None:
        return self.kept[-1][0] if self.kept else None

    def versions(self) -> list[Version]:
        return [version for version, _ in reversed(self.kept[-3:])]

    def publish(self, as_of: datetime, base: Fill | None, recent: Fill | None, note: str = "") -> Version:
        draft = PaperDraft()
        assert base is not None
        base(draft)
        if self.fails:
            raise OSError("no space left on device")
        number = len(self.kept) + 1
        version = Version(
            f"{number:06d}", as_of, (as_of - timedelta(days=1)).date(), f"base_{number}", None, note
        )
        self.kept.append((version, draft.tables))
        return version

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """What the current version has in a table."""
        return self.kept[-1][1][table.name].to_pylist() if table.name in self.kept[-1][1] else []

    def by(self, table: Table, key: str) -> dict[Any, dict[str, Any]]:
        return {row[key]: row for row in self.rows(table)}


class PaperDraft(Draft):
    """Takes what fits the contract, as the real draft does."""

    def __init__(self) -> None:
        self.tables: dict[str, pa.Table] = {}

    def write(self, table: Table, rows: pa.Table) -> None:
        rows = conformed(table, rows)
        before = self.tables.get(table.name)
        self.tables[table.name] = rows if before is None else pa.concat_tables([before, rows])


class Desk:
    """A warehouse on paper with its directory: writes files, loads them, tells what came of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.publisher = PaperPublisher()
        self.files = 0

    def file(self, text: str | bytes, name: str = "") -> Path:
        self.files += 1
        path = self.directory / (name or f"orders{self.files}.csv")
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, path: Path, rules: OrderMapping | None = None, **options: Any) -> LoadReport:
        options = {"now": NOW, **options}
        publisher: Any = self.publisher
        return load_file(path, rules or mapping(), publisher, self.directory / "loads", **options)

    def load_rows(self, rows: Iterable[Mapping[str, str]], extra: str = "", **options: Any) -> LoadReport:
        return self.load(self.file(csv_text(rows)), mapping(extra), **options)

    def quarantine(self, report: LoadReport) -> list[dict[str, str]]:
        assert report.quarantine is not None
        with report.quarantine.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
