"""The check DATASET_UNKNOWN."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.expected import expected_datasets
from validation.written import Written


class DatasetUnknown(StandingCheck):
    """A file whose dataset the specification does not know; nothing else could be checked in it."""

    severity: ClassVar[Severity] = "error"
    title = "a file holds a dataset that the specification does not know"
    why = "A dataset without a specification has no definition in define.xml and cannot be explained."
    to_do = "specify the dataset, or take the file away"
    applies_to = "every file"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        known = expected_datasets(written.study)
        for name in written.datasets:
            if name not in known:
                yield self.on_file(name, "", f"the specification does not know {name}")
