"""The check TEXT_IS_PERIOD."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class TextIsPeriod(StandingCheck):
    """A text that is nothing but a period: a missing number that became text on its way."""

    severity: ClassVar[Severity] = "error"
    title = "a text is only a period"
    why = "A missing value must be missing; a period counts as a value in every listing and every join."
    to_do = "see where the number became text, and leave the value missing there"
    applies_to = "every character variable"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            for column in dataset.columns.values():
                if column.type == "Char":
                    wrong = (dataset.texts(column.name).str.strip() == ".").fillna(False).to_numpy(dtype=bool)
                    yield from self.on_records(dataset, column.name, wrong, f"{column.name} is only a period")
