"""The check ANALYSIS_DAY_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.dates import days, study_days
from validation.numbers import as_floats, as_texts
from validation.written import SUBJECT, Written, WrittenDataset

_PAIRS = (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY"))
_REFERENCE = "TRTSDT"


class AnalysisDayWrong(StandingCheck):
    """An analysis day that is not the number of days from the first treatment, counted anew from the dates as
    written.

    The day of TRTSDT is day 1, the day before it day -1. Only days that the specification counts from TRTSDT
    are looked at.
    """

    severity: ClassVar[Severity] = "error"
    title = "an analysis day does not follow from its date"
    why = (
        "ADY is counted from a reference date without a day 0 (ADaMIG 1.3, 3.3.3); analysis windows "
        "depend on it."
    )
    to_do = "see which date the specification counts from"
    applies_to = "ADY, ASTDY and AENDY that are counted from TRTSDT"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.adam:
            reference = _REFERENCE if dataset.has(_REFERENCE) else f"ADSL.{_REFERENCE}"
            for date, day in _PAIRS:
                if (
                    dataset.has(SUBJECT, date, day)
                    and written.reads(dataset, [reference])
                    and _counts(dataset, day)
                ):
                    yield from self._of(written, dataset, date, day, reference)

    def _of(
        self, written: Written, dataset: WrittenDataset, date: str, day: str, reference: str
    ) -> Iterator[Fault]:
        start = written.beside(dataset, [reference])[reference]
        due = study_days(days(dataset.records[date], date), days(start, _REFERENCE))
        given = as_floats(dataset.records[day])
        shown = {"day": dataset.texts(day), "due": as_texts(due, dataset.records.index)}
        none_due = np.isnan(due) & ~np.isnan(given)
        message = f"{day} is {{day}}, but {date} or {_REFERENCE} is missing"
        yield from self.on_records(dataset, day, none_due, message, shown)
        message = f"{day} is {{day}}, but {date} is day {{due}} counted from {_REFERENCE}"
        yield from self.on_records(dataset, day, ~np.isnan(due) & (given != due), message, shown)


def _counts(dataset: WrittenDataset, day: str) -> bool:
    """Whether the specification counts the day from TRTSDT."""
    variable = dataset.spec.by_name.get(day) if dataset.spec is not None else None
    return variable is not None and any(ref.variable == _REFERENCE for ref in variable.derivation.reads())
