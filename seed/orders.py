"""Work orders: what has to be done to each car, when it is done, handed over and settled.

A job is one car's stay. It becomes one order, now and then two; jobs without a customer (own cars, new cars before
delivery) are added. Times are seconds since 1970-01-01 in local time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from seed.fleet import WARRANTY_DAYS, Fleet, odometer
from seed.floor import Hours, Pieces, work_through
from seed.levels import Floats, blend
from seed.network import Ints
from seed.scale import DAY
from seed.visits import BODY, COMEBACK, DROPPED, MAINTENANCE, REPAIR, STAYS, WAITS, Visits, World

Bools = NDArray[np.bool_]
CUSTOMER_PAY, WARRANTY, INSURANCE, INTERNAL, PRE_DELIVERY = range(5)
ORDER_TYPES = ("customer_pay", "warranty", "insurance", "internal", "pre_delivery")
SERVICE_KINDS = ("maintenance", "repair", "body")
MEAN_MINUTES = np.array([[34.0, 150, 300], [42, 240, 580], [50, 240, 660], [44, 190, 500]])
OWN_JOBS = 0.045
SECOND_ORDER_SHARE = 0.02
SECOND_WORK = 0.35
BLOCKED_CHANCE = np.array([0.17, 0.05])
BLOCKED_MINUTES = np.array([62.0, 40.0])
HANDOVER_MINUTES = np.array([17.0, 7.0])
PATIENCE_MINUTES = 25.0
LONGEST_WAIT = 90.0
NONE = -1


@dataclass
class Jobs:
    """One element a job, sorted by store, day and arrival. `visit` is the row in the visits, -1 without customer."""

    visit: Ints
    row: Ints
    day: Ints
    minute: Floats
    ready: Floats
    kind: Ints
    stay: Ints
    minutes: Floats
    """bay minutes of work"""
    blocked: Floats
    """bay minutes lost while parts or an approval are missing"""
    for_parts: Bools
    technician: Ints
    second: Bools

    def take(self, which: NDArray[np.generic]) -> Jobs:
        return Jobs(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


@dataclass
class Orders:
    """One element an order, sorted by store, day and arrival; second orders follow their first. -1 is "none"."""

    job: Ints
    row: Ints
    visit: Ints
    first: Bools
    type: Ints
    kind: Ints
    arrived: Ints
    started: Ints
    ended: Ints
    promised: Ints
    delivered: Ints
    settled: Ints
    drop_off: Bools
    eligible: Bools
    technician: Ints
    bay_hours: Floats
    odometer: Ints
    refund_of: Ints

    def __len__(self) -> int:
        return len(self.job)

    @property
    def day(self) -> Ints:
        return self.arrived // DAY

    @property
    def end_day(self) -> Ints:
        return np.where(self.ended >= 0, self.ended, self.settled) // DAY


@dataclass(frozen=True)
class Sessions:
    """Times a bay was held. `order` is the row in the orders; state 0 work, 1 wait_parts, 2 wait_approval."""

    order: Ints
    row: Ints
    bay: Ints
    start: Ints
    end: Ints
    state: Ints


def make_jobs(world: World, visits: Visits, rng: np.random.Generator) -> Jobs:
    """Jobs of all visits, and the stores' own; how much work each is."""
    visit, row, day, minute, kind, stay = _own_and_customers(world, visits, rng)
    column, count = day - world.first, len(row)
    phase, store = world.phase[row, column], world.stores[row]
    own = visit < 0
    reception = np.where(own, 5.0, visits.reception[np.maximum(visit, 0)])
    work = MEAN_MINUTES[kind, stay] * rng.gamma(4.5, 1 / 4.5, count)
    friction = blend(world.network.levels.friction[store], phase)
    chance = (BLOCKED_CHANCE[0] + (BLOCKED_CHANCE[1] - BLOCKED_CHANCE[0]) * phase) * friction
    minutes = BLOCKED_MINUTES[0] + (BLOCKED_MINUTES[1] - BLOCKED_MINUTES[0]) * phase
    is_blocked = (rng.random(count) < np.minimum(chance, 0.45)) & (kind != BODY)
    blocked = np.where(is_blocked, np.clip(rng.exponential(minutes), 8, 150), 0)
    presence = world.presence
    seat = rng.integers(0, 64, count) % np.maximum(presence.present[row, day - presence.first], 1)
    anyone = presence.roster[row, day - presence.first, seat]
    jobs = Jobs(
        visit=visit, row=row, day=day, minute=minute, ready=minute + reception, kind=kind, stay=stay,
        minutes=np.clip(work, 9, 2200), blocked=blocked, for_parts=rng.random(count) < 0.65,
        technician=np.where(own, anyone, visits.technician[np.maximum(visit, 0)]),
        second=~own & (kind != COMEBACK) & (rng.random(count) < SECOND_ORDER_SHARE),
    )  # fmt: skip
    return jobs.take(np.argsort((row * 100_000 + day) * 1_440 + minute.astype(np.int64), kind="stable"))


