"""What a verdict says in words: its state, how long it has lasted, whether the movement is signal, and what stands behind."""

from __future__ import annotations

from datetime import date, timedelta

from components import format, html, wording
from components import status_wording as words
from components.html import Element
from components.reader import Reader
from components.svg import Svg, mark, movement
from components.wording import PIECE_END
from kpi import catalog
from kpi.answer import Answer
from kpi.metric import Direction, Metric
from kpi.stored import Place, StoredStatus
from kpi.text import Text, joined
from kpi.variation import Assurance, Variation
from kpi.verdict import Reason, Status, Verdict, green_limit, weeks_on_target


def word(verdict: Verdict) -> Text:
    """The status; of an unknown one the reason."""
    if verdict.half:
        return words.HALF
    return (
        wording.REASON[verdict.reason] if verdict.status is Status.UNKNOWN else wording.STATUS[verdict.status]
    )


def until(answer: Answer) -> date:
    """The day up to which a status has lasted: the last complete one."""
    return answer.as_of.date() - timedelta(1)


def bad_days(verdict: Verdict, last: date) -> int | None:
    """For how long it has been a bad one; None when it is not, or nobody knows."""
    if verdict.stored is None or verdict.status not in (Status.CRITICAL, Status.WARNING):
        return None
    return verdict.stored.days(last) or None


def times(verdict: Verdict) -> int | None:
    """The how manieth time this quarter, from the second on."""
    stored = verdict.stored
    return stored.times if stored and bad_days(verdict, stored.day) and stored.times > 1 else None


def lasting(verdict: Verdict, days: int | None) -> Text:
    """The status and how long it has lasted: "告警 6 天,本季第 3 次"."""
    said = word(verdict)
    if not days or verdict.status not in (Status.CRITICAL, Status.WARNING):
        return said
    said = words.LASTING.filled(state=said, days=days)
    again = times(verdict)
    return joined([said, words.AGAIN.filled(times=again)], PIECE_END) if again else said


def state(verdict: Verdict, reader: Reader, days: int | None = None) -> Element:
    """Shape and word of a verdict, and how long it has lasted."""
    told = reader.told(lasting(verdict, days))
    return html.Span([mark(verdict.status, half=verdict.half), told], className="state")


def signals(metric: Metric, verdict: Verdict, reader: Reader, series: Answer | None = None) -> Element | None:
    """The other two facts: is the movement signal or noise, and will the process reach its target by itself? `series`
    are the metric's weeks: they tell for how long a red that recovers has been on target."""
    if verdict.status is Status.UNKNOWN or verdict.limits is None:
        return None
    if verdict.stored is None:
        return html.P(reader.told(words.MOMENTARY), className="signals")
    pieces: list[Element] = [
        html.Span(piece) for piece in _signals(metric, verdict, verdict.stored, reader, series)
    ]
    since = words.BY_WEEKS.filled(day=format.day(verdict.stored.day, reader))
    return html.P(pieces, className="signals", title=reader.told(since)) if pieces else None


def _signals(
    metric: Metric, verdict: Verdict, stored: StoredStatus, reader: Reader, series: Answer | None
) -> list[list[Element | str]]:
    found: list[list[Element | str]] = []
    if stored.variation is not Variation.NONE:
        drawn = Svg(movement(rises(stored.variation, metric.direction)), className="movement")
        found.append([drawn, reader.told(words.VARIATION[stored.variation])])
    if stored.assurance is not Assurance.NONE:
        found.append([reader.told(words.ASSURANCE[stored.assurance])])
    remark = _not_yet(verdict, stored, series) or apart(metric, verdict, reader)
    if remark:
        found.append([reader.told(remark)])
    if verdict.half and metric.guard:
        found.append([reader.told(words.HALF_BECAUSE.filled(guard=catalog.metric(metric.guard).name))])
    return found


def _not_yet(verdict: Verdict, stored: StoredStatus, series: Answer | None) -> Text | None:
    weeks = weeks_on_target(series, stored) if series and verdict.reason is Reason.RECOVERING else 0
    return words.BACK_FOR.filled(weeks=weeks) if weeks else words.NOT_YET.get(verdict.reason)


def apart(metric: Metric, verdict: Verdict, reader: Reader, series: Answer | None = None) -> Text | None:
    """Why a mark says something else than the value beside it; None where both say the same.

    The status is that of complete weeks, the value that of the days shown.
    """
    stored, bad = verdict.stored, verdict.status in (Status.CRITICAL, Status.WARNING)
    if stored is None or verdict.gap is None or verdict.status is Status.UNKNOWN or bad == bool(verdict.gap):
        return None
    not_yet, day = _not_yet(verdict, stored, series), format.day(stored.day, reader)
    if not_yet or metric.plan:  # of which the status keeps the amount and no share
        return not_yet or (words.PLAN_MISSED if bad else words.PLAN_KEPT).filled(day=day)
    value = format.phrase(stored.value, metric.unit, reader, beside=green_limit(stored.limits, stored.side))
    return words.MADE_FROM.filled(day=day, value=value)


def rises(found: Variation, direction: Direction) -> int:
    """1 the movement is upward, -1 downward, 0 there is none."""
    up = {
        Variation.NEUTRAL_HIGH: 1,
        Variation.NEUTRAL_LOW: -1,
        Variation.IMPROVEMENT: -1 if direction is Direction.LOWER else 1,
        Variation.CONCERN: 1 if direction is Direction.LOWER else -1,
    }
    return up.get(found, 0)


def standing(place: Place) -> Text:
    """Tier and rank interval in a line."""
    told = words.RANK_RANGE.filled(low=place.low, high=place.high, of=place.of)
    tier = words.TIER.get(place.tier)
    return joined([words.TIER_OF.filled(tier=tier), told], PIECE_END) if tier else told
