"""The check LENGTH_DIFFERS."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written, WrittenDataset


class LengthDiffers(StandingCheck):
    """A character variable that is shorter in one file than in another of the same model. SUPP-- stand for
    themselves.
    """

    severity: ClassVar[Severity] = "warning"
    title = "a variable has not the same length wherever it occurs"
    why = (
        "FDA's Study Data Technical Conformance Guide asks for one length of a character variable "
        "across all datasets but "
        "SUPP--; programs that stack or join the datasets cut longer values off otherwise."
    )
    to_do = "give the variable the greatest of its lengths in every dataset"
    applies_to = "character variables of the same name in several datasets"

    def faults(self, written: Written) -> Iterator[Fault]:
        for datasets in (written.sdtm, written.adam):
            yield from self._of_model([dataset for dataset in datasets if not dataset.parent])

    def _of_model(self, datasets: list[WrittenDataset]) -> Iterator[Fault]:
        longest: dict[str, tuple[int, str]] = {}
        for dataset in datasets:
            for column in dataset.columns.values():
                if column.type == "Char" and column.length > longest.get(column.name, (0, ""))[0]:
                    longest[column.name] = (column.length, dataset.name)
        for dataset in datasets:
            for column in dataset.columns.values():
                length, other = longest.get(column.name, (0, ""))
                if column.type == "Char" and column.length < length:
                    message = f"its length is {column.length} here and {length} in {other}"
                    yield self.on_file(dataset.name, column.name, message, str(column.length))
