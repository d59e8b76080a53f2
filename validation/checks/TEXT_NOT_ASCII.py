"""The check TEXT_NOT_ASCII."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class TextNotAscii(StandingCheck):
    """A text with a character outside printable ASCII: diacritics, control characters, typographic signs."""

    severity: ClassVar[Severity] = "error"
    title = "a text holds a character outside printable ASCII"
    why = (
        "A version 5 transport file holds ASCII (FDA, Study Data Technical Conformance Guide); other "
        "bytes read as rubbish."
    )
    to_do = "map the character in the specification, or have the text corrected"
    applies_to = "every character variable"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            for column in dataset.columns.values():
                if column.type == "Char":
                    clean = dataset.texts(column.name).str.fullmatch(r"[\x20-\x7e]*").fillna(True)
                    wrong = ~clean.to_numpy(dtype=bool)
                    yield from self.on_records(
                        dataset, column.name, wrong, f"{column.name} is not plain ASCII"
                    )
