"""The word `time_imputation_flag`."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pandas as pd

from adam.imputation import parts_of
from adam.sas_dates import as_floats, clock_parts
from specs import Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

SECONDS_COLLECTED = "SECONDS_COLLECTED"
SECONDS_DOUBT = Doubt(
    "error", "seconds were collected, but the flag is told that they never are", "say seconds_collected: true"
)


class TimeImputationFlag(Derivation):
    """The highest part of a time that was imputed or altered, H, M or S: ASTTMF, TRTSTMF.

    `TRTSTMF: {time_imputation_flag: {collected: DM.RFXSTDTC, imputed: TRTSDTM}}`. A part counts as imputed
    where it was not collected, and where it was but the datetime holds another (`2022-05--T00:00` imputed to
    the end of a day: H). Where only hours and minutes are ever collected, imputed seconds are not flagged;
    seconds that are there all the same are an error. Missing where nothing was imputed and where the datetime
    is missing.

    >>> records = pd.DataFrame({"EXSTDTC": ["1960-01-01T00:01"], "ASTDTM": pd.array([60], dtype="Float64")})
    >>> word = TimeImputationFlag(collected="EXSTDTC", imputed="ASTDTM", seconds_collected=True)
    >>> word.compute(records).values.tolist()
    ['S']
    """

    source = "ADaMIG 1.3, 3.1.3"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = H, M or S: the highest of hour, minute and second in which {imputed} differs from "
        "{collected} or {collected} has none. Seconds collected: {seconds_collected}; if not, S is not set."
    )
    doubts: ClassVar[Mapping[str, Doubt]] = {SECONDS_COLLECTED: SECONDS_DOUBT}

    collected: Ref
    """the ISO 8601 date or datetime as it was collected"""
    imputed: Ref
    """the numeric datetime made of it"""
    seconds_collected: bool = False
    """whether seconds are ever collected; if not, S is not set"""

    def compute(self, records: pd.DataFrame) -> Judged:
        flags, doubts = time_flags(records[self.collected], records[self.imputed], self.seconds_collected)
        return Judged(flags, doubts)


def time_flags(
    collected: pd.Series, imputed: pd.Series, seconds_collected: bool
) -> tuple[pd.Series, pd.Series]:
    """H, M, S or missing for each datetime and the text that it was made of, with the doubts."""
    parts, invalid = parts_of(collected)
    changed = [parts[:, 3 + place] != each for place, each in enumerate(clock_parts(as_floats(imputed)))]
    flags = pd.Series(np.select(changed, ["H", "M", "S"], ""), index=collected.index, dtype="string")
    usable = ~invalid & imputed.notna()
    unexpected = pd.Series(~np.isnan(parts[:, 5]) & (not seconds_collected), index=collected.index)
    unset = [""] if seconds_collected else ["", "S"]
    flags = flags.where(usable & ~flags.isin(unset) & ~unexpected)
    return flags, pd.Series(pd.NA, index=collected.index, dtype="string").mask(unexpected, SECONDS_COLLECTED)
