"""NumPy arrays to Arrow columns without a Python object a row, and the sorting of rows into base and tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
from numpy.typing import NDArray
from sqlalchemy import Table

from seed.scale import DAY

Array = NDArray[np.generic]
_FOUR = np.array([f"{number:04d}" for number in range(10_000)], "S4").view(np.uint32)
_HEX = np.array([f"{number:04x}" for number in range(65_536)], "S4").view(np.uint32)
KNOWN_AT, FINAL_AT = "known_at", "final_at"


def _validity(known: NDArray[np.bool_] | None) -> pa.Buffer | None:
    return None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))


def _text(prefix: str, quads: list[NDArray[np.uint32]], known: NDArray[np.bool_] | None) -> pa.Array:
    """Rows of a prefix and groups of four ASCII characters."""
    count = len(quads[0])
    names = [f"q{k}" for k in range(len(quads))]
    head = [("head", f"S{len(prefix)}")] if prefix else []
    matrix = np.empty(count, np.dtype([*head, *((name, "u4") for name in names)]))
    if prefix:
        matrix["head"] = prefix.encode()
    for name, quad in zip(names, quads, strict=True):
        matrix[name] = quad
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(matrix.dtype.itemsize)
    buffers = [_validity(known), pa.py_buffer(offsets), pa.py_buffer(matrix.tobytes())]
    return pa.Array.from_buffers(pa.string(), count, buffers)


def ids(prefix: str, numbers: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """`prefix` and eight digits."""
    n = np.maximum(numbers, 0).astype(np.uint32)
    high = n // np.uint32(10_000)
    return _text(prefix, [_FOUR[high], _FOUR[n - high * np.uint32(10_000)]], known)


def digits(numbers: Array, width: int) -> pa.Array:
    """Decimal numbers with leading zeros, all `width` long."""
    n, quads = numbers.astype(np.int64), []
    for _ in range(-(-width // 4)):
        quads.append(_FOUR[n % 10_000])
        n = n // 10_000
    matrix = np.stack(quads[::-1], axis=1).view(np.uint8)[:, -width:].tobytes()
    offsets = np.arange(len(n) + 1, dtype=np.int32) * np.int32(width)
    return pa.Array.from_buffers(pa.string(), len(n), [None, pa.py_buffer(offsets), pa.py_buffer(matrix)])


def hashes(prefix: str, numbers: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """`prefix` and eight hexadecimal digits, one to one and without visible order."""
    n = np.maximum(numbers, 0).astype(np.uint64) + np.uint64(0x5EED5)
    mask = np.uint64(2**32 - 1)
    for factor in (0x9E3779B1, 0x85EBCA6B):
        n = (n * np.uint64(factor)) & mask
        n ^= n >> np.uint64(15)
    quads = [_HEX[(n >> np.uint64(16)).astype(np.int64)], _HEX[(n & np.uint64(0xFFFF)).astype(np.int64)]]
    return _text(prefix, quads, known)


def pick(values: Sequence[str], codes: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Text by number in `values`; a negative number, or one that is not known, is NULL."""
    index = codes.astype(np.int32)
    valid = index >= 0 if known is None else (index >= 0) & known
    indices = pa.Array.from_buffers(pa.int32(), len(index), [_validity(valid), pa.py_buffer(index)])
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(values), pa.string()), safe=False)


