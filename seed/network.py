"""The network: where the stores stand, what they are called, their bays, their wave, and what is wrong with a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data_access.chinese_calendar import Calendar, as_date, chinese_calendar
from seed.days import calendar_pull, closes_for_festival, season_pull
from seed.levels import BAY_HOURS_PER_VEHICLE, REGION_LEVELS, TIER_BAYS, Floats, Levels, store_levels
from seed.names import NAMES, table
from seed.scale import DAY, Run

Ints = NDArray[np.int64]
FLAGSHIP_CITY = "110000"
FLAGSHIP_VEHICLES = (39.2, 62.0)
FLAGSHIP_SHARE_REFERRED = 0.18
KM_A_DEGREE = 111.2
REFERRAL_KM = 250.0


@dataclass(frozen=True)
class Faults:
    """What is planted: indices of stores, and since when."""

    bad_fix: Ints
    bad_fix_since: Ints
    overloaded: Ints
    long_wait_today: int
    stopped: Ints
    stopped_at: Ints
    """seconds"""
    resumes_at: Ints
    """seconds; -1 never within the tape"""
    late: Ints
    late_seconds: Ints
    low_region: str = "north"
    slow_region: str = "south"
    below_plan_region: str = "central"


@dataclass(frozen=True)
class Network:
    """Stores in geographical order; every array has one element a store unless said otherwise."""

    run: Run
    calendar: Calendar
    store_id: NDArray[np.str_]
    name_zh: list[str]
    name_en: list[str]
    region: list[str]
    province: list[str]
    city: list[str]
    longitude: Floats
    latitude: Floats
    store_type: list[str]
    tier: list[str]
    bays: Ints
    active_bays: Ints
    opens: Ints
    closes: Ints
    wave: Ints
    """0, 1, 2; -1 never live"""
    rate: Floats
    levels: Levels
    flagship: int
    neighbours: Ints
    """(stores, 8) where a customer may be referred to; -1 nowhere"""
    faults: Faults

    def __len__(self) -> int:
        return len(self.store_id)

    @property
    def live(self) -> NDArray[np.bool_]:
        return self.wave >= 0

    def day_index(self, day: int) -> int:
        """Column of a day in the arrays of `opening` and `pull`."""
        return day - self.run.history_first

    @property
    def day_count(self) -> int:
        return _day_count(self.run)

    def phase(self, stores: Ints) -> Floats:
        """(stores, days) how far the roll-out has come, 0 … 1, from the first day of history to the horizon."""
        starts = np.array([self.run.wave_start(w) if w >= 0 else 10**8 for w in self.wave[stores]])
        days = self.run.history_first + np.arange(self.day_count)
        x = np.clip((days[None, :] - starts[:, None]) / self.run.ramp, 0, 1)
        return x * x * (3 - 2 * x)

    def opening(self, stores: Ints) -> NDArray[np.bool_]:
        """(stores, days) whether a store is open."""
        return _opening(self.run, self.calendar, self.tier, stores)

    def pull(self, stores: Ints, noisy: bool) -> Floats:
        """(stores, days) share of a store's level that a day draws; mean 1 over open days; 0 when closed."""
        first = self.run.history_first - self.calendar.first
        base = calendar_pull(self.calendar)[first : first + self.day_count]
        factors = np.empty((len(stores), self.day_count))
        for row, store in enumerate(stores):
            region = self.region[store]
            factors[row] = base * season_pull(self.calendar, region)[first : first + self.day_count]
            if noisy:
                factors[row] *= self._weather(region) * self._chance(int(store))
        is_open = self.opening(stores)
        factors *= is_open
        return factors * (is_open.sum(1) / factors.sum(1))[:, None]

    def _weather(self, region: str) -> Floats:
        rng = np.random.default_rng([self.run.seed, 22, list(REGION_LEVELS).index(region)])
        shocks = rng.normal(0, 0.03, self.day_count)
        level, out = 0.0, np.empty(self.day_count)
        for day, shock in enumerate(shocks):
            level = 0.7 * level + shock
            out[day] = level
        return np.exp(out)

    def _chance(self, store: int) -> Floats:
        rng = np.random.default_rng([self.run.seed, 23, store])
        drift = np.interp(
            np.arange(self.day_count), np.linspace(0, self.day_count, 12), rng.normal(0, 0.03, 12)
        )
        return np.exp(drift + rng.normal(0, 0.05, self.day_count))


