"""The check BASE_DIFFERS."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.baselines import baselines
from validation.check import Fault, StandingCheck
from validation.numbers import as_floats, as_texts
from validation.written import Written, WrittenDataset


class BaseDiffers(StandingCheck):
    """A BASE that is not AVAL of the baseline record of its subject and parameter (and BASETYPE).

    It may be missing on records up to the baseline. Groups with several baseline records are those of
    BASELINE_SEVERAL.
    """

    severity: ClassVar[Severity] = "error"
    title = "BASE is not the value of the baseline record"
    why = "BASE is AVAL of the record with ABLFL Y (ADaMIG 1.3, 3.3.4); changes from baseline stand on it."
    to_do = "see which record the specification takes as baseline"
    applies_to = "BASE of basic data structures with ABLFL"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.adam:
            if dataset.has("BASE"):
                yield from self._of(dataset)

    def _of(self, dataset: WrittenDataset) -> Iterator[Fault]:
        found = baselines(dataset)
        if found is None:
            return
        base = as_floats(dataset.records["BASE"])
        shown = {"base": dataset.texts("BASE"), "due": as_texts(found.value, dataset.records.index)}
        given, known = ~np.isnan(base), ~np.isnan(found.value)
        scale = np.maximum(1, np.abs(np.where(known, found.value, 0)))
        differs = given & known & (np.abs(base - found.value) > 1e-9 * scale)
        message = "BASE is {base}, but AVAL of the baseline record is {due}"
        yield from self.on_records(dataset, "BASE", differs, message, shown)
        message = "BASE is {base}, but no baseline record has an AVAL"
        yield from self.on_records(dataset, "BASE", given & ~known & ~found.several, message, shown)
        message = "BASE is missing, but AVAL of the baseline record is {due}"
        yield from self.on_records(dataset, "BASE", ~given & known & found.later, message, shown)
