"""The word `dataset_records`."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from specs import Condition, RecordDerivation, Records, UserError, left_out_of, nearest, sources_of


class DatasetRecords(RecordDerivation):
    """One record for each record of another dataset: ADAE of AE, ADSL of DM.

    `records: [{dataset_records: AE}]`, or with a condition `{dataset: LB, where: LBSTAT EQ ""}`. The
    variables read the record that theirs came from as `AE.AETERM`. A record for which the condition does not
    hold, or is unknown, is left out with the reason NOT_SELECTED. The source of a record is the record's
    place in the other dataset.

    >>> import pandas as pd
    >>> events = Records(pd.DataFrame({"AETERM": ["Headache", "Chills"], "AESER": ["N", "Y"]}))
    >>> word = DatasetRecords(dataset="AE", where="AESER EQ Y")
    >>> word.compute({"AE": events}).data["AE.AETERM"].tolist()
    ['Chills']
    """

    source = "ADaMIG 1.3, 2.2"
    shorthand: ClassVar[str] = "dataset"
    carries_variables: ClassVar[bool] = True

    dataset: str
    """the other dataset"""
    where: Condition | None = None
    """the records taken; without it all"""

    def tables(self) -> tuple[str, ...]:
        return ()

    def datasets(self) -> tuple[str, ...]:
        return (self.dataset,)

    def compute(self, given: Mapping[str, Records]) -> Records:
        data = given[self.dataset].data
        rows = np.arange(len(data), dtype=np.int64)
        if self.where is None:
            chosen = np.ones(len(data), dtype=bool)
        else:
            unknown = [name for name in self.where.variables if name not in data.columns]
            if unknown:
                raise UserError.of(
                    f"unknown variable '{unknown[0]}'",
                    f"dataset_records: {self.dataset} where {self.where}",
                    nearest(unknown[0], data.columns, f"name a variable of {self.dataset}"),
                )
            chosen = self.where.selects(data).to_numpy()
        taken = data[chosen].reset_index(drop=True)
        because = f"not of {self.dataset} where {self.where}"
        return Records(
            taken.set_axis([f"{self.dataset}.{name}" for name in taken.columns], axis="columns"),
            sources_of(self.dataset, rows[chosen]),
            left_out_of(self.dataset, rows[~chosen], "NOT_SELECTED", because),
        )
