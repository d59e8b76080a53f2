"""The word `lookup`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from specs import Derivation, Doubt, Judged, Ref, RelatedRecords
from specs.derivation import Origin


class Lookup(Derivation):
    """The value of a reference dataset for a key: VISITDY of TV for VISITNUM.

    `VISITDY: {lookup: {value: TV.VISITDY, key: TV.VISITNUM, of: VISITNUM}}`. Missing where the key is missing or not
    in the reference dataset. Two different values for one key are an error of the reference dataset: the value is held back.

    >>> word = Lookup(value="TV.VISITDY", key="TV.VISITNUM", of="VISITNUM")
    >>> visits = pd.DataFrame({"VISITNUM": [2.0, 7.0], "VISITDY": [1.0, 8.0]})
    >>> word.compute_from(pd.DataFrame({"VISITNUM": [7.0, 7.1]}), {"TV": visits}).values.tolist()
    [8.0, nan]
    """

    source = "SDTMIG 3.4, 7.3"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is {value} of the record with {key} = {of}."
    rowwise = False
    doubts: ClassVar = {
        "LOOKUP_AMBIGUOUS": Doubt(
            "error", "the reference dataset has several values for this key", "mend the reference dataset"
        ),
    }

    value: RelatedRecords
    """the variable of the reference dataset that is taken"""
    key: RelatedRecords
    """the variable of the reference dataset that is compared"""
    of: Ref
    """the variable of the record that it is compared with"""

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> Judged:
        reference = related[self.value.dataset]
        if self.value.where is not None:
            reference = reference[self.value.where.selects(reference)]
        pairs = reference[[self.key.variable, self.value.variable]].drop_duplicates()
        pairs = pairs[pairs[self.key.variable].notna()]
        several = pairs[self.key.variable].duplicated(keep=False)
        single = pairs[~several].set_index(self.key.variable)[self.value.variable]
        values = records[self.of].map(single, na_action="ignore")
        ambiguous = records[self.of].isin(pairs.loc[several, self.key.variable])
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(ambiguous, "LOOKUP_AMBIGUOUS")
        return Judged(values, doubts)
