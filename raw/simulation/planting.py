"""Planting faults in a table: which records, which cells, and what the build must make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from exchange import TEXT
from raw.simulation import as_text
from raw.simulation.draws import Bools, Ints, scaled
from raw.simulation.parameters import Defect, Parameters

Expected = Literal["finding", "accounting"]


@dataclass(frozen=True)
class Planted:
    """One planted fault."""

    defect: str
    file: str
    table: str
    row: int
    """line of a CSV file, row of a sheet, observation of a transport file; from 1"""
    column: str
    subject: str
    """as the study writes the number; as the file writes it where it is nobody's"""
    value: str
    """the cell's text; empty: a missing value is the fault"""
    expect: Mapping[Expected, str]
    """what the build must report: a finding's code, or the reason for which the record is left out"""


@dataclass(frozen=True)
class Amount:
    """How many of each fault belong in a part of the study."""

    parameters: Parameters
    subjects: int
    begin: float = 0.0
    end: float = 1.0
    """the part of the study, as shares of its records"""

    def of(self, defect: str) -> int:
        """How many of this fault to plant."""
        given = self.parameters.defects.get(defect)
        if given is None or given.count == 0:
            return 0
        whole = max(scaled(given.count, self.subjects, self.parameters.cohort.size), 1)
        return int(np.floor(whole * self.end + 1e-9)) - int(np.floor(whole * self.begin + 1e-9))

    def given(self, defect: str) -> Defect:
        """The fault's parameters."""
        return self.parameters.defects[defect]


@dataclass
class _Changes:
    positions: list[Ints] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)


class Planting:
    """A table in which faults are planted; a record has at most one."""

    def __init__(
        self,
        table: str,
        file: str,
        records: pd.DataFrame,
        subjects: npt.NDArray[np.object_],
        rng: np.random.Generator,
        *,
        first_row: int = 2,
    ) -> None:
        self._table, self._file, self._records = table, file, records
        self._subjects, self._rng, self._first_row = subjects, rng, first_row
        self._free = np.ones(len(records), dtype=np.bool_)
        self._sources = np.empty(0, dtype=np.int64)
        self._changes: dict[str, _Changes] = {}
        self._notes: list[tuple[str, Ints, str, Expected, str, bool]] = []

    def pick(self, eligible: Bools, count: int) -> Ints:
        """`count` of the eligible records, fewer where there are not so many; they take no further fault."""
        candidates = np.flatnonzero(eligible & self._free)
        positions = np.sort(self._rng.choice(candidates, size=min(count, candidates.size), replace=False))
        self._free[positions] = False
        return positions

    def texts(self, column: str, positions: Ints) -> list[str | None]:
        """What stands in these cells before any planting."""
        return [None if pd.isna(text) else str(text) for text in self._records[column].array[positions]]

    def copied(self, positions: Ints) -> Ints:
        """Copies of these records at the end of the table; their places there."""
        first = len(self._records) + self._sources.size
        self._sources = np.r_[self._sources, positions]
        return first + np.arange(positions.size)

    def write(self, positions: Ints, column: str, texts: Sequence[str | None] | str | None) -> None:
        """Write the texts into the cells; one text stands in all of them."""
        given = [texts] * positions.size if texts is None or isinstance(texts, str) else list(texts)
        assert len(given) == positions.size, f"a text for each cell of {column}"
        changes = self._changes.setdefault(column, _Changes())
        changes.positions.append(positions)
        changes.texts += given

    def note(
        self,
        defect: str,
        positions: Ints,
        column: str,
        expected: Expected,
        code: str,
        *,
        nobody: bool = False,
    ) -> None:
        """Say what was planted, and what is expected of it; `nobody`: the subject does not exist."""
        self._notes.append((defect, positions, column, expected, code, nobody))

    @property
    def records(self) -> pd.DataFrame:
        """The table with its faults."""
        return pd.DataFrame({name: self._column(name) for name in self._records.columns}, copy=False)

    def planted(self, subject_column: str) -> list[Planted]:
        """What was planted, with the values as they stand in the table."""
        sources = np.r_[np.arange(len(self._records)), self._sources]
        wanted = {subject_column, *(name for _, _, name, *_ in self._notes)}
        cells = {name: self._column(name) for name in wanted}
        found: list[Planted] = []
        for defect, positions, name, expected, code, nobody in self._notes:
            values = cells[name][positions]
            whose = cells[subject_column][positions] if nobody else self._subjects[sources[positions]]
            found += [
                Planted(
                    defect=defect,
                    file=self._file,
                    table=self._table,
                    row=int(position) + self._first_row,
                    column=name,
                    subject=str(subject),
                    value="" if pd.isna(value) else str(value),
                    expect={expected: code},
                )
                for position, subject, value in zip(positions, whose, values, strict=True)
            ]
        return found

    def _column(self, name: str) -> pd.api.extensions.ExtensionArray:
        cells = as_text.column(self._records, name)
        if self._sources.size:
            cells = pa.concat_arrays([cells, cells.take(pa.array(self._sources))])
        changes = self._changes.get(name)
        if changes is not None and changes.texts:
            places = np.arange(len(cells))
            places[np.concatenate(changes.positions)] = len(cells) + np.arange(len(changes.texts))
            cells = pa.concat_arrays([cells, pa.array(changes.texts, type=pa.string())]).take(
                pa.array(places)
            )
        texts: pd.api.extensions.ExtensionArray = pd.array(cells, dtype=TEXT)
        return texts


def later(stamps: Sequence[str | None], days: int) -> list[str]:
    """Time stamps (ISO 8601, seconds) moved by days."""
    moved = np.array(stamps, dtype="datetime64[s]") + np.timedelta64(days, "D")
    return [str(moment) for moment in moved]