def _own_and_customers(
    world: World, visits: Visits, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Floats, Ints, Ints]:
    run = world.network.run
    span = slice(run.first - world.first, run.tape_end - world.first)
    own = rng.poisson(_level(world)[:, span] * world.pull[:, span] * OWN_JOBS)
    cells = np.repeat(np.arange(own.size), own.ravel())
    row, day = cells // own.shape[1], cells % own.shape[1] + run.first
    opens, closes = (side[world.stores[row]] * 60 for side in (world.network.opens, world.network.closes))
    minute = opens + rng.random(len(row)) * (closes - opens) * 0.6
    visit = np.flatnonzero(visits.day < run.tape_end)
    return (
        np.concatenate([visit, np.full(len(row), NONE)]),
        np.concatenate([visits.place[visit], row]).astype(np.int64),
        np.concatenate([visits.day[visit], day]).astype(np.int64),
        np.concatenate([visits.minute[visit], minute]).astype(float),
        np.concatenate([visits.kind[visit], np.full(len(row), MAINTENANCE)]).astype(np.int64),
        np.concatenate([visits.stay[visit], np.full(len(row), DROPPED)]).astype(np.int64),
    )


def _level(world: World) -> Floats:
    live = world.network.live[world.stores][:, None]
    return blend(world.network.levels.vehicles[world.stores], world.phase) * live


def run_floor(jobs: Jobs, visits: Visits, hours: Hours, rushed: Bools) -> Pieces:
    """Sends the jobs through the bays. Who would wait long comes later instead: `minute` and slot are moved."""
    pieces, late = work_through(
        jobs.row, jobs.day, jobs.ready, jobs.minutes + jobs.blocked, jobs.stay != WAITS, hours
    )
    begin = pieces.start[np.searchsorted(pieces.job, np.arange(len(jobs.row)))]
    queued = np.where(jobs.stay == WAITS, begin - jobs.ready, 0.0)
    accepted = PATIENCE_MINUTES + (queued - PATIENCE_MINUTES) * 0.12
    shift = np.where((queued > PATIENCE_MINUTES) & ~rushed, queued - accepted, 0.0)
    jobs.minute = jobs.minute + shift
    has = jobs.visit >= 0
    visit = jobs.visit[has]
    visits.minute[visit] = jobs.minute[has]
    moved = (np.round((visits.slot[visit] + shift[has]) / 30) * 30).astype(np.int16)
    visits.slot[visit] = np.where(visits.slot[visit] >= 0, moved, -1)
    jobs.stay = np.where(late, STAYS, jobs.stay)
    return pieces


