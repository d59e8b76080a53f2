"""The check DATASET_EMPTY."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class DatasetEmpty(StandingCheck):
    """A file without records."""

    severity: ClassVar[Severity] = "error"
    title = "a dataset has no records"
    why = "Datasets without records are not submitted; often a filter or a join went wrong."
    to_do = "see whether the export had records for it; leave the dataset out if it had none"
    applies_to = "every file"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            if not len(dataset.records):
                yield self.on_file(dataset.name, "", f"{dataset.name} has no records")
