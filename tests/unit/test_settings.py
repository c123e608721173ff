"""Settings: read once, wrong ones refused with what would be right."""

from __future__ import annotations

from datetime import datetime

import pytest

from kpi.errors import BadSetting
from settings import Settings


def test_a_misspelt_setting_is_refused_with_the_nearest_name():
    with pytest.raises(BadSetting) as caught:
        Settings.read({"PITWALL_WAREHOUS_URL": "x"})
    assert "PITWALL_WAREHOUSE_URL" in caught.value.public.en
    assert "PITWALL_WAREHOUSE_URL" in caught.value.public.zh_cn


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PITWALL_CLOCK", "soon"),
        ("PITWALL_QUERY_SECONDS", "-1"),
        ("PITWALL_QUERY_ROWS", "many"),
        ("PITWALL_LOG_LEVEL", "LOUD"),
        ("PITWALL_OIDC_ISSUER", "http://login.example.com"),
        ("PITWALL_OIDC_ISSUER", "login.example.com"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named(name, text):
    with pytest.raises(BadSetting) as caught:
        Settings.read({name: text})
    assert name in caught.value.public.en


def test_half_a_provider_is_refused_and_the_missing_half_named():
    given = {"PITWALL_OIDC_ISSUER": "https://login.example.com", "PITWALL_OIDC_CLIENT_ID": "pitwall"}
    with pytest.raises(BadSetting) as caught:
        Settings.read(given)
    assert "PITWALL_OIDC_CLIENT_SECRET" in caught.value.public.en
    assert Settings.read({**given, "PITWALL_OIDC_CLIENT_SECRET": "x"}).oidc_client_id == "pitwall"


def test_other_programs_settings_are_none_of_ours():
    assert Settings.read({"HOME": "/", "PITWALL_QUERY_ROWS": "5"}).query_rows == 5


def test_the_clock_can_be_stopped():
    assert Settings.read({"PITWALL_CLOCK": "2026-11-20T10:40:00"}).now() == datetime(2026, 11, 20, 10, 40)
