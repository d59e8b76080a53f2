"""The word `disposition_status`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from specs import Derivation, Doubt, Judged, Ref, RelatedRecords
from specs.derivation import Origin

SEVERAL_DISPOSITIONS = "SEVERAL_DISPOSITIONS"


class DispositionStatus(Derivation):
    """COMPLETED, DISCONTINUED or ONGOING, of a subject's disposition event: EOSSTT, EOTSTT.

    `EOSSTT: {disposition_status: {of: {dataset: DS, variable: DSDECOD, where: DSSCAT EQ "STUDY
    PARTICIPATION"}}`. COMPLETED where the disposition is one of `completed`, missing where it is one of
    `not_applicable`, DISCONTINUED for every other reason, and ONGOING where there is no such record. Several
    different dispositions are an error, and the status is held back.

    >>> events = pd.DataFrame({"USUBJID": ["1", "2"], "DSDECOD": ["COMPLETED", "DEATH"]}, dtype="string")
    >>> subjects = pd.DataFrame({"USUBJID": ["1", "2", "3"]}, dtype="string")
    >>> DispositionStatus(of="DS.DSDECOD").compute_from(subjects, {"DS": events}).values.tolist()
    ['COMPLETED', 'DISCONTINUED', 'ONGOING']
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = COMPLETED if {of} is {completed}; missing if it is {not_applicable}; DISCONTINUED if "
        "it is "
        "anything else; {no_record} without such a record."
    )
    rowwise = False
    shorthand = "of"
    doubts: ClassVar[Mapping[str, Doubt]] = {
        SEVERAL_DISPOSITIONS: Doubt(
            "error",
            "the subject has several different dispositions here",
            "narrow the condition, or correct the data",
        )
    }

    of: RelatedRecords
    """the disposition, of the records that its condition chooses"""
    completed: tuple[str, ...] = ("COMPLETED",)
    """the dispositions of a subject who completed"""
    not_applicable: tuple[str, ...] = ("SCREEN FAILURE",)
    """the dispositions of a subject who never began: the status stays missing"""
    no_record: str | None = "ONGOING"
    """the status without such a record; none: missing"""
    subject: Ref = Ref("USUBJID")
    """whose disposition"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        found = related[self.of.dataset]
        if self.of.where is not None:
            found = found[self.of.where.selects(found)]
        distinct = found[["USUBJID", self.of.variable]].dropna().drop_duplicates()
        several = distinct["USUBJID"].duplicated(keep=False)
        reasons = distinct[~several].set_index("USUBJID")[self.of.variable]
        subjects = records[self.subject]
        reason = subjects.map(reasons, na_action="ignore").astype("string")
        status = reason.mask(reason.notna(), "DISCONTINUED").mask(reason.isin(self.completed), "COMPLETED")
        status = status.mask(reason.isin(self.not_applicable))
        ambiguous = subjects.isin(distinct.loc[several, "USUBJID"])
        status = status.mask(reason.isna() & ~ambiguous & subjects.notna(), self.no_record or pd.NA)
        return Judged(
            status,
            pd.Series(pd.NA, index=records.index, dtype="string").mask(ambiguous, SEVERAL_DISPOSITIONS),
        )

    def method_text(self, variable: str) -> str:
        return self.method.format(
            variable=variable,
            of=self.of,
            completed=" or ".join(self.completed),
            not_applicable=" or ".join(self.not_applicable) or "(none)",
            no_record=self.no_record or "missing",
        )
