"""The check DOMAIN_WRONG."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import Written


class DomainWrong(StandingCheck):
    """A record of a dataset whose DOMAIN, or RDOMAIN in SUPP--, is that of another. Split datasets begin with
    theirs.
    """

    severity: ClassVar[Severity] = "error"
    title = "DOMAIN is not that of the dataset"
    why = "The record belongs to another dataset, or its identifiers point to nothing."
    to_do = "mend the value that the specification assigns"
    applies_to = "DOMAIN of SDTM domains, RDOMAIN of SUPP--"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.sdtm:
            variable = "RDOMAIN" if dataset.parent else "DOMAIN"
            if dataset.has(variable):
                values, name = dataset.records[variable], dataset.parent or dataset.name
                right = (values == name) | (values == name[:2])
                wrong = (~right).fillna(False).to_numpy(dtype=bool)
                yield from self.on_records(dataset, variable, wrong, f"{variable} is not {name}")
