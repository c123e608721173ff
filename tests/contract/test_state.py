"""The state database on SQLite and PostgreSQL alike: its shape, an audit trail that only grows, dated targets."""

from __future__ import annotations

import os
import stat
import threading
from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from kpi import catalog
from kpi.errors import BadRequest, UnknownName
from kpi.metric import Band, Limits
from kpi.organisation import OrgUnit
from operations.audit import Act, Audit, Entry
from operations.errors import StateUnavailable
from operations.state import open_state
from operations.tables import Base
from operations.targets import Override, Targets

NOON = datetime(2026, 11, 20, 12)
NETWORK, NORTH = OrgUnit(), OrgUnit("region", "north")
STORE, OTHER = OrgUnit("store", "S0001"), OrgUnit("store", "S0002")


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    server = make_url(request.getfixturevalue("postgresql_url")).set(drivername="postgresql+psycopg")
    name = f"state{abs(hash(request.node.nodeid))}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    admin.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def state(state_url):
    state = open_state(state_url)
    yield state
    state.close()


def override(metric, unit, day, limits, why="agreed"):
    return Override(metric, unit, date.fromisoformat(day), limits, "admin", NOON, why)


def test_the_migrations_build_what_the_classes_say(state):
    with state.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_several_processes_may_start_at_once(state_url):
    opened, failed = [], []

    def start():
        try:
            opened.append(open_state(state_url))
        except Exception as error:
            failed.append(error)

    starters = [threading.Thread(target=start) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert failed == []
    for state in opened:
        state.close()


def test_a_state_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StateUnavailable):
        open_state(f"sqlite:///{tmp_path / 'file' / 'state.db'}")


def test_the_file_with_password_hashes_is_its_owners_alone(tmp_path):
    path = tmp_path / "state.db"
    before = os.umask(0)
    try:
        open_state(f"sqlite:///{path}").close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- the audit trail --------------------------------------------------------------------------------------------------


def test_what_was_done_is_found_again_newest_first(state):
    audit = Audit(state)
    audit.write(Entry(NOON, "wang", "executive", Act.SIGNED_IN))
    audit.write(Entry(NOON.replace(hour=13), "li", "marketing", Act.EXPORTED, "call_list", {"rows": 12}))
    assert [entry.who for entry in audit.found()] == ["li", "wang"]
    assert audit.found(who="li")[0].detail == {"rows": 12}
    assert [entry.act for entry in audit.found(act="signed_in")] == [Act.SIGNED_IN]
    assert [entry.who for entry in audit.found(since=NOON.replace(hour=13))] == ["li"]


@pytest.mark.parametrize("sql", ["update audit set who = 'nobody'", "delete from audit"])
def test_nobody_can_rewrite_the_trail_not_even_with_sql(state, sql):
    Audit(state).write(Entry(NOON, "wang", "executive", Act.SIGNED_IN))
    with pytest.raises(DBAPIError), state.engine.begin() as connection:
        connection.execute(text(sql))
    assert len(Audit(state).found()) == 1


def test_old_entries_go_by_rule_and_young_ones_stay(state):
    audit = Audit(state)
    for at in (datetime(2025, 10, 1), datetime(2025, 10, 20), NOON):
        audit.write(Entry(at, "wang", "executive", Act.SIGNED_IN))
    assert audit.prune(NOON) == 1  # 400 days before 2026-11-20 is 2025-10-16
    assert [entry.at for entry in audit.found()] == [NOON, datetime(2025, 10, 20)]


# --- targets ----------------------------------------------------------------------------------------------------------


def test_the_nearest_unit_and_the_newest_day_decide(state):
    targets, nps = Targets(state), catalog.metric("nps")
    declared = nps.limits_on(date(2026, 6, 1))
    targets.set(override("nps", NETWORK, "2026-01-01", Limits(50, 30)))
    targets.set(override("nps", NORTH, "2026-03-01", Limits(45, 20)))
    targets.set(override("nps", STORE, "2026-05-01", Limits(60, 40)))

    def limits(lineage, day):
        found = targets.limits(nps, lineage, date.fromisoformat(day))
        return found and (found.good, found.critical)

    assert limits([NETWORK], "2025-12-31") == (declared.good, declared.critical)
    assert limits([NETWORK], "2026-06-01") == (50, 30)
    assert limits([NETWORK, NORTH], "2026-02-28") == (50, 30)
    assert limits([NETWORK, NORTH], "2026-03-01") == (45, 20)
    assert limits([NETWORK, NORTH, STORE], "2026-04-30") == (45, 20)
    assert limits([NETWORK, NORTH, STORE], "2026-05-01") == (60, 40)
    assert limits([NETWORK, NORTH, OTHER], "2026-05-01") == (45, 20)


def test_a_correction_of_the_same_day_takes_its_place_and_a_withdrawal_gives_the_declared_limits_back(state):
    targets, nps, day = Targets(state), catalog.metric("nps"), date(2026, 6, 1)
    targets.set(override("nps", NETWORK, "2026-01-01", Limits(50, 30)))
    targets.set(override("nps", NETWORK, "2026-01-01", Limits(52, 30)))
    assert targets.limits(nps, [NETWORK], day) == Limits(52, 30, date(2026, 1, 1))
    targets.set(override("nps", NETWORK, "2026-05-01", None))
    assert targets.limits(nps, [NETWORK], day) == nps.limits_on(day)
    assert targets.limits(nps, [NETWORK], date(2026, 4, 30)) == Limits(52, 30, date(2026, 1, 1))
    assert targets.every()[0].limits is None
    assert len(targets.every()) == 3


def test_a_band_keeps_both_its_ends(state):
    targets, util = Targets(state), catalog.metric("bay_util")
    targets.set(override("bay_util", NORTH, "2026-01-01", Band((0.6, 0.8), (0.5, 0.9))))
    assert targets.limits(util, [NETWORK, NORTH], date(2026, 2, 1)) == Band(
        (0.6, 0.8), (0.5, 0.9), date(2026, 1, 1)
    )


def test_limits_that_make_no_sense_are_refused_and_change_nothing(state):
    targets = Targets(state)
    before = targets.stamp()
    for metric, limits in (
        ("nps", Limits(20, 40)),
        ("nps", Band((1, 2), (0, 3))),
        ("bay_util", Limits(1, 2)),
    ):
        with pytest.raises(BadRequest):
            targets.set(override(metric, NETWORK, "2026-01-01", limits))
    with pytest.raises(UnknownName):
        targets.set(override("npss", NETWORK, "2026-01-01", Limits(50, 30)))
    assert targets.stamp() == before == 0
    targets.set(override("nps", NETWORK, "2026-01-01", Limits(50, 30)))
    assert targets.stamp() > before
