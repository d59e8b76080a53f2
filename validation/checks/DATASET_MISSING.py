"""The check DATASET_MISSING."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.expected import expected_datasets
from validation.written import Written


class DatasetMissing(StandingCheck):
    """A dataset of the specification for which there is no file. SUPP-- need not exist."""

    severity: ClassVar[Severity] = "warning"
    title = "a dataset of the specification was not written"
    why = "The specification and define.xml promise a dataset that a reviewer would look for in vain."
    to_do = "see why it has no records; take it out of the specification if it never will have any"
    applies_to = "every dataset of the specification"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        for expected in expected_datasets(written.study).values():
            if expected.name not in written.datasets and not expected.optional:
                yield self.on_file(expected.name, "", f"there is no file of {expected.name}")