def times(seconds: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Seconds since 1970-01-01; negative is NULL."""
    valid = seconds >= 0 if known is None else known & (seconds >= 0)
    data = seconds.astype(np.int64) * 1_000_000
    return pa.Array.from_buffers(pa.timestamp("us"), len(data), [_validity(valid), pa.py_buffer(data)])


def dates(days: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Days since 1970-01-01; negative is NULL."""
    valid = days >= 0 if known is None else known & (days >= 0)
    return pa.Array.from_buffers(
        pa.date32(), len(days), [_validity(valid), pa.py_buffer(days.astype(np.int32))]
    )


def numbers(values: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Decimal numbers; NaN is NULL."""
    data = values.astype(np.float64)
    valid = ~np.isnan(data) if known is None else known & ~np.isnan(data)
    return pa.Array.from_buffers(pa.float64(), len(data), [_validity(valid), pa.py_buffer(data)])


def counts(values: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole numbers; negative is not NULL unless `known` says so."""
    data = values.astype(np.int64)
    return pa.Array.from_buffers(pa.int64(), len(data), [_validity(known), pa.py_buffer(data)])


def hundredths(values: Array, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Cents to CNY, hundredths of an hour to hours."""
    return numbers(values / 100.0, known)


def flags(values: NDArray[np.bool_]) -> pa.Array:
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _validity(values)])


def plain(rows: pa.Table) -> pa.Table:
    """The same rows without dictionaries, so that tables with different ones can be joined."""
    columns = [c.cast(c.type.value_type) if pa.types.is_dictionary(c.type) else c for c in rows.columns]
    return pa.table(columns, names=rows.column_names)


LARGE = 4_000_000  # bytes from which a table goes to disk at once


@dataclass
class Output:
    """Rows on their way out: what is final before a store's border goes to `base`, the rest to `tape`.

    `border` is per store index: midnight of the day of as-of, or the moment from which a silent store is not heard of.
    With a `folder` the rows are left there as Arrow files, and large tables are not kept in memory.
    """

    border: NDArray[np.int64]
    tape_end: int
    folder: Path | None = None
    base: dict[str, list[pa.Table]] = field(default_factory=dict)
    tape: dict[str, list[pa.Table]] = field(default_factory=dict)
    truths: dict[str, list[pa.Table]] = field(default_factory=dict)
    _files: int = 0

    def add(
        self, table: Table, store: Array, known: Array, final: Array, columns: dict[str, pa.Array]
    ) -> None:
        """Rows with the second at which each becomes known, and the one from which it does not change any more."""
        names = [column.name for column in table.columns]
        if sorted(names) != sorted(columns):
            raise ValueError(f"{table.name}: {sorted(set(names) ^ set(columns))}")
        whole = pa.table([columns[name] for name in names], names=names)
        border = self.border[store]
        done = (final <= border) & (known <= border)
        self._keep("base", table.name, whole if done.all() else whole.filter(flags(done)))
        later = np.flatnonzero(~done & (known < self.tape_end * DAY))
        if len(later):
            rest = whole.take(pa.Array.from_buffers(pa.int64(), len(later), [None, pa.py_buffer(later)]))
            for name, moment in ((KNOWN_AT, known), (FINAL_AT, final)):
                rest = rest.append_column(name, times(moment[later]))
            self._keep("tape", table.name, rest)

    def add_fixed(self, table: Table, columns: dict[str, pa.Array]) -> None:
        """Rows that are known from the beginning and never change."""
        names = [column.name for column in table.columns]
        self._keep("base", table.name, pa.table([columns[name] for name in names], names=names))

    def add_truth(self, name: str, rows: pa.Table) -> None:
        self._keep("truths", name, rows)

    def _keep(self, part: str, name: str, rows: pa.Table) -> None:
        kept = {"base": self.base, "tape": self.tape, "truths": self.truths}[part]
        if self.folder is not None and rows.nbytes > LARGE:
            self._save(part, name, rows)
        else:
            kept.setdefault(name, []).append(rows)

    def _save(self, part: str, name: str, rows: pa.Table) -> None:
        if self.folder is None:
            raise ValueError("this output has no folder")
        place = self.folder / part / name
        place.mkdir(parents=True, exist_ok=True)
        pa.feather.write_feather(rows, str(place / f"{self._files:04d}.arrow"), compression="uncompressed")
        self._files += 1

    def close(self) -> None:
        """Leaves everything that is still in memory in the folder."""
        for part, kept in (("base", self.base), ("tape", self.tape), ("truths", self.truths)):
            for name, pieces in kept.items():
                self._save(part, name, pa.concat_tables(pieces).combine_chunks())
            kept.clear()
