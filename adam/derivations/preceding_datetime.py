"""The word `preceding_datetime`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from adam.imputation import DOUBTS, Imputation, imputed
from adam.sas_dates import DAY, is_datetime, seconds
from specs import Derivation, Doubt, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class PrecedingDatetime(Derivation):
    """The last of a subject's related datetimes at or before a date: LDOSEDT, the last dose before an event.

    `LDOSEDT: {preceding_datetime: {of: EX.EXSTDTC, at: ASTDT, gives: date}}`. A missing time of day of a
    related datetime counts as the first second of the day, and partial dates do not count. `at` a date means
    the whole day: a dose of the day itself precedes. Missing where `at` is missing or nothing precedes it.

    >>> doses = pd.DataFrame({"USUBJID": ["1", "1"], "EXSTDTC": ["1960-01-02", "1960-01-09"]}, dtype="string")
    >>> events = pd.DataFrame({"USUBJID": ["1", "1"], "ASTDT": [3.0, 8.0]})
    >>> word = PrecedingDatetime(of="EX.EXSTDTC", at="ASTDT", gives="date")
    >>> word.compute_from(events, {"EX": doses}).values.tolist()
    [1.0, 8.0]
    """

    source = "ADaM OCCDS 1.1, 3.2.8"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {gives} of the last {of} at or before {at}."
    rowwise = False
    doubts: ClassVar[Mapping[str, Doubt]] = DOUBTS

    of: RelatedRecords
    """the ISO 8601 dates, of the records that the condition chooses"""
    at: Ref
    """the numeric date or datetime up to which they count"""
    gives: Literal["datetime", "date"] = "datetime"
    """what the variable holds"""
    subject: Ref = Ref("USUBJID")
    """whose records"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series | Judged:
        found = related[self.of.dataset]
        if self.of.where is not None:
            found = found[self.of.where.selects(found)]
        numbers, codes = imputed(
            found[self.of.variable], Imputation("h"), with_time=True, earliest=(), latest=()
        )
        moments = pd.DataFrame(
            {
                "subject": found["USUBJID"].astype("object").reset_index(drop=True),
                "moment": numbers,
                "code": codes,
            }
        )
        usable = moments[moments["moment"].notna()].sort_values("moment", kind="stable")
        limit = seconds(records, self.at, end_of_day=not is_datetime(self.at)).to_numpy(
            dtype=float, na_value=np.nan
        )
        asked = pd.DataFrame(
            {
                "subject": records[self.subject].astype("object").reset_index(drop=True),
                "limit": limit,
                "place": np.arange(len(records)),
            }
        )
        asked = asked[asked["limit"].notna() & asked["subject"].notna()].sort_values("limit", kind="stable")
        pairs = pd.merge_asof(
            asked,
            usable[["subject", "moment"]],
            left_on="limit",
            right_on="moment",
            by="subject",
            direction="backward",
        )
        last = pairs.set_index("place")["moment"].reindex(np.arange(len(records))).set_axis(records.index)
        values = last.astype("Float64").mask(last.isna())
        faulty = moments.loc[moments["code"].notna()].drop_duplicates("subject").set_index("subject")["code"]
        doubts = records[self.subject].astype("object").map(faulty, na_action="ignore").astype("string")
        return Judged(values // DAY if self.gives == "date" else values, doubts)
