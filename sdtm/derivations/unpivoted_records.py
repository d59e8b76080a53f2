"""The word `unpivoted_records`."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from specs import TABLE_FIELD, Argument, Condition, RecordDerivation, Records, left_out_of, sources_of


class FormTest(Argument):
    """One test of a form: where its result stands, and what belongs to it."""

    result: str
    """the column with the result"""
    columns: Mapping[str, str] = {}
    """further fields of this test with their columns, such as UNIT, METHOD, POSITION"""
    constants: Mapping[str, str] = {}
    """further fields of this test with one value, such as UNIT: kg"""


class UnpivotedRecords(RecordDerivation):
    """One record per test from each record of a form that has a column per test.

    `- unpivoted_records: {table: DM, tests: {WEIGHT: {result: WEIGHT, constants: {UNIT: kg}}}}` makes fields TEST,
    RESULT and those named, beside the form's own columns. A test without a result makes no record, unless `not_done`
    chooses the form's record: then it makes one without a result. A form's record of which no test has a result is
    left out as EMPTY.

    >>> word = UnpivotedRecords(table="VS", tests={"SYSBP": {"result": "SYS"}, "DIABP": {"result": "DIA"}})
    >>> form = pd.DataFrame({"raw.SYS": ["120"], "raw.DIA": [None]}, dtype="string")
    >>> made = word.compute({"raw.VS": Records(form, sources_of("raw.VS", np.arange(1)))})
    >>> made.data[["raw.TEST", "raw.RESULT"]].values.tolist()
    [['SYSBP', '120']]
    """

    source = "SDTMIG 3.4, 6.3"
    shorthand: ClassVar[str] = ""

    table: str
    """the raw table"""
    tests: dict[str, FormTest] = Field(min_length=1)
    """the tests, by the text of the field TEST"""
    not_done: Condition | None = None
    """the form's records that make a record per test even without results"""
    where: Condition | None = None
    """the form's records meant"""

    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def datasets(self) -> tuple[str, ...]:
        return ()

    def fields(self) -> frozenset[str]:
        added = {name for test in self.tests.values() for name in [*test.columns, *test.constants]}
        return frozenset({"TEST", "RESULT"} | added)

    def columns_behind(self, table: str, field: str) -> tuple[str, ...]:
        if field == "RESULT":
            return tuple(test.result for test in self.tests.values())
        behind = tuple(test.columns[field] for test in self.tests.values() if field in test.columns)
        return behind or (() if field in self.fields() else (field,))

    def columns_used(self, table: str) -> tuple[str, ...]:
        return tuple(
            name for each in (self.where, self.not_done) if each is not None for name in each.variables
        )

    def compute(self, given: Mapping[str, Records]) -> Records:
        key = f"raw.{self.table}"
        form = given[key].data.rename(columns=lambda name: name.removeprefix("raw."))
        rows = given[key].sources["row"].to_numpy(dtype=np.int64)
        meant = self.where.selects(form).to_numpy() if self.where else np.ones(len(form), dtype=bool)
        not_done = (
            self.not_done.selects(form).to_numpy() if self.not_done else np.zeros(len(form), dtype=bool)
        )
        parts, numbers = [], []
        for name, test in self.tests.items():
            chosen = meant & (form[test.result].notna().to_numpy() | not_done)
            part = form[chosen]
            parts.append(
                part.assign(
                    TEST=pd.Series(name, index=part.index, dtype="string"),
                    RESULT=part[test.result],
                    **{field: part[column] for field, column in test.columns.items()},
                    **{
                        field: pd.Series(value, index=part.index, dtype="string")
                        for field, value in test.constants.items()
                    },
                )
            )
            numbers.append(rows[chosen])
        number = np.concatenate(numbers)
        order = np.argsort(number, kind="stable")
        data = pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)
        data = data.assign(**{TABLE_FIELD: pd.Series(self.table, index=data.index, dtype="string")})
        empty = np.setdiff1d(rows[meant], number)
        return Records(
            data.rename(columns=lambda name: f"raw.{name}"),
            sources_of(key, number[order]),
            left_out_of(key, empty, "EMPTY", "no test of the form has a result"),
        )