def _city_stores(run: Run) -> list[dict[str, str]]:
    """One city row a store, by urban population; a small network takes the largest cities of all seven regions."""
    region = {row["province"]: row["region"] for row in table("provinces")}
    cities = [dict(row, region=region[row["province"]]) for row in table("cities")]
    population = np.array([float(row["urban_population"]) for row in cities])
    if run.scale.stores >= 100:
        share = population**0.97 / (population**0.97).sum() * run.scale.stores
        count = np.floor(share).astype(int)
        rest = run.scale.stores - count.sum()
        count[np.argsort(-(share - count), kind="stable")[:rest]] += 1
    else:
        count = np.zeros(len(cities), int)
        quota = {
            "north": 2,
            "northeast": 1,
            "east": 3,
            "central": 2,
            "south": 2,
            "southwest": 1,
            "northwest": 1,
        }
        for key, part in quota.items():
            members = [i for i, row in enumerate(cities) if row["region"] == key]
            ranked = sorted(members, key=lambda i: -population[i])
            for step in range(max(1, round(part * run.scale.stores / 12))):
                count[ranked[step % 4]] += 1
        extra = int(count.sum()) - run.scale.stores
        for index in np.argsort(-count, kind="stable")[: max(extra, 0)]:
            count[index] -= 1
        count[int(np.argmax(population))] += max(-extra, 0)
    order = list(REGION_LEVELS)
    rows = [row for row, times in zip(cities, count, strict=True) for _ in range(times)]
    return sorted(rows, key=lambda row: (order.index(row["region"]), row["province"], row["adcode"]))


