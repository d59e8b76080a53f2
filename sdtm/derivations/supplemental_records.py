"""The word `supplemental_records`."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from sdtm.number_text import number_text
from specs import Argument, RecordDerivation, Records


class Qualifier(Argument):
    """What SUPP-- says of a non-standard variable beside its value."""

    label: str
    """QLABEL"""
    origin: str
    """QORIG"""
    evaluator: str = ""
    """QEVAL"""


class SupplementalRecords(RecordDerivation):
    """One record of SUPP-- for each value of a non-standard variable.

    Fields: IDVAR, IDVARVAL, QNAM, QLABEL, QVAL, QORIG, QEVAL and USUBJID. The parent record is named by --SEQ; a
    record of DM, of which a subject has only one, needs no IDVAR. A number is written with all its digits. A missing
    value makes no record.

    >>> word = SupplementalRecords(dataset="AE", qualifiers={"AECOM": {"label": "Comment", "origin": "Collected"}})
    >>> parent = pd.DataFrame({"USUBJID": ["1"], "AECOM": ["at night"], "AESEQ": pd.array([3], dtype="Float64")})
    >>> word.compute({"AE": Records(parent)}).data[["raw.IDVAR", "raw.IDVARVAL", "raw.QVAL"]].values.tolist()
    [['AESEQ', '3', 'at night']]
    """

    source = "SDTMIG 3.4, 8.4"
    shorthand: ClassVar[str] = ""

    dataset: str
    """the parent"""
    qualifiers: dict[str, Qualifier] = Field(min_length=1)
    """its non-standard variables"""

    def tables(self) -> tuple[str, ...]:
        return ()

    def datasets(self) -> tuple[str, ...]:
        return (self.dataset,)

    def fields(self) -> frozenset[str]:
        return frozenset({"IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL", "USUBJID"})

    def compute(self, given: Mapping[str, Records]) -> Records:
        parent = given[self.dataset].data
        sequence = f"{self.dataset}SEQ"
        by_sequence = sequence in parent.columns
        parts, rows = [], []
        for name, qualifier in self.qualifiers.items():
            has = parent[name].notna().to_numpy()
            records = parent[has]
            numeric = pd.api.types.is_numeric_dtype(records[name].dtype)
            values = number_text(records[name]) if numeric else records[name]
            fields = {
                "USUBJID": records["USUBJID"],
                "IDVAR": pd.Series(sequence if by_sequence else pd.NA, index=records.index),
                "IDVARVAL": number_text(records[sequence])
                if by_sequence
                else pd.Series(pd.NA, index=records.index),
                "QNAM": pd.Series(name, index=records.index),
                "QLABEL": pd.Series(qualifier.label, index=records.index),
                "QVAL": values,
                "QORIG": pd.Series(qualifier.origin, index=records.index),
                "QEVAL": pd.Series(qualifier.evaluator or pd.NA, index=records.index),
            }
            parts.append(
                pd.DataFrame({f"raw.{field}": column.astype("string") for field, column in fields.items()})
            )
            rows.append(np.flatnonzero(has).astype(np.int64))
        row = np.concatenate(rows)
        return Records(
            pd.concat(parts, ignore_index=True),
            pd.DataFrame(
                {
                    "record": np.arange(len(row), dtype=np.int64),
                    "table": pd.Series([self.dataset] * len(row), dtype="str"),
                    "row": row,
                }
            ),
        )
