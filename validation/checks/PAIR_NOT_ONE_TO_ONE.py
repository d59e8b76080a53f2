"""The check PAIR_NOT_ONE_TO_ONE."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults
from validation.written import Written, WrittenDataset

_BOTH_WAYS = (
    ("PARAMCD", "PARAM"),
    ("PARAMCD", "PARAMN"),
    ("AVISITN", "AVISIT"),
    ("ARMCD", "ARM"),
    ("ACTARMCD", "ACTARM"),
    ("ETCD", "ELEMENT"),
    ("QNAM", "QLABEL"),
    ("TSPARMCD", "TSPARM"),
    ("TRTPN", "TRTP"),
    ("TRTAN", "TRTA"),
    ("TRT01PN", "TRT01P"),
    ("TRT01AN", "TRT01A"),
)
_ONE_WAY = (("VISITNUM", "VISIT"),)


class PairNotOneToOne(StandingCheck):
    """A code with several texts, or a text with several codes, within one dataset: PARAMCD and PARAM, and the
    like.

    A visit's number has one name, but unscheduled visits may share a name. Missing values are not looked at.
    """

    severity: ClassVar[Severity] = "error"
    title = "a code and its text are not one to one"
    why = (
        "PARAMCD and PARAM, --TESTCD and --TEST stand for each other (ADaMIG 1.3, 3.3.4; SDTM 2.0, Findings)."
    )
    to_do = "give each code one text, and each text one code"
    applies_to = (
        "--TESTCD and --TEST, PARAMCD and PARAM, PARAMN, AVISITN and AVISIT, ARMCD and ARM, and the like"
    )

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            test = (f"{dataset.prefix}TESTCD", f"{dataset.prefix}TEST")
            for code, text in (*_BOTH_WAYS, test):
                if dataset.has(code, text):
                    yield from self._several(dataset, code, text)
                    yield from self._several(dataset, text, code)
            for code, text in _ONE_WAY:
                if dataset.has(code, text):
                    yield from self._several(dataset, code, text)

    def _several(self, dataset: WrittenDataset, one: str, other: str) -> Iterator[Fault]:
        pairs = dataset.records[[one, other]].dropna()
        distinct = pairs.drop_duplicates()
        twice = distinct[distinct[one].duplicated(keep=False)]
        texts = dataset.texts(other)
        for value, group in twice.groupby(one, sort=True):
            positions = np.flatnonzero((dataset.records[one] == value).fillna(False).to_numpy(dtype=bool))
            shown = ", ".join(f"'{text}'" for text in sorted(texts.loc[group.index]))
            message = f"one {one} has {len(group)} {other}: {shown}"
            yield from group_faults(self.described(), dataset, one, [positions], message)
