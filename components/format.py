"""A value and its unit become the text a reader expects."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from components import wording
from components.reader import Reader
from kpi.metric import Band, Direction, Limits, Unit
from kpi.question import Period
from kpi.statistics import Interval
from kpi.text import Locale
from kpi.verdict import Change

NO_VALUE = "–"
MINUS = "\N{MINUS SIGN}"
GAP = "\N{NO-BREAK SPACE}"
UP, DOWN, STEADY = "↑", "↓", "≈"
RANGE = "–"

_STEPS = {
    Locale.EN: ((1e9, "B"), (1e6, "M"), (1e3, "K")),
    Locale.ZH_CN: ((1e8, "亿"), (1e4, "万")),
}
_GLUED = frozenset("KMB")
_WHOLE_BELOW = 10_000  # counts and money are written out below this
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_PLACES = 3


class Shown(NamedTuple):
    """The digits, written large, and what follows them, written small."""

    number: str
    unit: str

    @property
    def phrase(self) -> str:
        """Both in a line of text; the space between them does not break."""
        return f"{self.number}{'' if self.unit in _GLUED or not self.unit else GAP}{self.unit}"


def shown(value: float | None, unit: Unit, reader: Reader, *, beside: float | None = None) -> Shown:
    """The value with the digits that matter. One that differs from `beside`, its limit, gets digits until it shows."""
    if value is None:
        return Shown(NO_VALUE, "")
    step, suffix = _scale(value, unit, reader.locale)
    number = value / step
    places = _places(abs(number), unit, compact=bool(suffix))
    if beside is not None and beside != value:
        while places < _MOST_PLACES and digits(number, places) == digits(beside / step, places):
            places += 1
    written = digits(number, places)
    word = wording.ONE_DAY if unit is Unit.DAYS and written.strip(MINUS) == "1" else wording.UNIT[unit]
    return Shown(_priced(written, unit, reader), suffix + reader.told(word))


def phrase(value: float | None, unit: Unit, reader: Reader, *, beside: float | None = None) -> str:
    """The value inside a sentence or a cell."""
    return shown(value, unit, reader, beside=beside).phrase


def cents(value: float | None, reader: Reader) -> str:
    """Money to the cent, where amounts stand beside each other to be added up."""
    if value is None:
        return NO_VALUE
    return Shown(_priced(digits(value, 2), Unit.MONEY, reader), reader.told(wording.UNIT[Unit.MONEY])).phrase


def limit(value: float, unit: Unit, reader: Reader) -> str:
    """A round figure that somebody set, as it was set: 0.92 is 92 %, not 92.0 %."""
    return _round_figure(value, unit, reader).phrase


def target(limits: Limits | Band, direction: Direction, unit: Unit, reader: Reader) -> str:
    """What is green: "≥ 92 %", "≤ 1.1 小时", "68–85 %"."""
    if isinstance(limits, Band):
        return between(*limits.good, unit, reader)
    sign = "≥" if direction is Direction.HIGHER else "≤"
    return f"{sign}{GAP}{limit(limits.good, unit, reader)}"


def between(low: float, high: float, unit: Unit, reader: Reader) -> str:
    """A range that names its unit once."""
    first, last = _round_figure(low, unit, reader), _round_figure(high, unit, reader)
    if first.unit != last.unit:
        return f"{first.phrase}{RANGE}{last.phrase}"
    return Shown(f"{first.number}{RANGE}{last.number}", last.unit).phrase


def distance(amount: float, unit: Unit, reader: Reader) -> str:
    """How far apart two values are, without a sign: shares in points, the rest in their own unit."""
    if unit is Unit.SHARE:
        return Shown(digits(*_fine(abs(100 * amount))), reader.told(wording.SHARE_POINTS)).phrase
    if unit in (Unit.POINTS, Unit.SCORE):
        return Shown(digits(*_fine(abs(amount))), reader.told(wording.UNIT[unit])).phrase
    return phrase(abs(amount), unit, reader)


def signed(amount: float, unit: Unit, reader: Reader) -> str:
    """The same with its sign; what rounds to nought has none."""
    told = distance(amount, unit, reader)
    nought = not any(digit in told for digit in "123456789")
    return told if nought else f"{MINUS if amount < 0 else '+'}{told}"


def half_width(interval: Interval, unit: Unit) -> str:
    """Half an interval, as the digits that follow ±; shares in points. A negligible one reads < 0.01."""
    half = (interval.high - interval.low) / 2 * (100 if unit is Unit.SHARE else 1)
    return digits(*_fine(half)) if half >= 0.005 else "< 0.01"


def moved(change: Change, unit: Unit, reader: Reader) -> str:
    """The change with its arrow: "↑5 %", "↓1.9 个点"; "≈" when chance explains it."""
    if not change.real:
        return STEADY
    arrow = UP if change.absolute > 0 else DOWN
    if unit in (Unit.SHARE, Unit.POINTS, Unit.SCORE, Unit.RATING) or change.relative is None:
        return arrow + distance(change.absolute, unit, reader)
    percent = abs(100 * change.relative)
    return f"{arrow}{digits(percent, 0 if percent >= 10 else 1, trim=True)}{GAP}%"


def count(n: int) -> str:
    """A whole number in full: 41,208."""
    return digits(n, 0)


def day(day_: date, reader: Reader) -> str:
    return f"{day_:%m-%d}" if reader.locale is Locale.ZH_CN else f"{day_.day}{GAP}{_MONTHS[day_.month - 1]}"


def full_day(day_: date, reader: Reader) -> str:
    return day_.isoformat() if reader.locale is Locale.ZH_CN else f"{day(day_, reader)}{GAP}{day_.year}"


def clock(moment_: datetime) -> str:
    return f"{moment_:%H:%M}"


def moment(moment_: datetime, reader: Reader, near: datetime | None = None) -> str:
    """Day and time of day, with the year where it is another one than that of `near`."""
    told = day if near is None or moment_.year == near.year else full_day
    return f"{told(moment_.date(), reader)}{GAP}{clock(moment_)}"


def span(period: Period, reader: Reader) -> str:
    """First to last day; a single day stands alone."""
    if period.first == period.last:
        return day(period.first, reader)
    return f"{day(period.first, reader)}{GAP}{RANGE}{GAP}{day(period.last, reader)}"


def digits(number: float, places: int, *, trim: bool = False) -> str:
    """Grouped by thousands, with a true minus sign, and never minus nought."""
    text = f"{abs(number):,.{places}f}"
    negative = number < 0 and any(d not in "0.," for d in text)
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS if negative else ''}{text}"


def _round_figure(value: float, unit: Unit, reader: Reader) -> Shown:
    step, suffix = _scale(value, unit, reader.locale)
    number = digits(value / step, 2, trim=True)
    return Shown(_priced(number, unit, reader), suffix + reader.told(wording.UNIT[unit]))


def _scale(value: float, unit: Unit, locale: Locale) -> tuple[float, str]:
    if unit is Unit.SHARE:
        return 0.01, ""
    if unit in (Unit.MONEY, Unit.COUNT):
        for step, suffix in _STEPS[locale]:
            # What rounds up to a step is already written in it; small figures stay whole.
            if abs(value) >= max(step, _WHOLE_BELOW) * 0.9995:
                return step, suffix
    return 1.0, ""


def _places(size: float, unit: Unit, *, compact: bool) -> int:
    """Digits after the point: three significant ones for compact figures, the field's habit for the others."""
    if compact:
        return 2 if size < 9.995 else 1 if size < 99.95 else 0
    match unit:
        case Unit.SHARE:
            return 2 if 0 < size < 0.995 else 1 if size < 99.95 else 0
        case Unit.RATING:
            return 2
        case Unit.NUMBER:
            return 2 if size < 9.995 else 1 if size < 99.95 else 0
        case Unit.COUNT | Unit.DAYS:
            return 0 if size >= 100 or float(size).is_integer() else 1
        case Unit.MONEY:
            return 0 if size >= 100 or float(size).is_integer() else 2
        case Unit.MINUTES:
            return 0 if size >= 9.95 else 1
        case _:
            return 0 if size >= 99.95 else 1


def _fine(size: float) -> tuple[float, int]:
    return size, 0 if size >= 99.95 else 1 if size >= 0.095 else 2


def _priced(number: str, unit: Unit, reader: Reader) -> str:
    """English writes the currency before the digits; Chinese names it after them, as a unit."""
    if unit is not Unit.MONEY or reader.locale is not Locale.EN:
        return number
    return f"{MINUS}¥{number[1:]}" if number.startswith(MINUS) else f"¥{number}"
