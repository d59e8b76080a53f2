"""The check VARIABLE_UNKNOWN."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.expected import expected_datasets
from validation.written import Written


class VariableUnknown(StandingCheck):
    """A variable of a file that the specification does not know."""

    severity: ClassVar[Severity] = "error"
    title = "a file holds a variable that the specification does not know"
    why = "A variable without a specification has no definition in define.xml and cannot be explained."
    to_do = "specify the variable, or see why it was written"
    applies_to = "every variable of a file whose dataset is specified"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        for expected in expected_datasets(written.study).values():
            dataset = written.get(expected.name)
            known = {variable.name for variable in expected.variables}
            for name in dataset.columns if dataset is not None else ():
                if name not in known:
                    message = f"the specification of {expected.name} does not know {name}"
                    yield self.on_file(expected.name, name, message)
