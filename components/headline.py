"""One sentence that says how things are, made from the numbers by grammar, in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components import format, html, wording
from components import status_wording as words
from components.attributes import aria, data
from components.html import Element
from components.reader import Reader
from components.state import apart, times
from components.svg import mark
from components.tile import plan_share
from kpi.answer import Measured
from kpi.metric import Band, Metric, Unit
from kpi.text import CLAUSES, Locale, Text, joined
from kpi.verdict import Reason, Side, Status, Verdict, green_limit, worst_first

MOST_CLAUSES, MOST_ON_WALL = 3, 2
_READERS = {locale: Reader(locale) for locale in Locale}


@dataclass(frozen=True)
class Finding:
    """What was found of one metric. `place` is where, when not everywhere; `drivers` are the units behind it."""

    metric: Metric
    measured: Measured
    verdict: Verdict
    place: Text | None = None
    days: int | None = None
    """How long the status has lasted."""
    drivers: tuple[Text, ...] = ()


def headline(findings: Sequence[Finding], reader: Reader) -> Element:
    """The sentence as the page's heading, and how many items stand in each status."""
    most = MOST_ON_WALL if reader.screen else MOST_CLAUSES
    said = html.H1(reader.told(sentence(findings, most)), **data(role="headline"))
    return html.Section(
        [said, tally([finding.verdict for finding in findings], reader)], className="headline"
    )


def sentence(findings: Sequence[Finding], most: int = MOST_CLAUSES) -> Text:
    """The worst first: alerts, else what to watch, else what is missing, else that all is calm. `most` are told in full."""
    judged = [finding for finding in findings if finding.verdict.reason is not Reason.NO_TARGET]
    ordered = sorted(judged, key=lambda finding: worst_first(finding.metric, finding.verdict))
    of = {status: [f for f in ordered if f.verdict.status is status] for status in Status}
    if not ordered:
        return wording.NOTHING_ASKED
    if of[Status.CRITICAL]:
        return _counted(wording.NEED_ACTION, of[Status.CRITICAL], most)
    if of[Status.WARNING]:
        return _counted(wording.NEED_CARE, of[Status.WARNING], most)
    if not of[Status.GOOD]:
        return wording.NOTHING_KNOWN.filled(items=_missing(of[Status.UNKNOWN]))
    if missing := of[Status.UNKNOWN]:
        return wording.NOTHING_ALARMING[len(missing) > 1].filled(n=len(missing), items=_missing(missing))
    return wording.ALL_CALM[len(judged) > 1].filled(n=len(judged), items=_met(judged))


def tally(verdicts: Sequence[Verdict], reader: Reader) -> Element:
    """Mark, word and number of each status that occurs; what has no target is counted apart, so that all add up."""
    counts = Counter(verdict.status for verdict in verdicts if verdict.reason is not Reason.NO_TARGET)
    items = [
        html.Li([mark(status), reader.told(wording.STATUS[status]), html.B(str(counts[status]))])
        for status in (Status.CRITICAL, Status.WARNING, Status.GOOD, Status.UNKNOWN)
        if counts[status]
    ]
    if untargeted := sum(verdict.reason is Reason.NO_TARGET for verdict in verdicts):
        word = reader.told(wording.REASON[Reason.NO_TARGET])
        items.append(html.Li([mark(Status.UNKNOWN), word, html.B(str(untargeted))]))
    return html.Ul(items, className="tally", **aria(label=reader.told(wording.TALLY)))


def _counted(forms: tuple[Text, Text], found: Sequence[Finding], most: int) -> Text:
    """How many, and the first of them in full."""
    clauses = [_missed(finding) for finding in found[:most]]
    left = len(found) - most
    if left > 0:
        clauses.append(wording.AND_MORE[left > 1].filled(n=left))
    return forms[len(found) > 1].filled(n=len(found), items=joined(clauses, CLAUSES))


def _missed(finding: Finding) -> Text:
    """Name and value, how far from target (or what else is said, when it is not far), since when, and because of whom."""
    pieces = [_valued(finding), *_shortfall(finding), *_apart(finding)]
    if finding.days:
        pieces.append(wording.SINCE.filled(days=finding.days))
        if again := times(finding.verdict):
            pieces.append(words.AGAIN.filled(times=again))
    if finding.drivers:
        pieces.append(wording.DRAGGED[len(finding.drivers) > 1].filled(places=_names(finding.drivers)))
    return joined(pieces, wording.PIECE_END)


