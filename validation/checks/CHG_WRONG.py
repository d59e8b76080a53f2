"""The check CHG_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.baselines import baselines
from validation.check import Fault, StandingCheck
from validation.numbers import Floats, as_floats, as_texts
from validation.written import Written, WrittenDataset

_TOLERANCE = 1e-9


class ChgWrong(StandingCheck):
    """A CHG that is not AVAL - BASE, or a PCHG that is not 100 * (AVAL - BASE) / |BASE|, computed anew.

    They may be missing on records up to the baseline; after it they are there when AVAL and BASE are, PCHG
    unless BASE is 0. Differences below a billionth of the values do not count.
    """

    severity: ClassVar[Severity] = "error"
    title = "a change from baseline does not follow from AVAL and BASE"
    why = "CHG and PCHG are fixed functions of AVAL and BASE on the same record (ADaMIG 1.3, 3.3.4)."
    to_do = "see whether the value was derived before AVAL or BASE was changed"
    applies_to = "CHG and PCHG of basic data structures"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.adam:
            if not dataset.has("AVAL", "BASE"):
                continue
            aval, base = (as_floats(dataset.records[name]) for name in ("AVAL", "BASE"))
            scale = np.maximum(1, np.maximum(np.abs(aval), np.abs(base)))
            if dataset.has("CHG"):
                yield from self._compared(dataset, "CHG", aval - base, scale)
            if dataset.has("PCHG"):
                size = np.abs(np.where(base == 0, np.nan, base))
                yield from self._compared(
                    dataset, "PCHG", 100 * (aval - base) / size, 100 * np.maximum(1, scale / size)
                )

    def _compared(self, dataset: WrittenDataset, name: str, due: Floats, scale: Floats) -> Iterator[Fault]:
        value = as_floats(dataset.records[name])
        given, known = ~np.isnan(value), ~np.isnan(due)
        shown = {
            **{other: dataset.texts(other) for other in (name, "AVAL", "BASE")},
            "due": as_texts(due, dataset.records.index),
        }
        differs = given & known & (np.abs(value - due) > _TOLERANCE * scale)
        message = f"{name} is {{{name}}}, but AVAL {{AVAL}} and BASE {{BASE}} give {{due}}"
        yield from self.on_records(dataset, name, differs, message, shown)
        message = f"{name} is {{{name}}}, but AVAL {{AVAL}} and BASE {{BASE}} give no value"
        yield from self.on_records(dataset, name, given & ~known, message, shown)
        found = baselines(dataset)
        if found is not None:
            message = f"{name} is missing, but AVAL {{AVAL}} and BASE {{BASE}} give {{due}}"
            yield from self.on_records(dataset, name, ~given & known & found.later, message, shown)
