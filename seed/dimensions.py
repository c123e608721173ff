"""Writes the dimensions: places, stores, bays, parts, calendar for the network; technicians and customers by chunk."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute

from data_access.chinese_calendar import NO_OFFSET, as_date, day_number
from data_access.schema import BAY, CALENDAR_DAY, CUSTOMER, PART, PLACE, STORE, TECHNICIAN, VEHICLE
from seed import rows
from seed.fleet import ELECTRIC, MODEL_DAYS, MODEL_KM, MODELS, WARRANTY_DAYS
from seed.ledger import Writer
from seed.names import NAMES, table
from seed.network import Ints, Network
from seed.parts import CATEGORIES, CRITICALITY, Parts
from seed.scale import DAY
from seed.staff import SKILLS, STILL_HERE

PHONE_PREFIXES = (
    133,
    135,
    136,
    137,
    138,
    139,
    150,
    151,
    152,
    158,
    159,
    170,
    176,
    180,
    182,
    185,
    186,
    188,
    189,
    199,
)
POWERTRAINS = ("ICE", "PHEV", "BEV")
PLATE_LETTERS = "ABCDEFGHJK"
CONSENT_SHARE, HOLD_OUT_SHARE = 0.72, 0.08


def places() -> dict[str, pa.Array]:
    """Seven regions, 31 province-level units and their cities."""
    found = [(row["region"], "region", row["name_zh"], row["name_en"], None) for row in table("regions")]
    found += [
        (row["province"], "province", row["name_zh"], row["name_en"], row["region"])
        for row in table("provinces")
    ]
    found += [
        (row["adcode"], "city", row["name_zh"], row["name_en"], row["province"])
        for row in table("cities")
        if row["adcode"] != row["province"]
    ]
    columns = zip(*found, strict=True)
    names = [column.name for column in PLACE.columns]
    return {name: pa.array(list(column), pa.string()) for name, column in zip(names, columns, strict=True)}


def stores(network: Network) -> dict[str, pa.Array]:
    live = np.array([network.run.wave_start(w) if w >= 0 else -1 for w in network.wave])
    text = pa.string()
    return {
        "store_id": pa.array(list(network.store_id), text),
        "name_zh": pa.array(network.name_zh, text),
        "name_en": pa.array(network.name_en, text),
        "region": pa.array(network.region, text),
        "province": pa.array(network.province, text),
        "city": pa.array(network.city, text),
        "longitude": rows.numbers(network.longitude),
        "latitude": rows.numbers(network.latitude),
        "store_type": pa.array([str(kind) for kind in network.store_type], text),
        "tier": pa.array([str(tier) for tier in network.tier], text),
        "bays": rows.counts(network.bays),
        "opens_at": rows.counts(network.opens),
        "closes_at": rows.counts(network.closes),
        "live_on": rows.dates(live),
        "posted_labour_rate": rows.numbers(network.rate),
    }


def bays(network: Network) -> dict[str, pa.Array]:
    """Working bays, and one inspection bay in a large store that counts neither in bays nor in use."""
    found = []
    for store, count, active, tier in zip(
        network.store_id, network.bays, network.active_bays, network.tier, strict=True
    ):
        quick = max(1, round(active * 0.25))
        for bay in range(count):
            kind = "quick" if bay < quick else "body" if bay == active - 1 and active > 4 else "general"
            found.append((f"{store}-B{bay + 1:02d}", str(store), kind, bool(bay < active)))
        if tier == "large":
            found.append((f"{store}-X01", str(store), "inspection", True))
    columns = list(zip(*found, strict=True))
    kinds = (pa.string(), pa.string(), pa.string(), pa.bool_())
    names = [column.name for column in BAY.columns]
    return {name: pa.array(list(c), kind) for name, c, kind in zip(names, columns, kinds, strict=True)}


def parts_rows(parts: Parts) -> dict[str, pa.Array]:
    category = [CATEGORIES[number] for number in parts.category]
    heir = [str(parts.part_no[s]) if s >= 0 else None for s in parts.successor]
    return {
        "part_no": pa.array([str(number) for number in parts.part_no]),
        "name_zh": pa.array(parts.name_zh),
        "name_en": pa.array(parts.name_en),
        "category": pa.array(category),
        "unit_cost": rows.numbers(parts.cost),
        "lead_time_days": rows.counts(parts.lead_days),
        "criticality": pa.array([CRITICALITY.get(name, "stops_car") for name in category]),
        "seasonal": rows.flags(parts.seasonal),
        "pack_size": rows.counts(parts.pack),
        "introduced_on": rows.dates(parts.introduced),
        "superseded_by": pa.array(heir, pa.string()),
    }


def calendar_rows(network: Network) -> dict[str, pa.Array]:
    calendar = network.calendar
    first = min(day_number(as_date(calendar.first)), network.run.first)
    begin = max(0, min(network.run.first, day_number(as_date(19358))) - first)
    cut = slice(begin, None)
    offset = calendar.offset[cut]
    return {
        "day": rows.dates(calendar.first + np.arange(calendar.days)[cut]),
        "weekday": rows.counts(calendar.weekday[cut] + 1),
        "is_workday": rows.flags(calendar.is_workday[cut]),
        "holiday": pa.array(calendar.holiday[cut], pa.string()),
        "spring_festival_offset": rows.counts(offset, offset != NO_OFFSET),
        "source": rows.pick(("official", "assumed"), (~calendar.official[cut]).astype(np.int64)),
    }


def network_rows(out: rows.Output, network: Network, parts: Parts) -> None:
    """Everything that does not depend on a chunk."""
    for target, columns in (
        (PLACE, places()), (STORE, stores(network)), (BAY, bays(network)), (PART, parts_rows(parts)),
        (CALENDAR_DAY, calendar_rows(network)),
    ):  # fmt: skip
        out.add_fixed(target, columns)


def technicians(writer: Writer) -> None:
    staff = writer.world.staff
    row = staff.store - writer.world.stores[0]
    columns = {
        "technician_id": rows.pick(writer.technician_ids, np.arange(len(row))),
        "store_id": writer.stores(row),
        "name": pa.array(staff.name, pa.string()),
        "skill": rows.pick(SKILLS, staff.skill),
        "hired_on": rows.dates(staff.hired),
        "left_on": rows.dates(np.where(staff.left < STILL_HERE, staff.left, -1)),
    }
    writer.out.add_fixed(TECHNICIAN, columns)


def _text_pool(rng: np.random.Generator) -> list[str]:
    """A pool of names that customers draw from."""
    surnames, given = NAMES["surnames"], NAMES["given"]
    first = np.minimum(rng.exponential(18, 4000).astype(int), len(surnames) - 1)
    return [surnames[f] + given[g] for f, g in zip(first, rng.integers(0, len(given), 4000), strict=True)]


def vehicles_and_customers(writer: Writer, heard: Ints, rng: np.random.Generator) -> None:
    """One row a vehicle and one a customer. `heard` is the second at which a vehicle became known, NEVER unknown yet."""
    fleet, world = writer.fleet, writer.world
    run = world.network.run
    count = len(fleet)
    row = fleet.home.astype(np.int64)
    sold = np.where(fleet.sold <= run.today - 1, fleet.sold, -1)
    sort = np.argsort(row, kind="stable")
    who = sort.astype(np.int64)
    nowhere = np.full(count, -1)
    signs = [NAMES["plates"][province[:2]] for province in world.network.province]
    prefixes = sorted(set(signs))
    codes = np.array([prefixes.index(sign) for sign in signs])[world.stores[row]]
    columns = {
        "vehicle_id": writer.vehicle(who),
        "customer_id": writer.customer(who),
        "store_id": writer.stores(row[sort]),
        "plate": _plates(prefixes, codes[sort], fleet.model[sort], who + writer.vehicle_base),
        "model": rows.pick([model[0] for model in MODELS], fleet.model[sort]),
        "powertrain": rows.pick(
            POWERTRAINS, np.array([POWERTRAINS.index(m[1]) for m in MODELS])[fleet.model[sort]]
        ),
        "interval_days": rows.counts(MODEL_DAYS[fleet.model[sort]]),
        "interval_km": rows.counts(MODEL_KM[fleet.model[sort]]),
        "purchased_on": rows.dates(fleet.purchased[sort]),
        "warranty_ends_on": rows.dates(fleet.purchased[sort] + WARRANTY_DAYS),
        "sold_on": rows.dates(sold[sort]),
    }
    writer.out.add(VEHICLE, nowhere, heard[sort], heard[sort], columns)
    owners = sort[fleet.owner[sort] == sort]
    first_heard = heard.copy()
    np.minimum.at(first_heard, fleet.owner, heard)
    writer.out.add(
        CUSTOMER, nowhere[: len(owners)], first_heard[owners], first_heard[owners],
        _customers(writer, owners, first_heard[owners], rng),
    )  # fmt: skip


def _plates(prefixes: list[str], codes: Ints, model: Ints, number: Ints) -> pa.Array:
    """Province sign, letter, five digits; electric cars have a D before the digits."""
    green = np.where(ELECTRIC[model], 1, 0)
    heads = [f"{p}{letter}{g}" for p in prefixes for letter in PLATE_LETTERS for g in ("", "D")]
    head = rows.pick(heads, (codes * len(PLATE_LETTERS) + number % len(PLATE_LETTERS)) * 2 + green)
    tail = rows.digits((number * 7919) % 100_000, 5)
    return pa.compute.binary_join_element_wise(head.cast(pa.string()), tail, "")


def _customers(writer: Writer, owner: Ints, heard: Ints, rng: np.random.Generator) -> dict[str, pa.Array]:
    fleet, run = writer.fleet, writer.world.network.run
    count = len(owner)
    joined = np.minimum(fleet.joined[owner].astype(np.int64), heard // DAY)
    pool = _text_pool(rng)
    contacted = (rng.random(count) < 0.5) & (joined < run.today - 40)
    gap = np.minimum(rng.exponential(60, count), 400).astype(np.int64) + 1
    last = np.where(contacted, np.maximum(run.today - gap, joined + 1), -1)
    recent = contacted & (last > run.today - 8)
    phone = np.array(PHONE_PREFIXES)[rng.integers(0, len(PHONE_PREFIXES), count)]
    digits = rng.integers(0, 10**8, count)
    hold_out = rng.random(count) < HOLD_OUT_SHARE
    return {
        "customer_id": rows.ids("C", writer.vehicle_base + owner),
        "store_id": writer.stores(fleet.home[owner]),
        "name": rows.pick(pool, rng.integers(0, len(pool), count)),
        "phone": rows.digits(phone * 10**8 + digits, 11),
        "marketing_consent": rows.flags(rng.random(count) < CONSENT_SHARE),
        "hold_out": rows.flags(hold_out),
        "created_on": rows.dates(joined),
        "last_contacted_on": rows.dates(np.where(hold_out, -1, last)),
        "contacts_7d": rows.counts(np.where(recent & ~hold_out, rng.integers(1, 3, count), 0)),
    }
