"""The check STUDYID_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class StudyidWrong(StandingCheck):
    """A record whose STUDYID is not that of the study; without a specification, not that of DM."""

    severity: ClassVar[Severity] = "error"
    title = "STUDYID is not that of the study"
    why = "Records of another study would be pooled with this one."
    to_do = "see where the record comes from"
    applies_to = "STUDYID of every dataset"

    def faults(self, written: Written) -> Iterator[Fault]:
        study = written.study.id if written.study is not None else self._of_dm(written)
        for dataset in written.all:
            if study and dataset.has("STUDYID"):
                wrong = (dataset.records["STUDYID"] != study).fillna(False).to_numpy(dtype=bool)
                yield from self.on_records(dataset, "STUDYID", wrong, f"STUDYID is not {study}")

    @staticmethod
    def _of_dm(written: Written) -> str:
        dm = written.get("DM", "STUDYID")
        return next(iter(dm.records["STUDYID"].dropna().tolist()), "") if dm is not None else ""
