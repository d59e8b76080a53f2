"""The check ADSL_VARIABLE_DIFFERS."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import SUBJECT, Written, WrittenDataset

_NOT_COMPARED = frozenset({SUBJECT, "DOMAIN"})


class AdslVariableDiffers(StandingCheck):
    """A variable that ADSL and DM, or ADSL and another ADaM dataset, both hold, with different values for a
    subject.
    """

    severity: ClassVar[Severity] = "error"
    title = "a variable of ADSL has another value elsewhere"
    why = "A variable has one meaning: copied from DM or ADSL it has the same values (ADaMIG 1.3, 3.1.1)."
    to_do = "copy the variable, or give it another name"
    applies_to = "variables of the same name in ADSL, DM and the other ADaM datasets"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.get("ADSL", SUBJECT) is None:
            return
        if written.get("DM", SUBJECT) is not None:
            yield from self._compared(written, written.datasets["ADSL"], "DM")
        for dataset in written.adam:
            if dataset.name != "ADSL" and dataset.has(SUBJECT):
                yield from self._compared(written, dataset, "ADSL")

    def _compared(self, written: Written, dataset: WrittenDataset, other: str) -> Iterator[Fault]:
        there = written.datasets[other]
        same = dataset.records[SUBJECT].isin(written.of_subject(other).index).to_numpy()
        for name, column in dataset.columns.items():
            if name in _NOT_COMPARED or name not in there.columns or there.columns[name].type != column.type:
                continue
            theirs = written.beside(dataset, [f"{other}.{name}"])[f"{other}.{name}"]
            own = dataset.records[name]
            differs = (own != theirs).fillna(True) & ~(own.isna() & theirs.isna())
            shown = {
                "own": dataset.texts(name),
                "theirs": theirs.astype("object").map(_text, na_action="ignore"),
            }
            message = f"{name} is {{own}} here and {{theirs}} in {other}"
            yield from self.on_records(dataset, name, differs.to_numpy(dtype=bool) & same, message, shown)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
