"""The check KEYS_REPEATED."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults, repeated
from validation.expected import expected_datasets
from validation.written import Written


class KeysRepeated(StandingCheck):
    """Records that are equal in all keys of their dataset. Missing keys are equal to each other."""

    severity: ClassVar[Severity] = "error"
    title = "several records have the same keys"
    why = (
        "The keys of define.xml must name one record each (Define-XML 2.1, KeySequence); often a record "
        "came in twice."
    )
    to_do = (
        "have the duplicate removed at its source, or add a variable to the keys that tells the records apart"
    )
    applies_to = "every dataset of the specification, by its keys"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        for expected in expected_datasets(written.study).values():
            dataset = written.get(expected.name, *expected.keys)
            if dataset is not None and expected.keys:
                groups = repeated(dataset.records, expected.keys)
                message = f"{{count}} records have the same {', '.join(expected.keys)}"
                yield from group_faults(self.described(), dataset, "", groups, message)
