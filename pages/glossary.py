"""指标字典: what does each number mean, how is it made, when is it red? For everybody."""

from __future__ import annotations

from typing import Any

from components.glossary import glossary
from components.html import Element
from kpi.catalog import AREAS
from pages import _frame, _request

_frame.register_page(__name__, "/glossary")


def layout(**_: Any) -> Element:
    return _frame.plain("/glossary", [glossary(AREAS, _request.reader())])
