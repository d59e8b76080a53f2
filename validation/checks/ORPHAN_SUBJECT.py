"""The check ORPHAN_SUBJECT."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults
from validation.written import SUBJECT, Written


class OrphanSubject(StandingCheck):
    """A subject whose records have no subject in DM: one finding for each subject and dataset."""

    severity: ClassVar[Severity] = "error"
    title = "a subject is not in DM"
    why = (
        "DM is the parent of all subjects' records (SDTMIG 3.4, 5.2); a record without it belongs to nobody."
    )
    to_do = "find out whose record it is: often the subject's number was written wrong"
    applies_to = "USUBJID of every SDTM dataset but DM"

    def faults(self, written: Written) -> Iterator[Fault]:
        dm = written.get("DM", SUBJECT)
        if dm is None:
            return
        subjects = set(dm.records[SUBJECT].dropna())
        for dataset in written.sdtm:
            if dataset.name == "DM" or not dataset.has(SUBJECT):
                continue
            subject = dataset.records[SUBJECT]
            orphan = np.flatnonzero((~subject.isin(subjects) & subject.notna()).to_numpy())
            codes, _ = subject.iloc[orphan].factorize()
            groups = [orphan[codes == code] for code in range(codes.max(initial=-1) + 1)]
            message = "the subject is not in DM, and has {count} records here"
            single = "the subject is not in DM, and has 1 record here"
            for group in groups:
                said = message if len(group) > 1 else single
                yield from group_faults(self.described(), dataset, SUBJECT, [group], said)
