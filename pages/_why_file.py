"""The tables of "why is it red" as listings: for a file, with all of their parts."""

from __future__ import annotations

from collections.abc import Sequence

from components import format, wording
from components.why import Part, Split, pieces_of
from kpi.answer import Answer
from kpi.errors import UnknownName
from kpi.listing import Column, Listed, Listing, ListQuestion, Value
from kpi.text import Text
from pages import _request
from pages._board import Board
from pages._request import View
from pages._why import KEY, SINCE, splits_of


def as_listing(view: View, metric: str, table: str) -> Listed:
    """One of the tables for a file, with all of its parts. Raises UnknownName for one that the metric has not here."""
    board = Board.asked(view, (metric,))
    answer, verdict = board.answers[metric], board.judged[metric]
    found = {split.key: split for split in splits_of(board, answer, verdict)}
    if table not in found:
        raise UnknownName(wording.SPLIT_TABLE, table, found)
    split = found[table]
    pieces = pieces_of(split.parts, answer.metric)
    rows = tuple(
        _row(part, [piece for piece, _ in pieces]) for part in split.ordered(answer.metric, verdict.side)
    )
    listing = Listing(
        key=KEY,
        name=wording.ASPECT.filled(name=answer.metric.name, aspect=split.title),
        description=_told(answer, split),
        columns=(
            Column("unit", wording.KEY_OF.filled(name=split.of)),
            Column("name_zh", split.of),
            Column("name_en", wording.IN_ENGLISH.filled(name=split.of)),
            Column("code", wording.SUMMED_AS),
            Column("whole", wording.PART_OF_GAP, answer.metric.unit),
            *(Column(piece, words, answer.metric.unit) for piece, words in pieces),
        ),
        id_column="name_en",
    )
    return Listed(listing, ListQuestion(listing=KEY, period=view.period), answer.as_of, rows)


def _row(part: Part, pieces: Sequence[str]) -> dict[str, Value]:
    named = {"unit": part.share.member or None, "name_zh": part.name.zh_cn, "name_en": part.name.en}
    return (
        named
        | {"code": part.code or None}
        | {piece: getattr(part.share, piece) for piece in ("whole", *pieces)}
    )


def _told(answer: Answer, split: Split) -> Text:
    """Which gap, over which days: those that answered may be others than those asked for."""
    days = f"{answer.window.first} – {answer.window.last}"
    gap = format.signed(split.gap, answer.metric.unit, _request.reader())
    before = answer.compare_window if split.key in SINCE else None
    if before is None:
        return wording.SPLIT_OF.filled(days=days, gap=gap)
    return wording.SPLIT_SINCE.filled(days=days, before=f"{before.first} – {before.last}", gap=gap)
