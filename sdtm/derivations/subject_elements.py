"""The word `subject_elements`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from sdtm.iso_dates import complete_dates, earliest_moments, latest_moments
from specs import Argument, RecordDerivation, Records, RelatedRecords


class Element(Argument):
    """How an element of the trial begins for a subject."""

    etcd: str
    """the element's code"""
    starts: RelatedRecords
    """the dates of which one begins it"""
    take: Literal["first", "last"] = "first"
    """the first of them, or the last"""
    days_after: int = 0
    """how many days after that date it begins"""


class SubjectElements(RecordDerivation):
    """The elements that a subject passed, each from its own start to the start of the next: SE.

    Fields: ETCD, START, END and USUBJID. An element whose date does not exist did not happen. `ends` are the dates of
    which the last ends the last element; an element that would begin after it did not happen. Without any of them the
    last element has no end. A date that is moved by days keeps no time, and must be complete to the day. A date that is not
    complete to the day counts only where the subject has no complete one there: a dose of which the day is unknown does
    not move an element that others begin.

    >>> word = SubjectElements(subjects="DM.SUBJID", ends=["DS.DSSTDTC"],
    ...     elements=[{"etcd": "SCRN", "starts": "DM.RFICDTC"}, {"etcd": "INDUC", "starts": "EX.EXSTDTC"}])
    >>> frames = {"DM": {"USUBJID": ["1"], "SUBJID": ["001"], "RFICDTC": ["2014-01-01"]},
    ...     "EX": {"USUBJID": ["1"], "EXSTDTC": ["2014-01-06"]}, "DS": {"USUBJID": ["1"], "DSSTDTC": ["2014-02-01"]}}
    >>> given = {name: Records(pd.DataFrame(data, dtype="string")) for name, data in frames.items()}
    >>> word.compute(given).data[["raw.ETCD", "raw.START", "raw.END"]].values.tolist()
    [['SCRN', '2014-01-01', '2014-01-06'], ['INDUC', '2014-01-06', '2014-02-01']]
    """

    source = "SDTMIG 3.4, 5.3 (SE)"
    shorthand: ClassVar[str] = ""

    elements: tuple[Element, ...]
    """the elements, in the order of the arm"""
    ends: tuple[RelatedRecords, ...]
    """the dates of which the last ends the last element"""
    subjects: RelatedRecords = RelatedRecords(dataset="DM", variable="SUBJID")
    """the subjects, one record each"""

    def tables(self) -> tuple[str, ...]:
        return ()

    def datasets(self) -> tuple[str, ...]:
        sources = [self.subjects, *self.ends, *(element.starts for element in self.elements)]
        return tuple(dict.fromkeys(source.dataset for source in sources))

    def fields(self) -> frozenset[str]:
        return frozenset({"ETCD", "START", "END", "USUBJID"})

    def compute(self, given: Mapping[str, Records]) -> Records:
        subjects = given[self.subjects.dataset].data["USUBJID"]
        parts = []
        for order, element in enumerate(self.elements):
            dates = _dates(element.starts, given)
            start = _one_per_subject(dates, element.take)
            if element.days_after:
                moved = complete_dates(start["date"]) + pd.Timedelta(days=element.days_after)
                start = start.assign(date=moved.dt.strftime("%Y-%m-%d").astype("string")).dropna()
            parts.append(start.assign(etcd=element.etcd, order=order))
        end = _one_per_subject(
            pd.concat([_dates(each, given) for each in self.ends], ignore_index=True), "last"
        )
        last = end.set_index("USUBJID")["date"]
        begun = pd.concat(parts, ignore_index=True)
        begun = begun[begun["USUBJID"].isin(subjects)]
        begun = begun.assign(end=begun["USUBJID"].map(last, na_action="ignore").astype("string"))
        too_late = earliest_moments(begun["date"]).dt.floor("D") > latest_moments(begun["end"]).dt.floor("D")
        begun = (
            begun[~too_late.fillna(False)]
            .sort_values(["USUBJID", "order"], kind="stable")
            .reset_index(drop=True)
        )
        following = begun.groupby("USUBJID")["date"].shift(-1)
        position = pd.Series(np.arange(len(subjects)), index=subjects).groupby(level=0).first()
        return Records(
            pd.DataFrame(
                {
                    "raw.ETCD": begun["etcd"].astype("string"),
                    "raw.START": begun["date"],
                    "raw.END": following.fillna(begun["end"]).astype("string"),
                    "raw.USUBJID": begun["USUBJID"],
                }
            ),
            pd.DataFrame(
                {
                    "record": np.arange(len(begun), dtype=np.int64),
                    "table": pd.Series([self.subjects.dataset] * len(begun), dtype="str"),
                    "row": begun["USUBJID"].map(position).to_numpy(dtype=np.int64),
                }
            ),
        )


def _dates(source: RelatedRecords, given: Mapping[str, Records]) -> pd.DataFrame:
    found = given[source.dataset].data
    if source.where is not None:
        found = found[source.where.selects(found)]
    return pd.DataFrame(
        {"USUBJID": found["USUBJID"], "date": found[source.variable].astype("string")}
    ).dropna()


def _one_per_subject(dates: pd.DataFrame, take: str) -> pd.DataFrame:
    """The first or last date of each subject; one that is not complete to the day only where no other is there."""
    moments = earliest_moments(dates["date"]) if take == "first" else latest_moments(dates["date"])
    partial = complete_dates(dates["date"]).isna()
    ordered = dates.assign(partial=partial, moment=moments, length=-dates["date"].str.len()).dropna(
        subset=["moment"]
    )
    ordered = ordered.sort_values(
        ["partial", "moment", "length"], ascending=[True, take == "first", True], kind="stable"
    )
    return ordered.drop_duplicates("USUBJID")[["USUBJID", "date"]].reset_index(drop=True)
