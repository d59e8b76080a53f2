"""Facts of the written transport files, which define.xml states: types, lengths, terms, value levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from define_xml.data_types import ValueFacts, longest, number_facts, text_facts
from exchange import NUMBER, TEXT, Column, Table, number_text, xpt
from specs import Dataset, Problem, Study, UserError, Variable

SUPP = "SUPP"
"""How the name of a dataset of supplemental qualifiers begins."""
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


@dataclass(frozen=True)
class VariableFacts:
    """One variable of a file."""

    column: Column
    values: ValueFacts
    used: frozenset[str] = frozenset()
    """the distinct values, for a variable with a codelist"""
    levels: Mapping[str, ValueFacts] = field(default_factory=dict)
    """by value of the variable that its metadata depend on, in order; a level without values is left out"""
    used_by_level: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """the distinct values of each level, for a variable with a codelist and for QVAL"""


@dataclass(frozen=True)
class DatasetFacts:
    """One file: its records counted, its variables in order."""

    records: int
    variables: Mapping[str, VariableFacts]
    names: Mapping[str, Mapping[str, str]]
    """for each variable that others depend on: what its values are called (ALT: Alanine Aminotransferase)"""


def level_variable(dataset: Dataset, variable: Variable) -> str:
    """The variable by whose values the metadata differ: the specification's, QNAM for QVAL; "" for none."""
    if dataset.name.startswith(SUPP) and variable.name == "QVAL":
        return variable.value_level or "QNAM"
    return variable.value_level


def parent_of(study: Study, dataset: Dataset) -> Dataset | None:
    """The domain whose non-standard variables a dataset holds; None for other datasets."""
    return study.datasets.get(dataset.name.removeprefix(SUPP)) if dataset.name.startswith(SUPP) else None


def described(study: Study, dataset: Dataset) -> tuple[Variable, ...]:
    """The variables that are described with a dataset: its own, and those that are its qualifiers."""
    parent = parent_of(study, dataset)
    return (*dataset.submitted, *(parent.nonstandard if parent else ()))


def read_facts(datasets: Iterable[Dataset], folder: Path) -> Mapping[str, DatasetFacts]:
    """The facts of each dataset's file in `folder`; a dataset without a file has no records.

    Raises UserError with every file that is unreadable or other than the specification says, and where no
    file has records.
    """
    found: dict[str, DatasetFacts] = {}
    problems: list[Problem] = []
    for dataset in datasets:
        path = folder / file_of(dataset.name)
        if not path.is_file():
            found[dataset.name] = _without_records(dataset)
            continue
        try:
            table = xpt.read(path, file=path.name)
        except UserError as error:
            problems.extend(error.problems)
            continue
        own = [*_differences(dataset, table), *_unwritable(dataset, table)]
        problems += own
        if not own:
            found[dataset.name] = _dataset_facts(dataset, table)
    if not problems and not any(facts.records for facts in found.values()):
        problems = [Problem("no transport file has records", str(folder), "build the study's datasets first")]
    if problems:
        raise UserError(problems)
    return found


def file_of(dataset: str) -> str:
    """The file of a dataset."""
    return f"{dataset.lower()}.xpt"


def _differences(dataset: Dataset, table: Table) -> Iterator[Problem]:
    file, to_do = file_of(dataset.name), "build the study again: the file was made from another specification"
    columns = {column.name: column for column in table.columns}
    if table.name != dataset.name:
        yield Problem(f"the file holds the dataset {table.name}", f"{file}, {dataset.name}", to_do)
    if table.label != dataset.label:
        yield Problem(
            f"the label is '{table.label}' in the file and '{dataset.label}' in the specification",
            f"{dataset.line}, {dataset.name}",
            to_do,
        )
    for variable in dataset.submitted:
        where = f"{variable.line}, {dataset.name}.{variable.name}"
        column = columns.pop(variable.name, None)
        if column is None:
            yield Problem(f"the variable is not in {file}", where, to_do)
            continue
        for what, there, here in (
            ("type", column.type, variable.type),
            ("label", column.label, variable.label),
        ):
            if there != here:
                yield Problem(
                    f"the {what} is '{there}' in {file} and '{here}' in the specification", where, to_do
                )
    for name in columns:
        yield Problem(f"{name} is no variable of the specification", f"{file}, {dataset.name}.{name}", to_do)


