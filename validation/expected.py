"""What the specification says that each written file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specs import Codelist, Dataset, Study

_NEVER_MISSING_IN_ADAM = frozenset({"STUDYID", "USUBJID", "PARAM", "PARAMCD"})


@dataclass(frozen=True)
class ExpectedVariable:
    """A variable that a file must hold."""

    name: str
    label: str
    type: Literal["Char", "Num"]
    codelist: Codelist | None = None
    required: bool = False
    """it is never missing"""


@dataclass(frozen=True)
class ExpectedDataset:
    """A file that the specification speaks of."""

    name: str
    label: str
    variables: tuple[ExpectedVariable, ...]
    """in the order of the file"""
    keys: tuple[str, ...]
    optional: bool = False
    """there is a file only when there are records: SUPP--"""


def expected_datasets(study: Study) -> dict[str, ExpectedDataset]:
    """Every file that the specification speaks of, by name, in the order of submission.

    Required is what the implementation guide calls so; ADaM's "required" speaks of the variable, not of its
    values, so there only identifiers and parameters are never missing.
    """
    return {name: _expected(dataset) for name, dataset in study.datasets.items()}


def _expected(dataset: Dataset) -> ExpectedDataset:
    variables = tuple(
        ExpectedVariable(
            variable.name,
            variable.label,
            variable.type,
            variable.codelist,
            variable.core == "Req" and (dataset.model == "sdtm" or variable.name in _NEVER_MISSING_IN_ADAM),
        )
        for variable in dataset.submitted
    )
    optional = dataset.name.startswith("SUPP") and "QNAM" in dataset.by_name
    return ExpectedDataset(dataset.name, dataset.label, variables, dataset.keys, optional)
