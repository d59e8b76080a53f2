"""The check LABEL_DIFFERS."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.expected import expected_datasets
from validation.written import Written


class LabelDiffers(StandingCheck):
    """A dataset or a variable whose label in the file is not that of the specification."""

    severity: ClassVar[Severity] = "error"
    title = "a label is not that of the specification"
    why = "The label in the file must be that of define.xml and of the implementation guide."
    to_do = "mend the label in the specification, and write the file again"
    applies_to = "every specified dataset and variable that was written"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        for expected in expected_datasets(written.study).values():
            dataset = written.get(expected.name)
            if dataset is None:
                continue
            label = dataset.table.label
            if label != expected.label:
                message = (
                    f"the label of {expected.name} is '{label}' in the file and '{expected.label}' in the "
                    f"specification"
                )
                yield self.on_file(expected.name, "", message, label)
            for variable in expected.variables:
                if (
                    variable.name in dataset.columns
                    and dataset.columns[variable.name].label != variable.label
                ):
                    label = dataset.columns[variable.name].label
                    message = (
                        f"the label is '{label}' in the file and '{variable.label}' in the specification"
                    )
                    yield self.on_file(expected.name, variable.name, message, label)