def _unwritable(dataset: Dataset, table: Table) -> Iterator[Problem]:
    """Values that define.xml would name and XML cannot hold."""
    names = {column.name for column in table.columns if column.type == "Char"}
    named = {level_variable(dataset, variable) for variable in dataset.submitted}
    for name in sorted(names & (named | {_name_variable(each) for each in named})):
        if table.records[name].str.contains(_CONTROL, regex=True).any():
            yield Problem(
                "a value holds a control character, which XML cannot hold",
                f"{file_of(dataset.name)}, {dataset.name}.{name}",
                "take it out in the export, or map the value to a term",
            )


def _without_records(dataset: Dataset) -> DatasetFacts:
    variables = {
        each.name: VariableFacts(
            Column(each.name, each.label, each.type, format=each.format),
            _facts(pd.Series([], dtype=NUMBER if each.type == "Num" else TEXT), each, 1),
        )
        for each in dataset.submitted
    }
    return DatasetFacts(0, variables, {})


def _dataset_facts(dataset: Dataset, table: Table) -> DatasetFacts:
    by_name = dataset.by_name
    variables = {
        column.name: _variable_facts(
            by_name[column.name], column, table.records, _level_of(dataset, column.name)
        )
        for column in table.columns
    }
    levels = dict.fromkeys(_level_of(dataset, name) for name in variables)
    names = {level: _names(table.records, level) for level in levels if level}
    return DatasetFacts(len(table.records), variables, names)


def _level_of(dataset: Dataset, name: str) -> str:
    level = level_variable(dataset, dataset.by_name[name])
    return level if level in dataset.by_name and dataset.by_name[level].type == "Char" else ""


def _variable_facts(variable: Variable, column: Column, records: pd.DataFrame, level: str) -> VariableFacts:
    distinct = pd.Series(records[column.name].dropna().unique(), dtype=records[column.name].dtype)
    used: frozenset[str] = frozenset()
    if variable.codelist is not None and not variable.codelist.dictionary:
        used = (
            frozenset(number_text(float(v)) for v in distinct)
            if column.type == "Num"
            else frozenset(distinct)
        )
    values = _facts(distinct, variable, column.length)
    if not level:
        return VariableFacts(column, values, used)
    pairs = records[[level, column.name]].dropna().drop_duplicates()
    typed = column.name.endswith(("ORRES", "STRESC", "QVAL"))
    levels = {
        str(value): _facts(group, variable, longest(group) if column.type == "Char" else 0, typed=typed)
        for value, group in pairs.groupby(level, sort=True)[column.name]
    }
    coded = variable.codelist is not None or column.name == "QVAL"
    used_by_level = {
        str(value): _distinct(group, column) for value, group in pairs.groupby(level)[column.name] if coded
    }
    return VariableFacts(column, values, used, levels, used_by_level)


def _distinct(values: pd.Series[Any], column: Column) -> frozenset[str]:
    return (
        frozenset(number_text(float(each)) for each in values) if column.type == "Num" else frozenset(values)
    )


def _facts(distinct: pd.Series[Any], variable: Variable, planned: int, *, typed: bool = False) -> ValueFacts:
    if variable.type == "Num":
        return number_facts(distinct.to_numpy(dtype="float64"))
    return text_facts(distinct, variable.name, planned, typed=typed)


def _names(records: pd.DataFrame, level: str) -> Mapping[str, str]:
    """What the values of a variable are called, where each has one name only: those of LBTESTCD in LBTEST."""
    name = _name_variable(level)
    if name not in records.columns:
        return {}
    pairs = records[[level, name]].dropna().drop_duplicates()
    pairs = pairs[~pairs[level].duplicated(keep=False)].sort_values(level)
    return dict(zip(pairs[level].astype(str), pairs[name].astype(str), strict=True))


def _name_variable(level: str) -> str:
    """LBTEST for LBTESTCD, PARAM for PARAMCD, QLABEL for QNAM; "" where there is none."""
    if level == "QNAM":
        return "QLABEL"
    return level.removesuffix("CD") if level.endswith("CD") else ""
