"""Vehicles in care: model, age, mileage, when the next visit is due, and whether the vehicle has left for good."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from seed.levels import Floats
from seed.names import NAMES
from seed.network import Ints

NEVER = 2**30
MODELS = NAMES["models"]
MODEL_DAYS = np.array([model[2] for model in MODELS])
MODEL_KM = np.array([model[3] for model in MODELS])
MODEL_SHARE = np.array([model[4] for model in MODELS]) / sum(model[4] for model in MODELS)
ELECTRIC = np.array([model[1] == "BEV" for model in MODELS])
WARRANTY_DAYS = 3 * 365
SECOND_CAR_SHARE = 0.06
REPAIR_EVERY_DAYS = 400.0


@dataclass
class Fleet:
    """One element a vehicle of some stores. Days count from 1970-01-01; intervals are in days of an average store."""

    home: NDArray[np.int32]
    """row of the home store"""
    model: NDArray[np.int8]
    due_days: NDArray[np.float32]
    """what the maker recommends, at this vehicle's mileage"""
    habit: NDArray[np.float32]
    """own mean days between maintenance visits"""
    km_day: NDArray[np.float32]
    purchased: NDArray[np.int32]
    far: NDArray[np.float32]
    """how far the owner lives, standard deviations"""
    sold: NDArray[np.int32]
    """day the owner gives it away"""
    joined: NDArray[np.int32]
    owner: NDArray[np.int32]
    """first vehicle of the same customer"""
    next_maintenance: NDArray[np.int32]
    next_repair: NDArray[np.int32]
    last: NDArray[np.int32]
    """day of the last visit, -1 before the first"""
    visits: NDArray[np.int32]
    left: NDArray[np.int32]
    """day of the visit after which the owner decided to stay away, -1 while loyal"""
    leave_probability: NDArray[np.float32]
    """chance of leaving as it was after the last visit"""

    def __len__(self) -> int:
        return len(self.home)

    def age_years(self, vehicles: Ints, day: Ints) -> Floats:
        return (day - self.purchased[vehicles]) / 365.25

    def extend(self, other: Fleet) -> None:
        """Append the vehicles of `other`; their `owner` must already count from this fleet's length."""
        for field in fields(self):
            setattr(self, field.name, np.concatenate([getattr(self, field.name), getattr(other, field.name)]))


def new_vehicles(home: Ints, joined: Ints, offset: int, rng: np.random.Generator) -> Fleet:
    """Vehicles that first come on `joined` to the stores `home`; they are numbered from `offset`."""
    count = len(home)
    model = rng.choice(len(MODELS), count, p=MODEL_SHARE).astype(np.int8)
    km_day = np.clip(np.exp(rng.normal(np.log(40), 0.38, count)), 8, 180)
    due_days = np.minimum(MODEL_DAYS[model], MODEL_KM[model] / km_day)
    due_days = np.clip(due_days, 75, 400)
    age = np.where(rng.random(count) < 0.45, rng.uniform(20, 240, count), rng.gamma(2.2, 560, count))
    owner = np.arange(offset, offset + count)
    second = (rng.random(count) < SECOND_CAR_SHARE) & (np.arange(count) > 0)
    second[1:] &= (home[1:] == home[:-1]) & ~second[:-1]
    owner[second] -= 1
    return Fleet(
        home=home.astype(np.int32),
        model=model,
        due_days=due_days.astype(np.float32),
        habit=(due_days * np.exp(rng.normal(0.03, 0.12, count))).astype(np.float32),
        km_day=km_day.astype(np.float32),
        purchased=(joined - np.clip(age, 20, 5500)).astype(np.int32),
        far=rng.normal(0, 1, count).astype(np.float32),
        sold=(joined + rng.exponential(365 / 0.04, count)).astype(np.int32),
        joined=joined.astype(np.int32),
        owner=owner.astype(np.int32),
        next_maintenance=np.full(count, NEVER, np.int32),
        next_repair=np.full(count, NEVER, np.int32),
        last=np.full(count, -1, np.int32),
        visits=np.zeros(count, np.int32),
        left=np.full(count, -1, np.int32),
        leave_probability=np.zeros(count, np.float32),
    )


def odometer(fleet: Fleet, vehicles: Ints, day: Ints, rng: np.random.Generator) -> NDArray[np.int64]:
    """Reading on a day, km; rises with every visit."""
    driven = (day - fleet.purchased[vehicles]) * fleet.km_day[vehicles].astype(float)
    return np.round(driven + 40 + rng.uniform(0, 8, len(vehicles))).astype(np.int64)
