"""The check ADSL_NOT_DM."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults, repeated
from validation.written import SUBJECT, Written


class AdslNotDm(StandingCheck):
    """ADSL has one record for each of DM's subjects: none twice, none that DM does not know, no treated one
    missing.

    A subject counts as treated when DM.RFXSTDTC is there. Subjects who were never treated may be left out.
    """

    severity: ClassVar[Severity] = "error"
    title = "the subjects of ADSL are not those of DM"
    why = (
        "ADSL holds one record per subject (ADaMIG 1.3, 3.2); every denominator of the analysis is "
        "counted there."
    )
    to_do = "see which records ADSL is made of"
    applies_to = "ADSL beside DM"

    def faults(self, written: Written) -> Iterator[Fault]:
        adsl, dm = written.get("ADSL", SUBJECT), written.get("DM", SUBJECT)
        if adsl is None or dm is None:
            return
        groups = repeated(adsl.records, [SUBJECT])
        yield from group_faults(self.described(), adsl, SUBJECT, groups, "{count} records of one subject")
        subject = adsl.records[SUBJECT]
        unknown = ~subject.isin(dm.records[SUBJECT]).to_numpy()
        yield from self.on_records(adsl, SUBJECT, unknown, "the subject is not in DM")
        if dm.has("RFXSTDTC"):
            left_out = ~dm.records[SUBJECT].isin(subject) & dm.records["RFXSTDTC"].notna()
            message = "the subject was treated, but is not in ADSL"
            yield from self.on_records(dm, SUBJECT, left_out.to_numpy(dtype=bool), message)
