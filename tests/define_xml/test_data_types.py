from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from define_xml.data_types import ValueFacts, longest, number_facts, text_facts
from exchange import TEXT


@pytest.mark.parametrize(
    ("values", "facts"),
    [
        pytest.param(
            [42, 7], ValueFacts("integer", 2), id="whole numbers are integer, as long as the longest"
        ),
        pytest.param([-12], ValueFacts("integer", 2), id="a sign is no digit"),
        pytest.param([0], ValueFacts("integer", 1), id="zero has one digit"),
        pytest.param(
            [100, 0.25], ValueFacts("float", 5, 2), id="float: the most digits before and after the point"
        ),
        pytest.param([-0.5], ValueFacts("float", 2, 1), id="the zero before the point counts"),
        pytest.param([0.1 + 0.2], ValueFacts("float", 2, 1), id="the noise of binary fractions is no digit"),
        pytest.param([1e-7], ValueFacts("float", 8, 7), id="small numbers are written without an exponent"),
        pytest.param([2.5e20], ValueFacts("integer", 21), id="large numbers are written without an exponent"),
        pytest.param(
            [], ValueFacts("integer", 8, missing=True), id="without values an integer of eight digits"
        ),
    ],
)
def test_numbers(values: list[float], facts: ValueFacts) -> None:
    assert number_facts(np.array(values, dtype="float64")) == facts


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param(["2014-01-06"], "date", id="days are dates"),
        pytest.param(["2014-01-06T08:30:00"], "datetime", id="seconds make a datetime"),
        pytest.param(["2014-01", "2014-01-06", "2014"], "partialDate", id="missing days and months"),
        pytest.param(["2014-01-06T08:30"], "partialDatetime", id="without seconds a datetime is partial"),
        pytest.param(
            ["2014-01-06", "2014-01-06T08:30:00"], "partialDatetime", id="dates among datetimes are partial"
        ),
        pytest.param(["2014---06"], "incompleteDatetime", id="a gap before a known part"),
        pytest.param(
            ["2014---06", "2014-01-06T08:30:00"], "incompleteDatetime", id="a gap among complete values"
        ),
        pytest.param(["2014-01-06/2014-01-08"], "intervalDatetime", id="two dates are an interval"),
        pytest.param([], "datetime", id="without values a datetime"),
    ],
)
def test_dates_have_a_kind_and_no_length(values: list[str], kind: str) -> None:
    facts = text_facts(pd.Series(values, dtype=TEXT), "AESTDTC", 19)
    assert (facts.type, facts.length, facts.significant_digits) == (kind, None, None)


def test_a_date_variable_with_other_texts_is_text() -> None:
    assert text_facts(pd.Series(["unknown"], dtype=TEXT), "AESTDTC", 19) == ValueFacts("text", 19)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        pytest.param(
            "AEDUR", ["P3D", "PT1H30M"], "durationDatetime", id="durations by the name of the variable"
        ),
        pytest.param("AEDUR", ["three days"], "text", id="not every value is a duration"),
        pytest.param("TSVAL", ["P18Y"], "text", id="other variables with durations are text"),
    ],
)
def test_durations(name: str, values: list[str], kind: str) -> None:
    assert text_facts(pd.Series(values, dtype=TEXT), name, 9).type == kind


@pytest.mark.parametrize(
    ("values", "facts"),
    [
        pytest.param(["31", "104"], ValueFacts("integer", 3), id="results that are all whole numbers"),
        pytest.param(["6.25", "12"], ValueFacts("float", 3, 2), id="results that are all numbers"),
        pytest.param(["<3.5", "4"], ValueFacts("text", 3), id="one result that is no number"),
        pytest.param(["007"], ValueFacts("text", 3), id="leading zeros are no number"),
        pytest.param(["1e5"], ValueFacts("text", 3), id="an exponent is no number as it was collected"),
    ],
)
def test_results_as_they_were_collected(values: list[str], facts: ValueFacts) -> None:
    assert text_facts(pd.Series(values, dtype=TEXT), "LBORRES", 3, typed=True) == facts


def test_the_longest_text_is_counted_in_bytes() -> None:
    assert longest(pd.Series(["ab", "é€"], dtype=TEXT)) == 5
    assert longest(pd.Series([], dtype=TEXT)) == 1
