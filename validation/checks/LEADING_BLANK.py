"""The check LEADING_BLANK."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class LeadingBlank(StandingCheck):
    """A text that begins with a blank. Trailing blanks cannot be told from padding in a transport file."""

    severity: ClassVar[Severity] = "warning"
    title = "a text begins with a blank"
    why = "It sorts apart from the same text without the blank, and is no term of any codelist."
    to_do = "have the text corrected, or take blanks off in the specification"
    applies_to = "every character variable"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            for column in dataset.columns.values():
                if column.type == "Char":
                    wrong = dataset.texts(column.name).str.startswith(" ").fillna(False).to_numpy(dtype=bool)
                    yield from self.on_records(
                        dataset, column.name, wrong, f"{column.name} begins with a blank"
                    )
