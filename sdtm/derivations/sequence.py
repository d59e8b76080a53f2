"""The word `sequence`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class Sequence(Derivation):
    """The number of a record among its subject's, 1, 2, 3 ... in the order of the dataset's keys: --SEQ, ASEQ.

    `AESEQ: {sequence: {}}` orders by the keys, `{sequence: {by: [AESTDTC, AETERM]}}` by these variables; missing
    values come first. Records that are equal there keep the order of the export, so the same export gives the same numbers.

    >>> records = pd.DataFrame({"USUBJID": ["1", "1", "2"], "AESTDTC": ["2014-02", "2014-01", "2014-03"]}, dtype="string")
    >>> Sequence(by=["AESTDTC"]).compute(records).tolist()
    [2, 1, 1]
    """

    source = "SDTMIG 3.4, 4.1.3"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} numbers the records of a subject in the order of {by}."
    rowwise = False
    shorthand = "by"

    by: tuple[Ref, ...] = ()
    """the variables that order the records; without them the dataset's keys"""
    keys: tuple[Ref, ...] = ()
    """the dataset's keys, which the specification gives"""
    within: tuple[Ref, ...] = (Ref("USUBJID"),)
    """what the numbers start anew for"""

    def reads(self) -> dict[Ref, None]:
        return dict.fromkeys([*self.within, *self._order])

    @property
    def _order(self) -> tuple[Ref, ...]:
        return self.by or tuple(key for key in self.keys if not key.endswith("SEQ"))

    def compute(self, records: pd.DataFrame) -> pd.Series:
        order = list(dict.fromkeys([*self.within, *self._order]))
        ordered = records.sort_values(order, kind="stable", na_position="first")
        return (ordered.groupby(list(self.within), sort=False, dropna=False).cumcount() + 1).reindex(
            records.index
        )

    def method_text(self, variable: str) -> str:
        return self.method.format(variable=variable, by=", ".join(self._order))
