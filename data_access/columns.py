"""How a table of the warehouse contract is written down: one short word for each kind of column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, MetaData, String, Table
from sqlalchemy.types import TypeEngine

METADATA = MetaData()


def _table(name: str, doc: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns, comment=" ".join(doc.split()))


def _column(name: str, kind: type[TypeEngine[Any]], comment: str = "", null: bool = False) -> Column[Any]:
    return Column(name, kind, nullable=null, comment=comment or None)


def _id(name: str, null: bool = False, comment: str = "") -> Column[Any]:
    return _column(name, String, comment, null)


def _text(name: str, comment: str = "", null: bool = False) -> Column[Any]:
    return _column(name, String, comment, null)


def _day(name: str, comment: str = "", null: bool = False) -> Column[Any]:
    return _column(name, Date, comment, null)


def _time(name: str, comment: str = "", null: bool = False) -> Column[Any]:
    return _column(name, DateTime, comment, null)


def _number(name: str, comment: str = "", null: bool = False) -> Column[Any]:
    return _column(name, Double, comment, null)


def _count(name: str, comment: str = "", null: bool = False) -> Column[Any]:
    return _column(name, BigInteger, comment, null)


def _flag(name: str, comment: str = "") -> Column[Any]:
    return _column(name, Boolean, comment)
