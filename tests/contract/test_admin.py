"""Administration: what administrators change takes effect and is written down; nobody else reaches it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kpi import catalog
from kpi.metric import Limits
from kpi.organisation import OrgUnit, Site
from kpi.text import Text
from operations.audit import Audit
from operations.people import People
from operations.targets import InForce, Override, Targets
from tests.contract.micro_network import AS_OF
from tests.entering import signed_in

DOORS = ("/admin/people", "/admin/person", "/admin/targets", "/admin/view-as")


@pytest.fixture(scope="module")
def admin(micro_on, read_as):
    return read_as(micro_on("duckdb"), AS_OF, "administrator")


@pytest.fixture
def app(admin):
    return admin.application


def newest(app):
    return Audit(app.extensions["state"]).found()[0]


@pytest.mark.parametrize(
    "role",
    ["executive", "regional_manager", "store_manager", "marketing", "supply_chain", "hr", "data_steward"],
)
def test_nobody_else_reaches_the_administration(app, role):
    units = {"regional_manager": "region:north", "store_manager": "store:S1"}.get(role, "network")
    client = signed_in(app, role, units)
    assert [client.get(path).status_code for path in ("/admin", "/audit")] == [403, 403]
    assert [client.post(path).status_code for path in DOORS] == [403] * 4
    assert "/admin" not in client.get("/glossary").text


def test_the_administrator_sees_neither_boards_nor_lists(admin):
    for path in ("/churn", "/technicians", "/orders", "/export/call_list.csv", "/export/members.csv"):
        assert admin.get(path).status_code == 403, path
    assert admin.get("/", headers={"Accept": "text/html"}).location == "/admin"


def test_a_person_is_made_changed_and_barred_and_each_is_written_down(app, admin):
    form = {
        "login": "li",
        "name": "Li",
        "role": "regional_manager",
        "units": "region:north",
        "password": "three unrelated words",
    }
    assert admin.post("/admin/people", data=form).status_code == 303
    assert "three unrelated words" not in str(Audit(app.extensions["state"]).found())
    client = signed_in(app, "regional_manager", "region:north", login="li")
    assert client.get("/stations").status_code == 200
    admin.post("/admin/person", data={"login": "li", "role": "hr", "units": "store:S1", "active": "yes"})
    assert client.get("/parts").status_code == 403
    assert newest(app).act == "refused"
    admin.post("/admin/person", data={"login": "li", "role": "hr", "units": "store:S1", "active": "no"})
    assert client.get("/technicians").status_code == 401
    assert newest(app).detail["after"] == ["hr", "store:S1", False]


@pytest.mark.parametrize(
    ("role", "units"),
    [
        ("executive", "region:north"),
        ("store_manager", "network"),
        ("regional_manager", "region:north,store:S1"),
        ("wizard", "network"),
        ("hr", ""),
        ("hr", "planet:earth"),
    ],
)
def test_a_role_for_the_wrong_units_is_refused_in_words_and_changes_nothing(app, admin, role, units):
    answer = admin.post("/admin/people", data={"login": "zhao", "name": "Z", "role": role, "units": units})
    assert answer.status_code in (400, 404) and 'role="alert"' in answer.text
    assert People(app.extensions["state"]).find("zhao") is None


def target(admin, **more):
    form = {
        "metric": "nps",
        "unit": "region:north",
        "from": "2026-07-01",
        "good": "55",
        "critical": "35",
        "why": "agreed",
    }
    return admin.post("/admin/targets", data=form | more)


def test_a_target_holds_from_its_day_on_and_the_trail_says_who_and_why(app, admin):
    assert target(admin).status_code == 303
    nps, lineage = catalog.metric("nps"), (OrgUnit(), OrgUnit("region", "north"))
    targets = Targets(app.extensions["state"])
    assert targets.limits(nps, lineage, date(2026, 7, 1)) == Limits(55, 35, date(2026, 7, 1))
    assert targets.limits(nps, lineage, date(2026, 6, 30)) == nps.limits_on(date(2026, 6, 30))
    entry = newest(app)
    assert (entry.act, entry.subject, entry.detail["why"]) == ("target_changed", "nps", "agreed")
    assert "agreed" in admin.get("/admin").text


def status(client, unit, period):
    page = client.get(f"/stations?unit={unit}&period={period}").text
    return re.search(r'data-kpi="bay_util"[^>]*?data-status="(\w+)"', page)[1]


def test_a_past_period_is_judged_by_the_limits_of_its_days_as_soon_as_they_are_set(app, admin):
    """S1 worked 155 of 1,080 minutes in the week of 1 June and none in that of 22 June: red by the declared band. From 22
    June on no more than 10 % is asked of it. Its city, of which it has 1,080 of 1,620 minutes, keeps the declared band."""
    reader = signed_in(app, "executive")
    early, late = "2026-06-01..2026-06-07", "2026-06-22..2026-06-28"
    assert [status(reader, "store:S1", week) for week in (early, late)] == ["critical", "critical"]
    band = {"good": "0", "good_high": "0.10", "critical": "0", "critical_high": "0.20", "from": "2026-06-22"}
    assert target(admin, metric="bay_util", unit="store:S1", **band).status_code == 303
    assert [status(reader, "store:S1", week) for week in (early, late)] == ["critical", "good"]
    assert status(reader, "city:110100", late) == "critical"
    assert status(signed_in(app, "store_manager", "store:S1"), "store:S1", late) == "good"


def test_of_all_limits_above_a_unit_the_nearest_hold() -> None:
    place = {"region": "north", "province": "110000", "city": "110100", "store_type": "", "tier": ""}
    site = Site("S1", Text("a", "a"), 0.0, 0.0, **place)
    day, nps = date(2026, 6, 1), catalog.metric("nps")

    def set_for(unit, good):
        return Override("nps", unit, day, Limits(good, 10, day), "a", AS_OF, "b")

    both = [set_for(OrgUnit(), 60), set_for(OrgUnit("province", "110000"), 50)]
    found = InForce(both, [OrgUnit()], [site])
    asked = (OrgUnit("store", "S1"), OrgUnit("region", "north"), OrgUnit("technician", "T1"))
    assert [found.limits(nps, unit, day).good for unit in asked] == [50, 60, 60]
    assert found.limits(nps, OrgUnit("store", "S1"), date(2026, 5, 31)) == nps.limits_on(day)


@pytest.mark.parametrize(
    "wrong",
    [
        {"good": "20"},
        {"good": "many"},
        {"good": "nan"},
        {"critical": ""},
        {"from": "soon"},
        {"why": " "},
        {"metric": "npss"},
        {"unit": "region:atlantis"},
        {"metric": "bay_util"},
    ],
)
def test_a_target_that_makes_no_sense_is_refused_and_changes_nothing(app, admin, wrong):
    before = Targets(app.extensions["state"]).stamp()
    answer = target(admin, **wrong)
    assert answer.status_code in (400, 404) and 'role="alert"' in answer.text
    assert Targets(app.extensions["state"]).stamp() == before


def test_looking_through_other_eyes_is_marked_on_every_page_written_down_and_ends(app, admin):
    asked = admin.post("/admin/view-as", data={"role": "store_manager", "units": "store:S1"})
    assert asked.location == "/today"
    assert (newest(app).act, newest(app).subject) == ("viewed_as", "store_manager")
    for path in ("/", "/stations", "/account", "/nowhere"):
        page = admin.get(path).text
        # A word of its own: secrets are random letters, and any two stand in one of them some day.
        assert 'class="viewing"' in page and not re.search(r"\bS2\b", page), path
    assert admin.get("/admin").status_code == 403
    assert newest(app).detail["viewed_as"] == ["store_manager", "store:S1"]
    assert admin.get("/view-as/stop").location == "/admin"
    assert 'class="viewing"' not in admin.get("/admin").text


def test_the_trail_is_narrowed_by_person_act_and_day(app, admin):
    signed_in(app, "hr", login="sun").get("/churn")
    page = admin.get("/audit?who=sun&act=refused").text
    assert page.count("<tr>") == 2 and "/churn" in page
    assert admin.get("/audit?since=2026-07-02").text.count("<tr>") == 0
    assert admin.get("/audit?since=yesterday").status_code == 400
