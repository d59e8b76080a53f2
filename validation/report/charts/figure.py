"""A picture of the report with the numbers that it shows, and what it needs of the datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from exchange import TEXT, Table

Datasets = Mapping[str, Table]


@dataclass(frozen=True)
class Figure:
    """A picture; where the data do not give it, `absent` says why and the rest is empty."""

    key: str
    """its id on the page"""
    title: str
    caption: str = ""
    """what it shows, in one or two sentences, with the numbers that matter"""
    drawing: Markup | None = None
    columns: tuple[str, ...] = ()
    """the headers of the table of numbers; the first names the row"""
    rows: tuple[tuple[str, ...], ...] = ()
    absent: str = ""


def unavailable(datasets: Datasets, dataset: str, *variables: str) -> str:
    """Why a picture cannot be drawn: no such dataset, no such variables, no records; "" where it can.

    >>> unavailable({}, "AE", "AEDECOD")
    'There is no dataset AE in this build.'
    """
    if dataset not in datasets:
        return f"There is no dataset {dataset} in this build."
    records = datasets[dataset].records
    missing = [name for name in variables if name not in records]
    if missing:
        return f"{dataset} has no {' and no '.join(missing)}."
    return "" if len(records) else f"{dataset} has no records."


def texts(records: pd.DataFrame, variable: str) -> pd.Series:
    """A character variable; wholly missing where the dataset does not have it."""
    if variable in records:
        return records[variable].astype(TEXT)
    return pd.Series(pd.NA, index=records.index, dtype=TEXT)


def dates(values: pd.Series) -> pd.Series:
    """The days of ISO 8601 texts; missing where the date is partial."""
    return pd.to_datetime(values.str.slice(0, 10), format="%Y-%m-%d", errors="coerce")


def study_days(records: pd.DataFrame, day: str, date: str, datasets: Datasets) -> pd.Series:
    """Study days: the variable `day`, and where it is missing counted from DM.RFSTDTC to `date`; Float64."""
    days = pd.Series(pd.NA, index=records.index, dtype=pd.Float64Dtype())
    if date in records and not unavailable(datasets, "DM", "USUBJID", "RFSTDTC"):
        subjects = datasets["DM"].records[["USUBJID", "RFSTDTC"]].drop_duplicates("USUBJID")
        reference = dates(
            records[["USUBJID"]].merge(subjects, on="USUBJID", how="left", validate="m:1")["RFSTDTC"]
        )
        apart = (dates(records[date]).to_numpy() - reference.to_numpy()) / pd.Timedelta(days=1)
        counted = pd.Series(apart, index=records.index, dtype=pd.Float64Dtype())
        days = counted.where(counted < 0, counted + 1)
    return records[day].astype(pd.Float64Dtype()).fillna(days) if day in records else days


def count(number: int, one: str, several: str = "") -> str:
    """A number with its noun.

    >>> count(1, "subject"), count(12_000, "subject"), count(2, "injection to do", "injections to do")
    ('1 subject', '12,000 subjects', '2 injections to do')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
