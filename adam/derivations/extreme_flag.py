"""The word `extreme_flag`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import pandas as pd

from adam.sort_keys import SortKey, ordered
from specs import Condition, Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

TIED_RECORDS = "TIED_RECORDS"


class ExtremeFlag(Derivation):
    """Y on the first or last record of each group: ABLFL, ANL01FL, AOCCFL, AOCCPFL, LVOTFL.

    `AOCCPFL: {extreme_flag: {within: [USUBJID, AEDECOD], by: [ASTDT, AESEQ], take: first, where: TRTEMFL EQ
    Y}}`. Only records for which the condition is known to hold take part. `by: [ASEVN descending, ASTDT]`
    turns one key around. A record whose key is missing comes after all that have one, whichever end is taken.
    A missing group value is a group of its own. Records that are equal on all keys cannot be told apart: that
    is an error and none is flagged, unless all are to be (`ties: all`). Others stay missing.

    >>> events = pd.DataFrame({"USUBJID": ["1", "1", "2"], "ASTDT": [20.0, 10.0, 30.0]})
    >>> ExtremeFlag(within=["USUBJID"], by=["ASTDT"], take="first").compute(events).values.tolist()
    [<NA>, 'Y', 'Y']
    """

    source = "ADaMIG 1.3, 3.3.9; ADaM OCCDS 1.1, 3.2.6"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = Y on the {take} record by {by} within {within}{where}{ties}."
    rowwise = False
    doubts: ClassVar[Mapping[str, Doubt]] = {
        TIED_RECORDS: Doubt(
            "error",
            "several records are equal on all sort variables, so that none of them is the one to flag",
            "sort by a further variable, such as --SEQ, or flag all (ties: all)",
        )
    }

    within: tuple[Ref, ...]
    """the variables that make a group"""
    by: tuple[SortKey, ...]
    """the variables that order the records of a group"""
    take: Literal["first", "last"]
    """which record is flagged"""
    where: Condition | None = None
    """the records that take part"""
    ties: Literal["error", "all"] = "error"
    """what is done with records that are equal on all sort variables"""

    def compute(self, records: pd.DataFrame) -> Judged:
        within = [str(ref) for ref in self.within]
        keys = list(dict.fromkeys([*within, *(str(key.variable) for key in self.by)]))
        numbered = records[keys].assign(_place=range(len(records)))
        if self.where is not None:
            numbered = numbered[self.where.selects(records)]
        best = ordered(numbered, within, self.by, self.take).drop_duplicates(within)
        equal = numbered.merge(best[keys].assign(_best=True), on=keys, how="inner", validate="many_to_one")
        tied = equal.groupby(within, dropna=False, sort=False)["_place"].transform("size") > 1
        place = pd.Series(range(len(records)), index=records.index)
        chosen = equal["_place"] if self.ties == "all" else equal.loc[~tied, "_place"]
        blank = pd.Series(pd.NA, index=records.index, dtype="string")
        doubtful = place.isin(equal.loc[tied, "_place"]) & (self.ties == "error")
        return Judged(blank.mask(place.isin(chosen), "Y"), blank.mask(doubtful, TIED_RECORDS))

    def method_text(self, variable: str) -> str:
        return self.method.format(
            variable=variable,
            take=self.take,
            by=", ".join(str(key) for key in self.by),
            within=", ".join(self.within),
            where=f", among records with {self.where}" if self.where else "",
            ties=", all where several are equal" if self.ties == "all" else "",
        )
