"""The check STUDY_DAY_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.dates import days, study_days
from validation.numbers import as_floats, as_texts
from validation.written import SUBJECT, Written, WrittenDataset

_REFERENCE = "RFSTDTC"


class StudyDayWrong(StandingCheck):
    """A study day that is not the number of days from DM.RFSTDTC, counted anew from the dates as written.

    The reference date is day 1, the day before it day -1. Where the date or RFSTDTC is not complete there is
    no study day.
    """

    severity: ClassVar[Severity] = "error"
    title = "a study day does not follow from its date"
    why = "--DY is counted from RFSTDTC without a day 0 (SDTMIG 3.4, 4.4.4); windows and visits depend on it."
    to_do = "see which reference date the specification names"
    applies_to = "--DY, --STDY and --ENDY of SDTM domains beside --DTC, --STDTC and --ENDTC"

    def faults(self, written: Written) -> Iterator[Fault]:
        dm = written.get("DM", SUBJECT, _REFERENCE)
        if dm is None:
            return
        for dataset in written.sdtm:
            for date, day in self._pairs(dataset):
                yield from self._of_variable(written, dataset, date, day)

    @staticmethod
    def _pairs(dataset: WrittenDataset) -> Iterator[tuple[str, str]]:
        for timing in ("", "ST", "EN"):
            date, day = f"{dataset.prefix}{timing}DTC", f"{dataset.prefix}{timing}DY"
            if dataset.prefix and dataset.has(SUBJECT, date, day) and dataset.columns[day].type == "Num":
                yield date, day

    def _of_variable(self, written: Written, dataset: WrittenDataset, date: str, day: str) -> Iterator[Fault]:
        reference = written.beside(dataset, [f"DM.{_REFERENCE}"])[f"DM.{_REFERENCE}"]
        due = study_days(days(dataset.records[date], date), days(reference, _REFERENCE))
        given = as_floats(dataset.records[day])
        shown = {
            "day": dataset.texts(day),
            "date": dataset.texts(date),
            "reference": reference,
            "due": as_texts(due, dataset.records.index),
        }
        none_due = np.isnan(due) & ~np.isnan(given)
        message = (
            f"{day} is {{day}}, but {date} {{date}} and {_REFERENCE} {{reference}} are not both complete"
        )
        yield from self.on_records(dataset, day, none_due, message, shown)
        other = ~np.isnan(due) & (given != due)
        message = (
            f"{day} is {{day}}, but {date} {{date}} is day {{due}} counted from {_REFERENCE} {{reference}}"
        )
        yield from self.on_records(dataset, day, other, message, shown)
