"""Visits as they were collected: labels to the planned visits of TV, and those that are none of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from specs import Codelist, RelatedRecords

PLANNED = (
    RelatedRecords(dataset="TV", variable="VISIT"),
    RelatedRecords(dataset="TV", variable="VISITNUM"),
)
"""name and number of the planned visits"""


def planned_numbers(
    planned: tuple[RelatedRecords, RelatedRecords], related: Mapping[str, pd.DataFrame]
) -> pd.Series:
    """The number of each planned visit by its name."""
    name, number = planned
    visits = related[name.dataset][[name.variable, number.variable]].dropna().drop_duplicates(name.variable)
    return visits.set_index(name.variable)[number.variable]


def read_labels(
    labels: pd.Series, codelist: Codelist, numbers: pd.Series, unscheduled: str
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """For each collected label the number of the planned visit that it means (missing for all others), whether it means
    an unscheduled one, and whether it means no visit at all though something was collected."""
    visit = labels.astype("string").map(codelist.by_collected, na_action="ignore").astype("string")
    number = visit.map(numbers, na_action="ignore").astype("Float64")
    extra = (visit == unscheduled).fillna(False)
    return number, extra, labels.notna() & number.isna() & ~extra
