"""The moment that all files of a build state: that of the data, not that of a clock, so that same inputs give same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from specs import Records, Study

_MOMENT = r"^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?)?"


def data_as_of(study: Study, raw: Mapping[str, Records], built: Mapping[str, Records]) -> datetime:
    """The latest moment at which something was entered or validated in the export (the columns that raw.yaml calls
    `latest`); where it has none, the latest date that was collected; 1960-01-01 where there is none at all."""
    entered = [
        raw[f"raw.{name}"].data[f"raw.{table.latest}"] for name, table in study.raw.items() if table.latest
    ]
    collected = [
        built[dataset.name].data[variable.name]
        for dataset in study.sdtm
        for variable in dataset.variables
        if variable.name.endswith("DTC")
    ]
    return _latest(entered) or _latest(collected) or datetime(1960, 1, 1)


def _latest(texts: list[pd.Series]) -> datetime | None:
    found = pd.concat(
        [pd.Series(dtype="str"), *(text.dropna().astype("str") for text in texts)], ignore_index=True
    )
    parts = found.drop_duplicates().str.extract(_MOMENT).dropna(subset=[0])
    if parts.empty:
        return None
    moments = parts[0] + "T" + parts[1].fillna("00:00") + parts[2].fillna(":00")
    stamps = pd.to_datetime(moments, format="%Y-%m-%dT%H:%M:%S", errors="coerce").dropna()
    return None if stamps.empty else stamps.max().to_pydatetime()
