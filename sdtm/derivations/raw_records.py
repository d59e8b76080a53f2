"""The word `raw_records`."""

from collections.abc import Mapping
from typing import ClassVar, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from specs import (
    TABLE_FIELD,
    Argument,
    Condition,
    Problem,
    RecordDerivation,
    Records,
    UserError,
    left_out_of,
    sources_of,
)

_SHOWN = 5


class LeaveOut(Argument):
    """Raw records that become nothing, and why."""

    where: Condition
    reason: str
    """a code, as the accounting shows it"""
    because: str
    """a sentence"""


class Beside(Argument):
    """Another raw table of which at most one record belongs to each, laid beside it."""

    table: str
    on: dict[str, str]
    """its columns, each with the column of the first table that it equals"""
    fields: dict[str, str]
    """the fields that it adds, each with its column"""
    where: Condition | None = None
    """the records of it that count"""


class RawRecords(RecordDerivation):
    """One record for each record of a raw table.

    `- raw_records: AE`, or with arguments. `names` gives columns another name, so that several tables can feed one
    dataset; `constants` adds fields with one value. `leave_out` names the records that become nothing, with a reason:
    the first that holds counts. `beside` lays another table's fields beside it: a record that finds two is an error
    of the export, and those that are not meant or found by none are left out as NOT_MEANT and NO_PARTNER, unless they
    become something elsewhere.

    >>> word = RawRecords(table="AE", leave_out=[{"where": 'AETERM EQ ""', "reason": "EMPTY", "because": "no event"}])
    >>> rows = np.arange(2)
    >>> given = Records(pd.DataFrame({"raw.AETERM": ["asthenie", None]}, dtype="string"), sources_of("raw.AE", rows))
    >>> made = word.compute({"raw.AE": given})
    >>> len(made.data), made.left_out["reason"].tolist()
    (1, ['EMPTY'])
    """

    source = "SDTMIG 3.4, 4.1"
    shorthand: ClassVar[str] = "table"

    table: str
    """the raw table"""
    where: Condition | None = None
    """the records meant; the others are the business of another word and are not left out"""
    leave_out: tuple[LeaveOut, ...] = ()
    """records that become nothing, and why"""
    names: Mapping[str, str] = {}
    """other names for columns: new name, column"""
    constants: Mapping[str, str] = {}
    """fields with one value"""
    beside: tuple[Beside, ...] = ()
    """tables laid beside it"""

    def tables(self) -> tuple[str, ...]:
        return (self.table, *(each.table for each in self.beside))

    def datasets(self) -> tuple[str, ...]:
        return ()

    def fields(self) -> frozenset[str]:
        return frozenset(
            [*self.names, *self.constants, *(name for each in self.beside for name in each.fields)]
        )

    def columns_behind(self, table: str, field: str) -> tuple[str, ...]:
        if table != self.table:
            return tuple(
                each.fields[field] for each in self.beside if each.table == table and field in each.fields
            )
        if field in self.names:
            return (self.names[field],)
        added = {name for each in self.beside for name in each.fields} | set(self.constants)
        return () if field in added else (field,)

    def columns_used(self, table: str) -> tuple[str, ...]:
        if table != self.table:
            return tuple(
                name
                for each in self.beside
                if each.table == table
                for name in [*each.on, *(each.where.variables if each.where else ())]
            )
        conditions = [each.where for each in self.leave_out] + ([self.where] if self.where else [])
        chosen = [name for condition in conditions for name in condition.variables]
        return tuple(dict.fromkeys([*chosen, *(name for each in self.beside for name in each.on.values())]))

    def compute(self, given: Mapping[str, Records]) -> Records:
        key = f"raw.{self.table}"
        raw = given[key].data
        rows = given[key].sources["row"].to_numpy(dtype=np.int64)
        plain = raw.rename(columns=lambda name: name.removeprefix("raw."))
        meant = self.where.selects(plain).to_numpy() if self.where else np.ones(len(raw), dtype=bool)
        gone, left_out = ~meant, [left_out_of(None, rows[:0], "", "")]
        for leave in self.leave_out:
            chosen = leave.where.selects(plain).to_numpy() & ~gone
            left_out.append(left_out_of(key, rows[chosen], leave.reason, leave.because))
            gone = gone | chosen
        kept = rows[~gone]
        data = plain[~gone].reset_index(drop=True)
        data = data.assign(
            **{new: data[old] for new, old in self.names.items()},
            **{
                name: pd.Series(value, index=data.index, dtype="string")
                for name, value in self.constants.items()
            },
            **{TABLE_FIELD: pd.Series(self.table, index=data.index, dtype="string")},
        )
        sources = [sources_of(key, kept)]
        for each in self.beside:
            data, found, idle = self._laid_beside(data, each, given[f"raw.{each.table}"])
            sources.append(found)
            left_out.append(idle)
        ordered = (
            pd.concat(sources, ignore_index=True).sort_values("record", kind="stable").reset_index(drop=True)
        )
        return Records(
            data.rename(columns=lambda name: f"raw.{name}"), ordered, pd.concat(left_out, ignore_index=True)
        )

    def _laid_beside(
        self, data: pd.DataFrame, each: Beside, other: Records
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The data with the fields of another table, their sources, and the records of it that are left out."""
        key = f"raw.{each.table}"
        right = other.data.rename(columns=lambda name: name.removeprefix("raw."))
        rows = other.sources["row"].to_numpy(dtype=np.int64)
        meant = each.where.selects(right).to_numpy() if each.where else np.ones(len(right), dtype=bool)
        names = list(each.on)
        asked = data[list(each.on.values())].set_axis(names, axis="columns")
        offered = right[names].assign(**{" place": np.arange(len(right))})[meant].dropna(subset=names)
        offered = offered.merge(asked.drop_duplicates(), on=names, how="inner", validate="many_to_one")
        several = offered.duplicated(names, keep=False).to_numpy()
        if several.any():
            self._complain_of_several(each, other, rows[offered.loc[several, " place"].to_numpy()])
        found = asked.merge(offered, on=names, how="left", validate="many_to_one")[" place"].astype("Int64")
        has = found.notna().to_numpy()
        place = found[has].to_numpy(dtype=np.int64)
        record = np.flatnonzero(has).astype(np.int64)
        fields = {
            field: right[column].iloc[place].set_axis(record).reindex(data.index)
            for field, column in each.fields.items()
        }
        idle = meant.copy()
        idle[place] = False
        left_out = [
            left_out_of(key, rows[~meant], "NOT_MEANT", f"it is not meant beside {self.table}: {each.where}"),
            left_out_of(
                key, rows[idle], "NO_PARTNER", f"no record of {self.table} has its {' and '.join(names)}"
            ),
        ]
        sources = sources_of(key, rows[place]).assign(record=record)
        return data.assign(**fields), sources, pd.concat(left_out, ignore_index=True)

    def _complain_of_several(self, each: Beside, other: Records, rows: npt.NDArray[np.int64]) -> NoReturn:
        lines = ", ".join(str(other.lines[row]) for row in np.sort(rows)[:_SHOWN])
        raise UserError(
            Problem(
                f"{len(rows)} records of raw table '{each.table}' share their {' and '.join(each.on)}, "
                f"but only one can stand beside a record of '{self.table}'",
                f"{other.file}, lines {lines}",
                "have the export corrected, or choose one of them: `where:` beside it, or `keys:` and `latest:` "
                "in raw.yaml",
            )
        )
