"""The check BASELINE_SEVERAL."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.baselines import group_names
from validation.check import Fault, StandingCheck, group_faults, repeated
from validation.written import SUBJECT, Written


class BaselineSeveral(StandingCheck):
    """A subject with more than one baseline record of a parameter, within one BASETYPE where there are
    several.
    """

    severity: ClassVar[Severity] = "error"
    title = "a subject has several baseline records of a parameter"
    why = (
        "ABLFL marks the one record that BASE comes from (ADaMIG 1.3, 3.3.4); with two, every change is "
        "arbitrary."
    )
    to_do = "see how ties on the last day before treatment are decided"
    applies_to = "ABLFL of basic data structures"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.adam:
            if not dataset.has(SUBJECT, "PARAMCD", "ABLFL"):
                continue
            flagged = np.flatnonzero((dataset.records["ABLFL"] == "Y").fillna(False).to_numpy(dtype=bool))
            names = group_names(dataset)
            groups = [flagged[group] for group in repeated(dataset.records.iloc[flagged], names)]
            message = f"{{count}} records with ABLFL Y have the same {', '.join(names)}"
            yield from group_faults(self.described(), dataset, "ABLFL", groups, message)
