"""The word `existence_flag`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class ExistenceFlag(Derivation):
    """Whether a subject has a record of a kind, in three outcomes: SAFFL, FASFL, ENRLFL.

    `SAFFL: {existence_flag: {of: {dataset: EX, variable: EXSEQ, where: EXDOSE GT 0}, no_records: N}}`. Y
    where one of the subject's records has the variable and meets the condition; N where the subject has
    records in that dataset but none such; `no_records` (missing, unless said otherwise) where the subject has
    none at all. An unknown condition is not met.

    >>> doses = pd.DataFrame({"USUBJID": ["1", "2"], "EXDOSE": [1.0, 0.0]})
    >>> word = ExistenceFlag(of={"dataset": "EX", "variable": "EXDOSE", "where": "EXDOSE GT 0"})
    >>> word.compute_from(pd.DataFrame({"USUBJID": ["1", "2", "3"]}, dtype="string"), {"EX": doses}).tolist()
    ['Y', 'N', <NA>]
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = {met} if the subject has a record with {of}; {unmet} if none of the subject's records there is such; "
        "without any record there {no_records}."
    )
    rowwise = False
    shorthand = "of"

    of: RelatedRecords
    """the records of which one is enough"""
    met: str = "Y"
    """the value where there is one"""
    unmet: str | None = "N"
    """the value where the subject has records in the dataset, but none such; none: missing"""
    no_records: str | None = None
    """the value where the subject has no record in the dataset; none: missing"""
    subject: Ref = Ref("USUBJID")
    """whose records"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        found = related[self.of.dataset]
        such = found[self.of.variable].notna()
        if self.of.where is not None:
            such = such & self.of.where.selects(found)
        has_one = records[self.subject].isin(found.loc[such, "USUBJID"])
        has_any = records[self.subject].isin(found["USUBJID"])
        values = pd.Series(self.no_records or pd.NA, index=records.index, dtype="string")
        return values.mask(has_any, self.unmet or pd.NA).mask(has_one, self.met)

    def method_text(self, variable: str) -> str:
        return self.method.format(
            variable=variable,
            met=self.met,
            of=self.of,
            unmet=self.unmet or "missing",
            no_records=self.no_records or "missing",
        )