def make_orders(
    world: World,
    visits: Visits,
    fleet: Fleet,
    jobs: Jobs,
    pieces: Pieces,
    hours: Hours,
    rng: np.random.Generator,
) -> tuple[Orders, Sessions]:
    """Orders with all their times, and the bay sessions of each."""
    count = len(jobs.row)
    begin = pieces.day * DAY + np.round(pieces.start * 60).astype(np.int64)
    end = pieces.day * DAY + np.round(pieces.end * 60).astype(np.int64)
    head = np.searchsorted(pieces.job, np.arange(count))
    tail = np.searchsorted(pieces.job, np.arange(count), side="right") - 1
    waits = jobs.stay == WAITS
    arrived = jobs.day * DAY + np.round(jobs.minute * 60).astype(np.int64)
    arrived = np.where(waits, np.minimum(arrived, begin[head] - 30), arrived)
    looked_at = np.minimum(jobs.day * DAY + np.round(jobs.ready * 60).astype(np.int64), begin[head])
    cut = np.where(
        jobs.second, begin[tail] + ((end - begin)[tail] * (1 - SECOND_WORK)).astype(np.int64), end[tail]
    )
    ended = end[tail]
    delivered = _handover(world, jobs, ended, hours, rng)
    first = _first_orders(visits, fleet, jobs, rng)
    bay_hours = jobs.minutes / 60
    share = np.where(jobs.second, (cut - begin[tail]) / np.maximum(ended - begin[tail], 1), 1.0)
    several = tail > head
    share = np.where(several & jobs.second, 1 - SECOND_WORK * 0.4, share)
    settled = _settlement(first["type"], delivered, rng)
    phase = world.phase[jobs.row, jobs.day - world.first]
    promise = (delivered - arrived) * np.exp(rng.normal(0.17 + 0.10 * phase, 0.23, count))
    orders = Orders(
        job=np.arange(count), row=jobs.row, visit=jobs.visit, first=jobs.visit >= 0, **first, arrived=arrived,
        started=np.where(waits, begin[head], np.maximum(looked_at, arrived)), ended=cut, delivered=delivered, settled=settled,
        promised=(arrived + promise.astype(np.int64)) // 300 * 300 + 300,
        drop_off=~waits, technician=jobs.technician, bay_hours=bay_hours * share,
        refund_of=np.full(count, NONE),
    )  # fmt: skip
    sessions = _sessions(jobs, pieces, begin, end, cut, tail)
    return _with_seconds(
        orders, sessions, jobs, ended, bay_hours * (1 - share), np.maximum(cut, begin[head]), rng
    )


def _first_orders(
    visits: Visits, fleet: Fleet, jobs: Jobs, rng: np.random.Generator
) -> dict[str, NDArray[np.generic]]:
    """Type, kind, eligibility and odometer of the main order of each job."""
    count, own = len(jobs.row), jobs.visit < 0
    visit = np.maximum(jobs.visit, 0)
    vehicle = visits.vehicle[visit]
    under_warranty = jobs.day < fleet.purchased[vehicle] + WARRANTY_DAYS
    covered = under_warranty & np.isin(jobs.kind, (REPAIR, COMEBACK)) & (rng.random(count) < 0.6)
    insured = (jobs.kind == BODY) & (rng.random(count) < 0.85)
    kind = np.select([covered, insured], [WARRANTY, INSURANCE], CUSTOMER_PAY)
    own_kind = np.where(rng.random(count) < 0.5, INTERNAL, PRE_DELIVERY)
    return {
        "type": np.where(own, own_kind, kind),
        "kind": np.select([jobs.kind == MAINTENANCE, jobs.kind == BODY], [0, 2], 1),
        "eligible": visits.eligible[visit] & ~own,
        "odometer": np.where(own, NONE, odometer(fleet, vehicle, jobs.day, rng)),
    }


def _handover(world: World, jobs: Jobs, ended: Ints, hours: Hours, rng: np.random.Generator) -> Ints:
    """When the customer gets the car: at once, or when he fetches it during opening hours."""
    count, day = len(jobs.row), ended // DAY
    phase, store = world.phase[jobs.row, jobs.day - world.first], world.stores[jobs.row]
    usual = blend(world.network.levels.friction[store] * HANDOVER_MINUTES, phase)
    lag = np.maximum(usual * np.exp(rng.normal(-0.1, 0.45, count)), 2) * 60
    close = day * DAY + hours.closes[jobs.row] * 60
    at_once = ended + lag.astype(np.int64)
    fetched = np.maximum(at_once, close - (rng.random(count) * 110 * 60).astype(np.int64))
    next_day = hours.following(jobs.row, day)
    tomorrow = next_day * DAY + hours.opens[jobs.row] * 60 + (rng.random(count) * 150 * 60).astype(np.int64)
    waits = jobs.stay == WAITS
    same_day = np.where(waits, at_once, fetched)
    squeezed = np.where(waits, np.maximum(ended + 120, np.minimum(same_day, close)), same_day)
    return np.where(waits | (same_day <= close), squeezed, tomorrow)


