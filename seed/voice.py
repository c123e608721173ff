"""What customers say after a visit: two kinds of surveys, and complaints."""

from __future__ import annotations

import numpy as np

from data_access.schema import COMPLAINT, SURVEY
from seed import rows
from seed.ledger import IDS_A_STORE, Writer
from seed.levels import Floats, blend
from seed.network import Ints
from seed.orders import NONE
from seed.scale import DAY

SENT_SHARE = 0.17
ANSWERED = np.array([[0.40, 0.46], [0.33, 0.42]])
CAUSES = ("price", "quality", "attitude", "time", "other")
NPS_STEPS = np.array([-2.6, -2.3, -2.05, -1.8, -1.55, -1.2, -0.80, -0.42, 0.16, 0.95])
RATING_STEPS = np.array([-2.2, -1.72, -1.12, -0.40])
EARLIEST, LATEST = 9 * 3600, 21 * 3600


def _daytime(moment: Ints, rng: np.random.Generator) -> Ints:
    """Not at night: later ones are sent the next morning."""
    second = moment % DAY
    morning = EARLIEST + rng.integers(0, 1800, len(moment))
    after = np.where(second > LATEST, DAY, 0)
    return np.where((second > LATEST) | (second < EARLIEST), moment - second + after + morning, moment)


def surveys(writer: Writer, rng: np.random.Generator) -> None:
    """Both kinds go to a sample of visits, about two hours and a day after handover."""
    parts = [_asked(writer, kind, rng) for kind in (0, 1)]
    kind, place, sent, mood = (np.concatenate(column) for column in zip(*parts, strict=True))
    ledger, visits, world = writer.ledger, writer.visits, writer.world
    orders = ledger.orders
    row = orders.row[place]
    phase = world.phase[row, orders.day[place] - world.first]
    count = len(place)
    share = ANSWERED[kind, 0] + (ANSWERED[kind, 1] - ANSWERED[kind, 0]) * phase
    answers = rng.random(count) < share
    lag = np.minimum(rng.exponential(np.where(kind == 0, 4.0, 11.0)) * 3600 + 240, 4 * DAY).astype(np.int64)
    answered = np.where(answers, _daytime(sent + lag, rng), NONE)
    nps, rating, csi = _scores(writer, place, mood, phase, rng)
    low = answers & np.where(kind == 0, rating <= 2, nps <= 6)
    followed = low & (rng.random(count) < 0.62 + 0.28 * phase)
    reply = rng.exponential(26 * 3600 * (1 - 0.8 * phase)) + 900
    follow = np.where(followed, answered + reply.astype(np.int64), NONE)
    day = np.where(answers, answered, sent) // DAY
    sort = np.argsort(row * 100_000 + day, kind="stable")
    kind, place, sent, answered, follow, day, row = (
        x[sort] for x in (kind, place, sent, answered, follow, day, row)
    )
    answers = answers[sort]
    number = world.stores[row] * IDS_A_STORE + np.arange(count) - np.searchsorted(row, row)
    vehicle = visits.vehicle[orders.visit[place]]
    columns = {
        "survey_id": rows.ids("Q", number),
        "work_order_id": rows.ids("W", ledger.number[place]),
        "store_id": writer.stores(row),
        "customer_id": writer.customer(vehicle),
        "technician_id": rows.pick(writer.technician_ids, orders.technician[place]),
        "kind": rows.pick(("2h", "24h"), kind),
        "sent_at": rows.times(sent),
        "answered_at": rows.times(answered),
        "day": rows.dates(day),
        "nps_score": rows.counts(nps[sort], answers & (kind == 1)),
        "csi_score": rows.numbers(csi[sort], answers & (kind == 1)),
        "satisfaction": rows.counts(rating[sort], answers & (kind == 0)),
        "followed_up_at": rows.times(follow),
    }
    final = np.maximum(np.maximum(sent, answered), follow)
    writer.out.add(SURVEY, world.stores[row], sent, final, columns)


def _asked(writer: Writer, kind: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Floats]:
    orders = writer.ledger.orders
    asked = orders.first & (orders.visit >= 0) & (rng.random(len(orders)) < SENT_SHARE)
    place = np.flatnonzero(asked)
    wait = (2 * 3600, DAY)[kind] + rng.integers(0, 300, len(place))
    sent = _daytime(orders.delivered[place] + wait, rng)
    mood = writer.visits.mood[orders.visit[place]].astype(float)
    return np.full(len(place), kind), place, sent, mood


def _scores(
    writer: Writer, place: Ints, mood: Floats, phase: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """NPS 0 … 10, satisfaction 1 … 5, CSI 0 … 100, all from the same mood with own noise."""
    count, world = len(place), writer.world
    felt = mood + rng.normal(0, 0.3, count)
    nps = np.searchsorted(NPS_STEPS, felt)
    rating = 1 + np.searchsorted(RATING_STEPS, mood + rng.normal(0, 0.3, count))
    level = blend(world.network.levels.csi[world.stores[writer.ledger.orders.row[place]]], phase)
    expected = CSI_MOOD[0] + (CSI_MOOD[1] - CSI_MOOD[0]) * phase
    csi = level + CSI_SPREAD * (felt - expected) + rng.normal(0, 3.5, count)
    return nps, rating, np.round(np.clip(csi, 0, 100), 1)


CSI_MOOD = np.array([0.01, 0.24])
"""Mean mood before and after, at which the score is the store's level."""
CSI_SPREAD = 8.0


def complaints(writer: Writer, rng: np.random.Generator) -> None:
    """Tickets of those who complain, within a few days of the handover; most are closed, some are not."""
    orders, visits, world = writer.ledger.orders, writer.visits, writer.world
    place = np.flatnonzero(orders.first & (orders.visit >= 0))
    place = place[visits.complains[orders.visit[place]]]
    count, row = len(place), orders.row[place]
    visit = orders.visit[place]
    received = _daytime(orders.delivered[place] + rng.exponential(20 * 3600, count).astype(np.int64), rng)
    phase = world.phase[row, orders.day[place] - world.first]
    lasts = rng.exponential(90 * 3600 * (1 - 0.6 * phase)) + 3600
    closed = np.where(rng.random(count) < 0.96, received + lasts.astype(np.int64), NONE)
    slow, failed = visits.reception[visit] > 40, visits.kind[visit] == 3
    drawn = rng.choice(5, count, p=[0.30, 0.26, 0.18, 0.16, 0.10])
    cause = np.where(
        slow & (rng.random(count) < 0.5), 3, np.where(failed & (rng.random(count) < 0.7), 1, drawn)
    )
    sort = np.argsort(row * 2**40 + received, kind="stable")
    place, row, received, closed, cause, visit = (
        x[sort] for x in (place, row, received, closed, cause, visit)
    )
    number = world.stores[row] * IDS_A_STORE + np.arange(count) - np.searchsorted(row, row)
    columns = {
        "complaint_id": rows.ids("K", number),
        "work_order_id": rows.ids("W", writer.ledger.number[place]),
        "store_id": writer.stores(row),
        "customer_id": writer.customer(visits.vehicle[visit]),
        "received_at": rows.times(received),
        "day": rows.dates(received // DAY),
        "cause": rows.pick(CAUSES, cause),
        "severity": rows.pick(("normal", "severe"), (rng.random(count) < 0.07).astype(np.int64)),
        "closed_at": rows.times(closed),
    }
    writer.out.add(COMPLAINT, world.stores[row], received, np.maximum(received, closed), columns)
