"""Move instead of buy: the rollup transfer, from part_state and the distances between stores (domain.md 2.2 E)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Select, and_, case, func, or_, select

from data_access.dialects import moment
from data_access.rollup.additive import Part, Sql, whole
from data_access.rollup.stock import LONG_AGO
from data_access.schema import PART_STATE, STORE

NEXT_DAY_KM = 100
_EARTH_KM = 6371


def transfer(part: Part) -> Select[Any]:
    """For each part that a store lacks the store in reach that can cover most of it, the nearest of equals.

    What a store can spare is given to the most urgent first, so that no piece is promised twice; who is left without
    is not sent to a second store.
    """
    taker, giver, reach = part.of(PART_STATE), part.of(PART_STATE).alias("giver"), _reach(part)
    short = func.ceil(taker.c.short)
    wanted = case((short < giver.c.spare, short), else_=giver.c.spare)
    choice = func.row_number().over(
        partition_by=(taker.c.store_id, taker.c.part_no),
        order_by=(wanted.desc(), func.coalesce(reach.c.km, whole(0)), giver.c.store_id),
    )
    issued, received = (
        func.coalesce(column, moment(LONG_AGO))
        for column in (giver.c.last_issued_on, giver.c.last_received_on)
    )
    known = or_(giver.c.last_issued_on.is_not(None), giver.c.last_received_on.is_not(None))
    offers = (
        select(
            taker.c.store_id.label("taker_id"),
            taker.c.part_no.label("part_"),
            taker.c.day.label("day_"),
            taker.c.cover_days.label("cover"),
            giver.c.store_id.label("giver_"),
            reach.c.km.label("km_"),
            short.label("short_"),
            giver.c.spare.label("spare_"),
            wanted.label("wanted"),
            case((known, func.greatest(issued, received))).label("idle_since_"),
            choice.label("choice"),
        )
        .select_from(
            taker.join(reach, taker.c.store_id == reach.c.near_id).join(
                giver, and_(giver.c.store_id == reach.c.far_id, giver.c.part_no == taker.c.part_no)
            )
        )
        .where(taker.c.short > 0, giver.c.spare >= 1)
        .subquery("offers")
        .c
    )
    chosen = (
        select(*(column for column in offers if column.name != "choice"))
        .where(offers.choice == 1)
        .subquery("chosen")
        .c
    )
    promised = func.coalesce(
        func.sum(chosen.wanted).over(
            partition_by=(chosen.giver_, chosen.part_),
            order_by=(chosen.cover, chosen.taker_id),
            rows=(None, -1),
        ),
        whole(0),
    )
    left = chosen.spare_ - promised
    kept = select(*chosen, left.label("remains")).subquery("kept").c
    return (
        select(
            kept.taker_id.label("store_id"),
            kept.part_.label("part_no"),
            kept.day_.label("day"),
            kept.giver_.label("giver_id"),
            kept.km_.label("km"),
            kept.short_.label("short"),
            kept.spare_.label("spare"),
            case((kept.wanted < kept.remains, kept.wanted), else_=kept.remains).label("moved"),
            kept.idle_since_.label("idle_since"),
        )
        .where(kept.remains >= 1)
        .order_by(kept.taker_id)
    )


def _reach(part: Part) -> FromClause:
    """Pairs of stores between which a part is there the next day."""
    near, far = part.of(STORE).alias("near_store"), part.of(STORE).alias("far_store")
    km = _km(near, far)
    pairs = (
        select(
            near.c.store_id.label("near_id"),
            far.c.store_id.label("far_id"),
            km.label("km"),
            (near.c.city == far.c.city).label("same_city"),
        )
        .select_from(near.join(far, near.c.store_id != far.c.store_id))
        .cte("store_pairs")
    )
    return (
        select(pairs.c.near_id, pairs.c.far_id, pairs.c.km)
        .where(or_(pairs.c.same_city, pairs.c.km <= NEXT_DAY_KM))
        .cte("reach")
    )


def _km(a: FromClause, b: FromClause) -> Sql:
    """Great-circle distance (haversine)."""
    up, right = (func.sin(func.radians(b.c[each] - a.c[each]) / 2.0) for each in ("latitude", "longitude"))
    along = func.cos(func.radians(a.c.latitude)) * func.cos(func.radians(b.c.latitude))
    return 2 * _EARTH_KM * func.asin(func.sqrt(up * up + along * right * right))
