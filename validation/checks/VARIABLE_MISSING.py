"""The check VARIABLE_MISSING."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.expected import expected_datasets
from validation.written import Written


class VariableMissing(StandingCheck):
    """A variable of the specification that its file does not hold."""

    severity: ClassVar[Severity] = "error"
    title = "a variable of the specification was not written"
    why = "define.xml describes a variable that is not there, and analyses that need it fail."
    to_do = "write the variable, or take it out of the specification"
    applies_to = "every variable of the specification whose dataset was written"

    def faults(self, written: Written) -> Iterator[Fault]:
        if written.study is None:
            return
        for expected in expected_datasets(written.study).values():
            dataset = written.get(expected.name)
            for variable in expected.variables if dataset is not None else ():
                if dataset is not None and variable.name not in dataset.columns:
                    yield self.on_file(
                        expected.name, variable.name, f"{expected.name} has no {variable.name}"
                    )
