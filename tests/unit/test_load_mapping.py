"""A mapping that is wrong is refused with the key, what is wrong and what would be right, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

import data_access.load
from data_access.load.errors import InputRefused, MappingRefused
from data_access.load.mapping import parse_mapping, read_mapping
from tests.unit.load_sample import MAPPING, mapping

SMALL = """
[columns]
work_order_id = "id"
store_id = "store"
arrived_at = "in"
service_kind = "kind"

[constants]
order_type = "customer_pay"

[stores]
region = "east"
province = "310000"
city = "310100"
"""


def refusal(text: str) -> MappingRefused:
    with pytest.raises(MappingRefused) as refused:
        parse_mapping(text)
    return refused.value


def test_small_and_large_mappings_are_understood() -> None:
    small = parse_mapping(SMALL)
    assert small.columns["arrived_at"].column == "in"
    assert small.rules.duplicates == "first"
    assert mapping().columns["clock_hours"].unit == "min"
    assert mapping().values["order_type"]["自费"] == "customer_pay"


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("[fil]\nencoding = 'utf-8'", "[fil]", "file"),
        ("[file]\nencodng = 'utf-8'", "[file] encodng", "encoding"),
        ("[rules]\nduplicate = 'first'", "[rules] duplicate", "duplicates"),
        ("[rules.repair]\nservice_kinds = ['repair']", "[rules.repair] service_kinds", "service_kind"),
        ("[values.servce_kind]\na = 'repair'", "[values] servce_kind", "service_kind"),
        ("[places]\nx = { zh = 'a', eng = 'b', en = 'b' }", "[places] x.eng", "en"),
        ("[columns.odometer_km]\ncolumn = 'km'\nunits = 'km'", "[columns] odometer_km.units", "unit"),
        ("[columns.arived_on]\ncolumn = 'in'", "[columns] arived_on", "arrived_on"),
        ("[constants.work_order]\n", "[constants] work_order", "a text in quotation marks"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_with_the_nearest(text: str, key: str, near: str) -> None:
    public = refusal(SMALL + text).public
    for words in public:
        assert key in words
    assert near in public.en
    assert "Did you mean" in public.en or "right would be" in public.en


def test_an_unknown_store_key_and_field(tmp_path: Path) -> None:
    assert "[stores] regoin" in (told := refusal(SMALL.replace("region", "regoin")).public.en)
    assert "region" in told.replace("regoin", "")
    public = refusal(SMALL.replace("arrived_at", "arived_at")).public
    assert (
        public.en
        == "[columns] arived_at: There is no field “arived_at”. Did you mean arrived_at, arrived_on, promised_at?"
    )
    assert (
        public.zh_cn
        == "[columns] arived_at：没有名为“arived_at”的字段。您是否想找 arrived_at、arrived_on、promised_at？"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"in"', "7", "[columns] arrived_at: 7 is not right here; right would be the name of a column"),
        ('"in"', '{ format = "%Y" }', "[columns] arrived_at.column: this is needed; the name of a column"),
        ('"in"', '{ column = "" }', "[columns] arrived_at.column: '' is not right here; right would be a text"),
        ('"customer_pay"', "[]", "[constants] order_type: [] is not right here"),
        ("[stores]", "[file]\nencoding = 'latin-1'\n[stores]", "right would be one of 'utf-8', 'gb18030'"),
        ("[stores]", "[file]\nempty = '-'\n[stores]", "right would be a list such as"),
        ("[stores]", "[rules]\nyears = ['a']\n[stores]", "[rules] years.0: 'a' is not right here; right would be a number"),
        ("[stores]", "[rules]\nmost_rejected = 2.0\n[stores]", "right would be a share from 0 to 1"),
        ("[stores]", "[values]\norder_type = 'a'\n[stores]", "[values] order_type: 'a' is not right here"),
        ("[stores]", "[places]\nx = { zh = 'a' }\n[stores]", "[places] x.en: this is needed; a text"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(old: str, new: str, told: str) -> None:
    assert told in refusal(SMALL.replace(old, new)).public.en


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('work_order_id = "id"', "", "[columns] work_order_id: this is needed; name its column"),
        ('arrived_at = "in"', "", "[columns] arrived_at: this is needed; name the column of the arrival"),
        ('region = "east"', "", '[stores] region: this is needed; give region = "…" for all stores'),
        ('region = "east"', 'region = "west"', "[stores] region: “west” is not right; right would be one of north,"),
        ('"customer_pay"', '"gift"', "[constants] order_type: “gift” is not right; right would be one of customer_pay,"),
        ("[constants]", "[constants]\nstore_id = 'S'", "[columns] store_id: stands in [columns] and in [constants]"),
        ("[constants]", "[constants]\narrived_on = 'S'", "[constants] arrived_on: a time cannot be the same"),
        ("[constants]", "[constants]\nodometer_km = -1", "[constants] odometer_km: “-1” is not a number from 0"),
        ("[constants]", "arrived_on = 'd'\n[constants]", "[columns] arrived_on: arrived_at and arrived_on are both given"),
        ("[constants]", "plate = 'p'\n[constants]", "[columns] plate: needs vehicle_id as well"),
        ("[constants]", "odometer_km = {column='k', unit='m'}\n[constants]", "there is no unit “m” here; right would be km, mi"),
        ("[constants]", "vehicle_id = {column='k', unit='m'}\n[constants]", "[columns] vehicle_id.unit: unit is for numbers"),
        ("[constants]", "vehicle_id = {column='k', format='%Y'}\n[constants]", "format is for times and days only"),
        ('"in"', "{column='in', format='%Q'}", "“%Q” is not a date format"),
        ('"in"', "{column='in', format='%Y-%m-%d'}", "has no hour (%H). Map a column that knows only the day as arrived_on"),
        ("[constants]", "[values.service_kind]\na = 'fix'\n[constants]", "[values.service_kind] a: “fix” is not right"),
        ("[constants]", "[values.service_kind]\ndefault = 'keep'\n[constants]", "[values.service_kind] default: “keep”"),
        ("[constants]", "[values.powertrain]\na = 'BEV'\n[constants]", "[values] powertrain: needs [columns] powertrain as well"),
        ("[constants]", "[values.arrived_at]\na = 'b'\n[constants]", "only texts and choices have [values]"),
        ("[constants]", "[file]\ntime_zone = 'Asia/Shangai'\n[constants]", "“Asia/Shangai” is not a time zone"),
        ("[constants]", "[file]\ndelimiter = '||'\n[constants]", "[file] delimiter: a delimiter is one character"),
        ("[constants]", "[rules]\nyears = [2030, 2015]\n[constants]", "[rules] years: write the first and the last"),
        ("[constants]", "[rules.repair]\nservice_kind = ['fix']\n[constants]", "[rules.repair] service_kind: “fix”"),
        ("[constants]", "delivered_on = 'd'\n[rules]\nhandover_day = 'arrival'\n[constants]", "handover is mapped"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(old: str, new: str, told: str) -> None:
    public = refusal(SMALL.replace(old, new)).public
    assert told in public.en
    assert len(public.en.splitlines()) == len(public.zh_cn.splitlines())
    assert public.en != public.zh_cn
    assert "{" not in public.en.replace('{column = "…"}', "")


def test_hours_are_not_counted_from_a_day() -> None:
    by_day = SMALL.replace(
        'arrived_at = "in"', 'arrived_on = "in"\nwork_started_at = "w"\ndelivered_at = "d"'
    )
    told = refusal(by_day).public.en.splitlines()
    assert [line.split(":")[0] for line in told] == ["[columns] work_started_at", "[columns] delivered_at"]
    assert told[1].endswith("Leave it out, or map it as delivered_on.")


def test_every_fault_is_told_at_once() -> None:
    twice = (
        SMALL.replace('"east"', '"west"')
        .replace('"customer_pay"', '"gift"')
        .replace('store_id = "store"', "")
    )
    assert len(refusal(twice).public.en.splitlines()) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[columns\n", "“m.toml” is not a TOML file: "),
        (b"a = 1\na = 2", "“m.toml” is not a TOML file: "),
        ("[stores]\nregion = '华东'".encode("gb18030"), "“m.toml” is not UTF-8; save it as UTF-8."),
        (b"", "[columns]: this is needed; a table such as [columns]."),
    ],
)
def test_a_file_that_is_no_mapping(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(content)
    with pytest.raises(MappingRefused) as refused:
        read_mapping(path)
    assert told in refused.value.public.en


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"There is no file “.*m\.toml”"):
        read_mapping(tmp_path / "m.toml")
    with pytest.raises(InputRefused, match="is a directory"):
        read_mapping(tmp_path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MAPPING, encoding="utf-8-sig")
    assert read_mapping(path) == mapping()


def test_the_shipped_mappings_are_sound_and_leave_damaged_columns_alone() -> None:
    paths = sorted((Path(data_access.load.__file__).parent / "mappings").glob("*.toml"))
    assert [path.name for path in paths] == ["cincinnati_fleet.toml"]
    for path in paths:
        columns = {column.column for column in read_mapping(path).columns.values()}
        assert not [name for name in columns if name.endswith("_damaged")]
