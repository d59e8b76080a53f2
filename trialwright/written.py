"""From records to files: the lengths of the whole study, then one transport file per dataset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from exchange import Column, Table, xpt
from specs import Dataset, Problem, Records, Study, UserError, Variable


def write_datasets(
    study: Study,
    built: Mapping[str, Records],
    folder: Path,
    created: datetime,
    only: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """Write the datasets that have records to `folder`/sdtm and `folder`/adam; the names of those written.

    Raises UserError, all refusals together, where XPT version 5 cannot hold a value.
    """
    lengths = byte_lengths(study, built)
    problems: list[Problem] = []
    written: list[str] = []
    for name, dataset in study.datasets.items():
        place = folder / dataset.model
        place.mkdir(exist_ok=True)
        if built[name].data.empty or (only is not None and name not in only):
            continue
        keys = [key for key in dict.fromkeys(("USUBJID", *dataset.keys)) if key in dataset.by_name]
        try:
            xpt.write(
                _table(dataset, built[name], lengths),
                place / f"{name.lower()}.xpt",
                created=created,
                keys=keys,
            )
        except UserError as error:
            problems += error.problems
        written.append(name)
    if problems:
        raise UserError(problems)
    return tuple(written)


def byte_lengths(study: Study, built: Mapping[str, Records]) -> dict[str, int]:
    """For each character variable the bytes of its longest value over all datasets, at least 1.

    A variable has one length wherever it occurs (FDA Technical Conformance Guide; SDTMIG 3.4, 4.1.5).
    """
    longest: dict[str, int] = {}
    for name, dataset in study.datasets.items():
        for variable in dataset.submitted:
            if variable.type == "Char":
                texts = pd.Series(built[name].data[variable.name].dropna().unique(), dtype="object")
                length = max((len(text.encode()) for text in texts), default=1)
                longest[variable.name] = max(longest.get(variable.name, 1), length)
    return longest


def _table(dataset: Dataset, records: Records, lengths: Mapping[str, int]) -> Table:
    names = [variable.name for variable in dataset.submitted]
    return Table(
        dataset.name,
        dataset.label,
        tuple(_column(variable, lengths) for variable in dataset.submitted),
        records.data[names].reset_index(drop=True),
    )


def _column(variable: Variable, lengths: Mapping[str, int]) -> Column:
    length = 8 if variable.type == "Num" else lengths[variable.name]
    return Column(variable.name, variable.label, variable.type, length, variable.format)
