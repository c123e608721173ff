"""What every board does: ask its metrics for the view, judge them, and show them worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components import html, wording
from components.floor_wording import STORE_BUTTON
from components.headline import Finding, headline
from components.html import Element
from components.listing import LONGEST_TABLE, listing
from components.region_strip import member_table
from components.state import bad_days, until
from components.tile import LEADS, tile, tile_grid
from kpi import catalog
from kpi.answer import Answer
from kpi.listing import ListQuestion
from kpi.question import Grain, Period, Question
from kpi.text import Text, same
from kpi.verdict import Status, Verdict, worst_first
from pages import _request
from pages._judging import Judge, judging
from pages._request import View

TREND_WEEKS, DRIVERS, ATTENTION = 13, 2, 12


@dataclass(frozen=True)
class Board:
    """The answers of a board, in the order a reader should see them."""

    view: View
    answers: Mapping[str, Answer]
    trends: Mapping[str, Answer]
    judge: Judge
    judged: Mapping[str, Verdict]
    names: Mapping[str, Text]
    """Of the units that the view is split into."""
    beside: Sequence[Answer] = ()
    """What stands in the table of units alone."""

    @classmethod
    def asked(cls, view: View, metrics: tuple[str, ...], beside: tuple[str, ...] = ()) -> Board:
        """`beside` are metrics that stand in the table of units alone."""
        desk, scope = _request.desk(), _request.scope()
        below = view.unit.below
        every = metrics + (beside if below else ())
        question = Question(
            metrics=every, period=view.period, compare=view.compare, split=below, only=view.only
        )
        weeks = Question(
            metrics=metrics,
            period=Period.whole_weeks(desk.last_complete_day, TREND_WEEKS),
            grain=Grain.WEEK,
            only=view.only,
        )
        found = desk.ask(question, scope)
        answers = {key: found[key] for key in metrics}
        judge = judging(view, metrics, view.unit.kind, below)
        return cls(
            view=view,
            answers=answers,
            trends=desk.ask(weeks, scope),
            judge=judge,
            judged={key: judge(answer, answer.total) for key, answer in answers.items()},
            names=desk.names(below, scope) if below else {},
            beside=[found[key] for key in every[len(metrics) :]],
        )

    @staticmethod
    def ahead(view: View, metrics: tuple[str, ...], *others: Question | ListQuestion) -> None:
        """Begins to ask for the stores that need attention, and whatever else a page is going to ask."""
        stores = (
            []
            if view.unit.below in (None, "store") or _request.reader().screen
            else [_of_stores(view, metrics)]
        )
        _request.desk().ahead([*others, *stores], _request.scope())

    def without(self, metric: str) -> Board:
        """The board with one metric less."""
        return replace(self, answers={key: found for key, found in self.answers.items() if key != metric})

    @property
    def order(self) -> list[str]:
        return sorted(self.answers, key=lambda key: worst_first(self.answers[key].metric, self.judged[key]))

    def tiles(self, notes: Mapping[str, Text] | None = None) -> Element:
        """`notes` are one more line of some metrics."""
        reader, order = _request.reader(), self.order
        return tile_grid(
            [
                tile(
                    self.answers[key],
                    self.judged[key],
                    reader,
                    unit=str(self.view.unit),
                    series=self.trends[key],
                    lead=place < LEADS.get(len(order), 0),
                    href=None if reader.screen else self.view.href(f"/metric/{key}"),
                    note=(notes or {}).get(key),
                )
                for place, key in enumerate(order)
            ]
        )

    def headline(self) -> Element:
        """The metrics as a whole, and the regions that are red in one that is not."""
        regional = [finding for key in self.order for finding in self._red_regions(key)]
        return headline([*(self._finding(key) for key in self.order), *regional], _request.reader())

    def members(self) -> Element | None:
        """The units one step down the drill path, worst first; None at a store."""
        below = self.view.unit.below
        if below is None or _request.reader().screen:
            return None
        title = wording.REGIONS if below == "region" else catalog.dimension(below).name
        answers = [*(self.answers[key] for key in self.order), *self.beside]
        return member_table(
            answers,
            self.judge,
            self.names,
            _request.reader(),
            self.href_of,
            title=title,
            export_href=self.view.export_members([answer.metric.key for answer in answers], below),
            cell_href=lambda member, key: self.view.href(f"/metric/{key}", unit=f"{below}:{member}"),
        )

    def attention(self) -> Element | None:
        """Single stores of the view, worst first; at a store or just above, `members` already shows them."""
        if self.view.unit.below in (None, "store") or _request.reader().screen:
            return None
        desk, scope = _request.desk(), _request.scope()
        answers = desk.ask(_of_stores(self.view, tuple(self.answers)), scope)
        judge = judging(self.view, self.order, "store")
        return member_table(
            [answers[key] for key in self.order],
            judge,
            desk.names("store", scope),
            _request.reader(),
            lambda store: self.view.href(unit=f"store:{store}"),
            title=wording.ATTENTION,
            most=ATTENTION,
            glance_of=judge.glance,
            export_href=self.view.export_members(self.order, "store"),
            cell_href=lambda store, key: self.view.href(f"/metric/{key}", unit=f"store:{store}"),
        )

    def today_link(self) -> Element | None:
        """At a store, the way to its running day."""
        if self.view.unit.kind != "store":
            return None
        reader, member = _request.reader(), self.view.unit.member
        links = ((wording.STORE_TODAY, "/today"), (STORE_BUTTON, ""))
        return html.P(
            [
                html.Link(
                    reader.told(name), href=self.view.page_of("store", member, tail), className="button"
                )
                for name, tail in links
            ],
            className="actions",
        )

    def name_of(self, member: str) -> Text:
        return self.names.get(member, same(member))

    def href_of(self, member: str) -> str:
        return self.view.href(unit=f"{self.view.unit.below}:{member}")

    def _red_regions(self, key: str) -> list[Finding]:
        """A healthy network can hide a sick region."""
        answer = self.answers[key]
        if self.view.unit.below != "region" or self.judged[key].status is Status.CRITICAL:
            return []
        judged = (
            (member, row.now, self.judge(answer, row.now, member)) for member, row in answer.by_member.items()
        )
        return [
            Finding(
                answer.metric,
                measured,
                verdict,
                place=self.name_of(member),
                days=bad_days(verdict, until(answer)),
            )
            for member, measured, verdict in judged
            if verdict.status is Status.CRITICAL
        ]

    def _finding(self, key: str) -> Finding:
        """What the headline says of a metric, with the units that drag it most."""
        answer, verdict = self.answers[key], self.judged[key]
        below = {member: self.judge(answer, row.now, member) for member, row in answer.by_member.items()}
        red = [member for member, found in below.items() if found.status is Status.CRITICAL]
        red.sort(key=lambda member: -below[member].shortfall)
        drag = red[:DRIVERS] if len(below) > 1 and verdict.status is not Status.GOOD else []
        days, places = bad_days(verdict, until(answer)), tuple(map(self.name_of, drag))
        return Finding(answer.metric, answer.total, verdict, days=days, drivers=places)


def _of_stores(view: View, metrics: tuple[str, ...]) -> Question:
    return Question(metrics=metrics, period=view.period, split="store", only=view.only)


def table(
    view: View,
    key: str,
    *,
    top: int | None = None,
    metric: str | None = None,
    note: bool = False,
    title: Text | None = None,
) -> Element:
    """A listing of the view, with its files; `top` shows the first rows only, `note` says how they were chosen."""
    listed = _request.desk().list(
        view.arranged_listing(key, metric), _request.scope(), most=top or LONGEST_TABLE
    )
    if view.unit.kind == "store":
        listed = listed.of_one_store()
    return listing(
        listed,
        _request.reader(),
        href_of=view.thing,
        export_href=view.export(key, metric=metric),
        arrange=view.arrange(key),
        title=title,
        top=top,
        note=note,
    )
