"""The word `baseline_value`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from specs import Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

SEVERAL_BASELINES = "SEVERAL_BASELINES"


class BaselineValue(Derivation):
    """The value of a variable in the baseline record, on every record of its group: BASE, BASEC, BNRIND,
    BTOXGR.

    `BASE: {baseline_value: AVAL}`, `BNRIND: {baseline_value: ANRIND}`. The baseline record is the one with
    `flag` = Y in the group, which is subject and parameter unless `within` says more (BASETYPE). Two flagged
    records in one group are an error, and the whole group has no value. Missing where no record is flagged or
    its value is missing.

    >>> records = pd.DataFrame({"USUBJID": ["1", "1"], "PARAMCD": ["ALT", "ALT"], "ABLFL": ["Y", None]})
    >>> records = records.assign(AVAL=[20.0, 30.0])
    >>> BaselineValue(of="AVAL").compute(records).values.tolist()
    [20.0, 20.0]
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {of} of the record with {flag} = Y of the same {within}."
    rowwise = False
    shorthand = "of"
    doubts: ClassVar[Mapping[str, Doubt]] = {
        SEVERAL_BASELINES: Doubt(
            "error",
            "several records of the group are flagged as baseline",
            "let the baseline flag choose one record",
        )
    }

    of: Ref
    """the variable"""
    flag: Ref = Ref("ABLFL")
    """the flag of the baseline record"""
    within: tuple[Ref, ...] = (Ref("USUBJID"), Ref("PARAMCD"))
    """the variables that make a group"""

    def compute(self, records: pd.DataFrame) -> Judged:
        within = [str(ref) for ref in self.within]
        is_baseline = (records[self.flag] == "Y").fillna(False).astype(bool)
        flagged = records.loc[is_baseline, within].assign(_value=records[self.of])
        several = flagged.duplicated(within, keep=False)
        groups = flagged.drop_duplicates(within).assign(_several=several)
        beside = (
            records[within]
            .merge(groups, on=within, how="left", validate="many_to_one")
            .set_axis(records.index)
        )
        ambiguous = beside["_several"].astype("boolean").fillna(False).astype(bool)
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(ambiguous, SEVERAL_BASELINES)
        return Judged(beside["_value"].mask(ambiguous), doubts)
