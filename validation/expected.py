"""What the specification says that each written file holds: the datasets themselves and their SUPP--."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from specs import Codelist, Dataset, Study

_SUPP = (
    ("STUDYID", "Study Identifier", True),
    ("RDOMAIN", "Related Domain Abbreviation", True),
    ("USUBJID", "Unique Subject Identifier", True),
    ("IDVAR", "Identifying Variable", False),
    ("IDVARVAL", "Identifying Variable Value", False),
    ("QNAM", "Qualifier Variable Name", True),
    ("QLABEL", "Qualifier Variable Label", True),
    ("QVAL", "Data Value", True),
    ("QORIG", "Origin", True),
    ("QEVAL", "Evaluator", False),
)
_SUPP_KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
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
    model: Literal["sdtm", "adam"]
    variables: tuple[ExpectedVariable, ...]
    """in the order of the file"""
    keys: tuple[str, ...]
    optional: bool = False
    """there is a file only when there are records: SUPP--"""


def expected_datasets(study: Study) -> dict[str, ExpectedDataset]:
    """Every file that the specification speaks of, by name, SUPP-- behind its parent.

    Required is what the implementation guide calls so; ADaM's "required" speaks of the variable, not of its
    values, so there only identifiers and parameters are never missing.
    """
    found: dict[str, ExpectedDataset] = {}
    for dataset in study.datasets.values():
        found[dataset.name] = _dataset(dataset)
        if dataset.nonstandard:
            name = f"SUPP{dataset.name}"
            variables = tuple(
                ExpectedVariable(each, label, "Char", None, needed) for each, label, needed in _SUPP
            )
            label = f"Supplemental Qualifiers for {dataset.name}"
            found[name] = ExpectedDataset(name, label, "sdtm", variables, _SUPP_KEYS, optional=True)
    return found


def _dataset(dataset: Dataset) -> ExpectedDataset:
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
    return ExpectedDataset(dataset.name, dataset.label, dataset.model, variables, dataset.keys)