def _valued(finding: Finding) -> Text:
    metric, limits = finding.metric, finding.verdict.limits
    value = _each(
        lambda reader: format.phrase(finding.measured.value, metric.unit, reader, beside=_beside(finding))
    )
    if not isinstance(limits, Band) or metric.plan:
        return wording.VALUED.filled(name=_name(finding), value=value)
    target = _each(lambda reader: format.target(limits, metric.direction, metric.unit, reader))
    return wording.WITH_TARGET.filled(name=_name(finding), value=value, target=target)


def _shortfall(finding: Finding) -> list[Text]:
    """The miss in words; a band already named its target."""
    metric, verdict, gap = finding.metric, finding.verdict, finding.verdict.gap
    if metric.plan:
        share = _each(lambda reader: plan_share(finding.measured, verdict, reader))
        return [wording.OF_PLAN.filled(share=share)]
    if isinstance(verdict.limits, Band) or not gap:
        return []
    far = _each(lambda reader: format.distance(gap, metric.unit, reader))
    return [(wording.BELOW if verdict.side is Side.LOW else wording.ABOVE).filled(gap=far)]


def _apart(finding: Finding) -> list[Text]:
    """What the weeks came to of which the status is, where the value of the days shown says something else."""
    told = {locale: apart(finding.metric, finding.verdict, reader) for locale, reader in _READERS.items()}
    en, zh = told[Locale.EN], told[Locale.ZH_CN]
    return [Text(en.en, zh.zh_cn)] if en and zh else []


def _met(found: Sequence[Finding]) -> Text:
    """The first few of those on target; what has a plan leads."""
    named = sorted(found, key=lambda finding: finding.metric.plan is None)[:MOST_CLAUSES]
    return joined([_reached(finding) for finding in named], wording.PIECE_END)


def _reached(finding: Finding) -> Text:
    if finding.metric.plan:
        share = _each(lambda reader: format.phrase(finding.measured.judged, Unit.SHARE, reader))
        return wording.AT_SHARE.filled(name=_name(finding), share=share)
    value = _each(lambda reader: format.phrase(finding.measured.value, finding.metric.unit, reader))
    return wording.VALUED.filled(name=_name(finding), value=value)


def _missing(found: Sequence[Finding]) -> Text:
    """Each by name while they are few, by reason when they are many."""
    if len(found) <= MOST_CLAUSES:
        return joined(
            [wording.MISSING.filled(name=_name(f), reason=_reason(f.verdict.reason)) for f in found],
            CLAUSES,
        )
    alike = Counter(finding.verdict.reason for finding in found).most_common()
    clauses = [wording.MISSING_ALIKE.filled(n=n, reason=_reason(reason)) for reason, n in alike]
    return joined(clauses, wording.PIECE_END)


def _reason(reason: Reason) -> Text:
    return _lower(wording.REASON[reason])


def _name(finding: Finding) -> Text:
    name = _lower(finding.metric.name)
    return wording.PLACED.filled(place=finding.place, name=name) if finding.place else name


def _beside(finding: Finding) -> float | None:
    limits = finding.verdict.limits
    return None if limits is None or finding.metric.plan else green_limit(limits, finding.verdict.side)


def _each(told: Callable[[Reader], str]) -> Text:
    return Text(told(_READERS[Locale.EN]), told(_READERS[Locale.ZH_CN]))


def _names(places: Sequence[Text]) -> Text:
    if len(places) == 1:
        return places[0]
    return joined([joined(places[:-1]), places[-1]], wording.AND)


def _lower(name: Text) -> Text:
    """A name inside an English sentence; a proper name or an abbreviation keeps its capitals."""
    proper = any(letter.isupper() for letter in name.en[1:])
    return Text(name.en if proper else name.en[:1].lower() + name.en[1:], name.zh_cn)


def counted(name: Text, statuses: Counter[Status], reader: Reader) -> Element:
    """A heading over single stores: how many are red and amber by one metric, and of how many nothing can be said."""
    red, amber, unknown = (statuses[of] for of in (Status.CRITICAL, Status.WARNING, Status.UNKNOWN))
    rest = wording.NOT_JUDGED.filled(unknown=unknown) if unknown else ""
    told = wording.STORES_COUNTED.filled(name=name, red=red, amber=amber, all=statuses.total(), rest=rest)
    return said(told, reader)


def said(sentence_: Text, reader: Reader) -> Element:
    """A sentence as the page's heading."""
    heading = html.H1(reader.told(sentence_), **data(role="headline"))
    return html.Section(heading, className="headline")