def _settlement(type_: Ints, delivered: Ints, rng: np.random.Generator) -> Ints:
    """At handover; insurers take a fortnight, makers up to a week, and some customers pay a few days later."""
    count = len(type_)
    days = np.zeros(count, np.int64)
    u = rng.random(count)
    days = np.where((type_ == CUSTOMER_PAY) & (u < 0.02), 1 + rng.integers(0, 3, count), days)
    days = np.where((type_ == WARRANTY) & (u < 0.4), 1 + rng.integers(0, 7, count), days)
    days = np.where(type_ == INSURANCE, 2 + np.minimum(rng.gamma(2.2, 4.0, count), 40).astype(np.int64), days)
    moment = (delivered // DAY + days) * DAY + (9 * 3600 + rng.random(count) * 8 * 3600).astype(np.int64)
    return np.where(days == 0, delivered + (rng.random(count) * 300).astype(np.int64), moment)


def _sessions(jobs: Jobs, pieces: Pieces, begin: Ints, end: Ints, cut: Ints, tail: Ints) -> Sessions:
    """Work stretches; the first piece of a blocked job is broken by a wait for parts or for an approval.

    Rows of second orders carry -2 - job as their order, until the orders are numbered.
    """
    job, length = pieces.job, end - begin
    is_tail = np.zeros(len(job), bool)
    is_tail[tail] = True
    second = jobs.second[job] & is_tail
    work_end = np.where(second, cut[job], end)
    place = np.where(jobs.stay[job] == WAITS, 0.35, 0.5)
    hold = (jobs.blocked[job] * 60).astype(np.int64)
    is_head = np.concatenate([[True], job[1:] != job[:-1]])
    hold = np.where(is_head & ~second, np.minimum(hold, (length * 0.75).astype(np.int64)), 0)
    broken = np.flatnonzero(hold > 60)
    stop = begin + ((work_end - begin - hold) * place).astype(np.int64)
    state = np.where(jobs.for_parts[job], 1, 2)
    plain = np.flatnonzero(hold <= 60)
    twice = np.flatnonzero(second)
    parts = [
        (job[plain], plain, begin[plain], work_end[plain], np.zeros(len(plain), np.int64)),
        (job[broken], broken, begin[broken], stop[broken], np.zeros(len(broken), np.int64)),
        (job[broken], broken, stop[broken], (stop + hold)[broken], state[broken]),
        (job[broken], broken, (stop + hold)[broken], end[broken], np.zeros(len(broken), np.int64)),
        (-2 - job[twice], twice, cut[job[twice]], end[twice], np.zeros(len(twice), np.int64)),
    ]
    order, piece, start, stop_all, kind = (np.concatenate(column) for column in zip(*parts, strict=True))
    keep = stop_all > start
    rows = (order, pieces.row[piece], pieces.bay[piece], start, stop_all, kind)
    return Sessions(*(column[keep] for column in rows))


def _with_seconds(
    orders: Orders,
    sessions: Sessions,
    jobs: Jobs,
    ended: Ints,
    hours: Floats,
    cut: Ints,
    rng: np.random.Generator,
) -> tuple[Orders, Sessions]:
    """Adds the second orders of a visit behind their first, and names the order of every session."""
    twice = np.flatnonzero(jobs.second)
    extra = _take(orders, twice)
    extra.first = np.zeros(len(twice), bool)
    extra.type = np.where(orders.type[twice] == CUSTOMER_PAY, WARRANTY, CUSTOMER_PAY)
    extra.kind = np.full(len(twice), 1)
    extra.eligible = np.zeros(len(twice), bool)
    extra.started, extra.ended, extra.bay_hours = cut[twice], ended[twice], np.maximum(hours[twice], 0.1)
    late = np.where(rng.random(len(twice)) < 0.3, rng.integers(1, 8, len(twice)), 0)
    extra.settled = np.where(
        late > 0, (extra.delivered // DAY + late) * DAY + 12 * 3600, extra.delivered + 60
    )
    both = Orders(
        **{
            field.name: np.concatenate([getattr(orders, field.name), getattr(extra, field.name)])
            for field in fields(Orders)
        }
    )
    order = np.argsort(np.concatenate([orders.job * 2, twice * 2 + 1]), kind="stable")
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    of_second = np.full(len(orders), NONE)
    of_second[twice] = position[len(orders) + np.arange(len(twice))]
    named = np.where(
        sessions.order >= 0,
        position[np.maximum(sessions.order, 0)],
        of_second[-2 - np.minimum(sessions.order, -2)],
    )
    return _take(both, order), Sessions(
        named, sessions.row, sessions.bay, sessions.start, sessions.end, sessions.state
    )


def _take(orders: Orders, which: NDArray[np.generic]) -> Orders:
    return Orders(**{field.name: getattr(orders, field.name)[which] for field in fields(Orders)})
