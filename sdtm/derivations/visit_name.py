"""The word `visit_name`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from sdtm.number_text import number_text
from sdtm.visits import PLANNED
from specs import Derivation, Ref, RelatedRecords
from specs.derivation import Origin


class VisitName(Derivation):
    """The name of a visit by its number: that of TV, or `UNSCHEDULED n.k`.

    `VISIT: {visit_name: VISITNUM}`. Missing where the number is.

    >>> planned = pd.DataFrame({"VISIT": ["DAY 8"], "VISITNUM": pd.array([7], dtype="Float64")})
    >>> records = pd.DataFrame({"VISITNUM": pd.array([7, 7.1], dtype="Float64")})
    >>> VisitName(number="VISITNUM").compute_from(records, {"TV": planned}).tolist()
    ['DAY 8', 'UNSCHEDULED 7.1']
    """

    source = "SDTMIG 3.4, 4.4.5"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is TV.VISIT of the visit with {number}; '{prefix}' and {number} where TV has none."
    rowwise = False
    shorthand = "number"

    number: Ref
    """the number of the visit"""
    prefix: str = "UNSCHEDULED "
    """what stands before the number of a visit that TV does not have"""
    planned: tuple[RelatedRecords, RelatedRecords] = PLANNED
    """name and number of the planned visits"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        name, number = self.planned
        visits = related[name.dataset].dropna(subset=[number.variable]).drop_duplicates(number.variable)
        numbers = records[self.number].astype("Float64")
        names = numbers.map(visits.set_index(number.variable)[name.variable], na_action="ignore").astype(
            "string"
        )
        return names.fillna(self.prefix + number_text(numbers))
