"""What checks have in common: faults of records and groups, and how many of them are told."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from engine import Severity
from exchange import TEXT
from validation.check import MOST, Described, StandingCheck, group_faults, record_faults, repeated
from validation.written import WrittenDataset

TOO_HIGH = Described("TOO_HIGH", "warning", "a value is too high", "It matters.", "look at it")


@pytest.fixture
def many(tables: Any) -> WrittenDataset:
    numbers = [float(number) for number in range(1, MOST + 3)]
    given = {"DOMAIN": ["LB"] * len(numbers), "USUBJID": ["1"] * len(numbers), "LBSEQ": numbers}
    return WrittenDataset(tables({"LB": {"records": given}})["LB"])


def test_beyond_the_most_one_finding_counts_the_rest(many: WrittenDataset) -> None:
    faults = list(record_faults(TOO_HIGH, many, "LBSEQ", np.ones(MOST + 2, dtype=bool), "too high"))
    assert len(faults) == MOST + 1
    assert (faults[0].finding.keys, faults[0].finding.value) == ((("USUBJID", "1"), ("LBSEQ", "1")), "1")
    last = faults[-1].finding
    assert (last.keys, last.count, last.message) == ((), 2, "a value is too high: 2 further records")
    assert faults[-1].positions == (MOST, MOST + 1)


def test_one_record_beyond_is_one(many: WrittenDataset) -> None:
    wrong = np.ones(MOST + 2, dtype=bool)
    wrong[0] = False
    last = list(record_faults(TOO_HIGH, many, "LBSEQ", wrong, "too high"))[-1].finding
    assert (last.count, last.message) == (1, "a value is too high: 1 further record")


def test_beyond_the_most_groups_their_records_are_counted(many: WrittenDataset) -> None:
    groups = [np.array([position]) for position in range(MOST + 2)]
    faults = list(group_faults(TOO_HIGH, many, "LBSEQ", groups, "{count} of them"))
    assert [faults[0].finding.message, faults[-1].finding.message] == [
        "1 of them",
        "a value is too high: 2 further records",
    ]


def test_values_with_braces_stand_in_a_message_as_they_are(tables: Any) -> None:
    dataset = WrittenDataset(tables({"AE": {"records": {"USUBJID": ["1"], "AETERM": ["{0} {keys}"]}}})["AE"])
    shown = {"term": pd.Series(["{0} {term}"], dtype=TEXT)}
    (fault,) = record_faults(TOO_HIGH, dataset, "AETERM", np.array([True]), "AETERM is {term}", shown)
    assert fault.finding.message == "AETERM is {0} {term}"
    (fault,) = record_faults(TOO_HIGH, dataset, "AETERM", np.array([True]), "a study's {message}")
    assert fault.finding.message == "a study's {message}"


def test_equal_records_come_in_groups_in_the_order_of_their_first() -> None:
    records = pd.DataFrame({"A": pd.array(["x", "y", None, "y", None, "z", "x"], dtype=TEXT)})
    assert [group.tolist() for group in repeated(records, ["A"])] == [[0, 6], [1, 3], [2, 4]]
    assert repeated(records.iloc[:2], ["A"]) == []


def test_a_check_without_a_remedy_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"^ValueOdd: a check says its to_do$"):

        class ValueOdd(StandingCheck):
            """An odd value."""

            severity: ClassVar[Severity] = "error"
            title = "a value is odd"
            why = "It matters."

            def faults(self, written: Any) -> Any:
                raise AssertionError


def test_keys_of_no_dataset_in_particular(tables: Any) -> None:
    made = tables({"XX": {"records": {"VALUE": [1, 2]}}})
    assert WrittenDataset(made["XX"]).keys([0, 1]) == [(), ()]
