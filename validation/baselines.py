"""The baseline record of each subject and parameter, found anew in a written ADaM dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from validation.numbers import as_floats
from validation.written import SUBJECT, WrittenDataset

_GROUP = (SUBJECT, "PARAMCD")


@dataclass(frozen=True)
class Baselines:
    """For each record what its group's only baseline record says; groups with several are left out."""

    value: npt.NDArray[np.float64]
    """AVAL of the baseline record"""
    exists: npt.NDArray[np.bool_]
    """the group has exactly one baseline record"""
    several: npt.NDArray[np.bool_]
    """the group has more than one"""
    later: npt.NDArray[np.bool_]
    """the record's ADT is after that of the baseline record"""


def group_names(dataset: WrittenDataset) -> list[str]:
    """What a baseline belongs to: subject, parameter, and the type of baseline where there are several."""
    return [*_GROUP, *(["BASETYPE"] if dataset.has("BASETYPE") else [])]


def baselines(dataset: WrittenDataset) -> Baselines | None:
    """The baselines of a dataset; None where it does not hold USUBJID, PARAMCD, AVAL and ABLFL."""
    if not dataset.has(*_GROUP, "AVAL", "ABLFL"):
        return None
    records = dataset.records
    names = group_names(dataset)
    group = records.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    flagged = (records["ABLFL"] == "Y").fillna(False).to_numpy(dtype=bool)
    count = np.bincount(group[flagged], minlength=len(records) + 1)
    single = flagged & (count[group] == 1)

    def of_baseline(name: str) -> npt.NDArray[np.float64]:
        values = np.full(len(records) + 1, np.nan)
        values[group[single]] = as_floats(records[name])[single]
        return values[group]

    nowhere = np.zeros(len(records), dtype=np.bool_)
    later = as_floats(records["ADT"]) > of_baseline("ADT") if dataset.has("ADT") else nowhere
    return Baselines(of_baseline("AVAL"), count[group] == 1, count[group] > 1, later)
