"""The check SUPP_ORPHAN."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pandas as pd

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.written import SUBJECT, Written, WrittenDataset


class SuppOrphan(StandingCheck):
    """A supplemental qualifier whose record does not exist in its parent domain.

    The record is the subject's one whose variable IDVAR has the value IDVARVAL; without IDVAR, the subject's
    record. Numbers are compared as numbers.
    """

    severity: ClassVar[Severity] = "error"
    title = "a supplemental qualifier belongs to no record"
    why = (
        "SUPP-- is joined to its parent by USUBJID, IDVAR and IDVARVAL (SDTMIG 3.4, 8.4); the value "
        "would get lost."
    )
    to_do = "see whether the parent record was left out, or its sequence number changed"
    applies_to = "every SUPP-- dataset"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.sdtm:
            if not dataset.parent or not dataset.has(SUBJECT, "IDVAR", "IDVARVAL"):
                continue
            parent = written.get(dataset.parent, SUBJECT)
            if parent is None:
                yield self.on_file(dataset.name, "", f"there is no {dataset.parent} to which it belongs")
                continue
            found = self._found(dataset, parent)
            shown = {name: dataset.texts(name) for name in ("IDVAR", "IDVARVAL")}
            message = f"{dataset.parent} has no record of the subject with {{IDVAR}} {{IDVARVAL}}"
            named = dataset.records["IDVAR"].notna().to_numpy()
            yield from self.on_records(dataset, "IDVARVAL", ~found & named, message, shown)
            message = f"{dataset.parent} has no record of the subject"
            yield from self.on_records(dataset, "IDVARVAL", ~found & ~named, message)

    @staticmethod
    def _found(
        dataset: WrittenDataset, parent: WrittenDataset
    ) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        records = dataset.records
        found = np.zeros(len(records), dtype=np.bool_)
        for name, group in records.groupby("IDVAR", dropna=False, sort=True):
            positions = records.index.get_indexer(group.index)
            if pd.isna(name):
                found[positions] = group[SUBJECT].isin(parent.records[SUBJECT]).to_numpy()
            elif parent.has(str(name)):
                values = _comparable(parent.texts(str(name)))
                known = pd.MultiIndex.from_arrays([parent.records[SUBJECT].astype("object"), values])
                asked = pd.MultiIndex.from_arrays(
                    [group[SUBJECT].astype("object"), _comparable(group["IDVARVAL"])]
                )
                found[positions] = asked.isin(known)
        return found


def _comparable(texts: pd.Series) -> pd.Series:
    """Texts that are numbers in one form: `01` and `1.0` are `1.0`."""
    numbers = pd.to_numeric(texts.astype("object"), errors="coerce")
    return texts.astype("object").where(numbers.isna(), numbers.astype("float64").astype("object").map(str))