def _names(rows: list[dict[str, str]], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Unique Chinese and English names: city and neighbourhood. The first of the flagship's city is the flagship."""
    zh, en, used = [], [], {}
    english = [row["name_en"] for row in rows]
    code = {name: len({row["adcode"] for row in rows if row["name_en"] == name}) for name in set(english)}
    for row in rows:
        if row["adcode"] not in used:
            areas = rng.permutation(len(NAMES["areas"]))
            used[row["adcode"]] = [0, *areas[areas > 0]] if row["adcode"] == FLAGSHIP_CITY else list(areas)
        area_zh, area_en = NAMES["areas"][used[row["adcode"]].pop(0)]
        zh.append(f"{NAMES['store_prefix_zh']}{row['name_zh']}{area_zh}{NAMES['store_suffix_zh']}")
        city = row["name_en"] if code[row["name_en"]] == 1 else f"{row['name_en']} ({row['province_en']})"
        en.append(f"{NAMES['store_prefix_en']}{city} {area_en}")
    return zh, en


def _neighbours(
    longitude: Floats, latitude: Floats, region: list[str], run: Run, flagship: int, live: NDArray[np.bool_]
) -> Ints:
    """Up to eight stores a customer may be sent to, inside the chunk; Beijing sends half of them to the flagship."""
    count, chunk = len(longitude), run.scale.chunk
    x = longitude * np.cos(np.radians(latitude)) * KM_A_DEGREE
    out = np.full((count, 8), -1)
    for store in range(count):
        begin = store // chunk * chunk
        others = np.arange(begin, min(begin + chunk, count))
        others = others[
            (others != store) & live[others] & np.array([region[o] == region[store] for o in others])
        ]
        km = np.hypot(x[others] - x[store], (latitude[others] - latitude[store]) * KM_A_DEGREE)
        near = others[np.argsort(km, kind="stable")][: int((km < REFERRAL_KM).sum())]
        if len(near):
            out[store] = near[np.arange(8) % min(len(near), 4)]
            if flagship in near[:12]:
                out[store, :4] = flagship
    return out


def _day_count(run: Run) -> int:
    return run.horizon - run.history_first


def _opening(run: Run, calendar: Calendar, tier: Sequence[str], stores: Ints) -> NDArray[np.bool_]:
    first, count = run.history_first - calendar.first, _day_count(run)
    shut = closes_for_festival(calendar)[first : first + count]
    weekday = calendar.weekday[first : first + count]
    large = np.array([tier[s] == "large" for s in stores])
    is_open = ~(shut[None, :] & ~large[:, None])
    for row, store in enumerate(stores):
        rng = np.random.default_rng([run.seed, 21, int(store)])
        if tier[store] == "small" and rng.random() < 0.25:
            is_open[row, weekday == 6] = False
        if rng.random() < 0.015:
            begin = int(rng.integers(0, count - 60))
            is_open[row, begin : begin + 10] = False
    return is_open


def _faults(
    run: Run,
    live: Ints,
    regions: list[str],
    flagship: int,
    rng: np.random.Generator,
    open_today: NDArray[np.bool_],
) -> Faults:
    ordinary = np.array([s for s in live if s != flagship and regions[s] not in ("north", "south")])
    picked = rng.permutation(ordinary)
    bad = max(1, round(0.05 * len(live)))
    heavy = max(1, round(0.015 * len(live)))
    stops = 3 if run.scale.stores >= 100 else 1
    late = 2 if run.scale.stores >= 100 else 1
    ends = np.cumsum([bad, heavy, 1, stops, late])
    groups = np.split(picked[: ends[-1]], ends[:-1])
    now = run.as_of_second
    # Nobody waits at a store that is closed today.
    waiting = [s for s in (*groups[2], *picked[ends[-1] :]) if open_today[s]] or groups[2]
    return Faults(
        bad_fix=np.sort(groups[0]),
        bad_fix_since=run.today - rng.integers(*((20, 30) if run.scale.days < 150 else (70, 110)), bad),
        overloaded=np.sort(groups[1]),
        long_wait_today=int(waiting[0]),
        stopped=groups[3],
        stopped_at=now - np.array([26, 75, 218])[:stops] * 3600,
        resumes_at=np.array([now + 2 * DAY, -1, -1])[:stops],
        late=groups[4],
        late_seconds=np.array([47, 24])[:late] * 60,
    )


def build_network(run: Run) -> Network:
    """All stores of a run, live or not. Independent of the horizon: only of scale, as-of and seed."""
    rng = np.random.default_rng([run.seed, 1])
    calendar = chinese_calendar(
        min(as_date(run.history_first), date(2023, 1, 1)), max(as_date(run.horizon), date(2028, 12, 31))
    )
    provinces = {row["province"]: row for row in table("provinces")}
    rows = [dict(row, province_en=provinces[row["province"]]["name_en"]) for row in _city_stores(run)]
    count = len(rows)
    region = [row["region"] for row in rows]
    name_zh, name_en = _names(rows, rng)
    flagship = next(i for i, row in enumerate(rows) if row["adcode"] == FLAGSHIP_CITY)
    tier = list(rng.choice(["large", "medium", "small"], count, p=[0.2, 0.55, 0.25]))
    tier[flagship] = "large"
    size = np.array([REGION_LEVELS[r][4] * TIER_BAYS[t] for r, t in zip(region, tier, strict=True)])
    bays = np.clip(np.round(size * np.exp(rng.normal(0, 0.13, count))), 4, 16).astype(int)
    bays[flagship] = 16
    active = bays - ((bays > 6) & (rng.random(count) < 0.2))
    hours = np.array([(8, 18), (9, 18), (8, 19), (8, 20)])[rng.choice(4, count, p=[0.76, 0.10, 0.10, 0.04])]
    hours[flagship] = (8, 19)
    wave = rng.permutation(np.arange(count) % 3)
    wave[flagship] = 0
    east = np.array([i for i in range(count) if region[i] == "east"])
    wave[rng.choice(east, run.scale.never_live, replace=False)] = -1
    live = np.flatnonzero(wave >= 0)
    levels = store_levels(region, active, (hours[:, 1] - hours[:, 0]).astype(float), rng)
    opening = _opening(run, calendar, tier, np.arange(count))
    faults = _faults(run, live, region, flagship, rng, opening[:, run.today - run.history_first])
    _plant_levels(levels, faults, flagship, active, hours)
    longitude = np.array([float(row["longitude"]) for row in rows]) + rng.normal(0, 0.05, count)
    latitude = np.array([float(row["latitude"]) for row in rows]) + rng.normal(0, 0.04, count)
    return Network(
        run=run,
        calendar=calendar,
        store_id=np.array([f"S{i + 1:03d}" for i in range(count)]),
        name_zh=name_zh,
        name_en=name_en,
        region=region,
        province=[row["province"] for row in rows],
        city=[row["adcode"] for row in rows],
        longitude=np.round(longitude, 5),
        latitude=np.round(latitude, 5),
        store_type=list(rng.choice(["direct", "franchise"], count, p=[0.35, 0.65])),
        tier=tier,
        bays=bays,
        active_bays=active,
        opens=hours[:, 0],
        closes=hours[:, 1],
        wave=wave,
        rate=np.round(252 * levels.revenue * np.exp(rng.normal(0, 0.04, count)), 0),
        levels=levels,
        flagship=flagship,
        neighbours=_neighbours(longitude, latitude, region, run, flagship, wave >= 0),
        faults=faults,
    )


def _plant_levels(levels: Levels, faults: Faults, flagship: int, bays: Ints, hours: Ints) -> None:
    """Writes the flagship's and the overloaded stores' levels into the arrays."""
    open_hours = (hours[:, 1] - hours[:, 0]).astype(float)
    levels.vehicles[flagship] = FLAGSHIP_VEHICLES
    levels.utilisation[faults.overloaded, 1] = 0.96
    levels.vehicles[faults.overloaded, 1] = (
        0.96 * bays[faults.overloaded] * open_hours[faults.overloaded] / BAY_HOURS_PER_VEHICLE[1]
    )
    for store in (flagship, *faults.overloaded):
        levels.technician_days[store] = levels.vehicles[store, 1] * 0.222
    levels.csi[flagship] = (84.0, 93.0)
