"""Conditions: what a text says, how it is written again, what holds where values are missing, what is refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from specs import Comparison, Condition

TEXT = pd.StringDtype("pyarrow", na_value=pd.NA)
EVENTS = pd.DataFrame(
    {
        "AESER": pd.array(["Y", "N", None], dtype=TEXT),
        "AEOUT": pd.array(["FATAL", None, "NOT RECOVERED/NOT RESOLVED"], dtype=TEXT),
        "AETOXGR": pd.array(["10", "9", "UNKNOWN"], dtype=TEXT),
        "AESEQ": pd.array([1, 2, None], dtype="Float64"),
    }
)


def held(text: str) -> list[Any]:
    return [None if value is pd.NA else value for value in Condition.read(text).holds(EVENTS)]


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("AESER EQ Y", [True, False, None], id="EQ: a missing value is unknown"),
        pytest.param("AESER NE Y", [False, True, None], id="NE: a missing value is unknown, not different"),
        pytest.param("AEOUT IN (FATAL, UNKNOWN)", [True, None, False], id="IN"),
        pytest.param("AEOUT NOTIN (FATAL)", [False, None, True], id="NOTIN"),
        pytest.param(
            'AEOUT EQ "NOT RECOVERED/NOT RESOLVED"', [False, None, True], id="a quoted text may hold blanks"
        ),
        pytest.param(
            'AEOUT EQ ""', [False, True, False], id='EQ "" asks whether it is missing, and is known'
        ),
        pytest.param('AESEQ NE ""', [True, True, False], id='NE "" asks whether it is there, and is known'),
        pytest.param("AESEQ EQ 1", [True, False, None], id="a number equals a number"),
        pytest.param("AESEQ IN (2, 1.0)", [True, True, None], id="a number in a list of numbers"),
        pytest.param("AESEQ NOTIN (2)", [True, False, None], id="a number not in a list of numbers"),
        pytest.param("AESEQ LT 2", [True, False, None], id="LT"),
        pytest.param("AESEQ LE 2", [True, True, None], id="LE"),
        pytest.param("AESEQ GT 1", [False, True, None], id="GT"),
        pytest.param("AESEQ GE 1", [True, True, None], id="GE"),
        pytest.param("AETOXGR LT 10", [False, True, None], id="LT on a text compares the number that it is"),
        pytest.param("AETOXGR GE 9.5", [True, False, None], id="GE on a text that is no number is unknown"),
        pytest.param("AETOXGR EQ 10.0", [False, False, False], id="EQ on a text compares the text"),
        pytest.param(
            "AESER EQ Y and AEOUT EQ FATAL", [True, False, False], id="and: false decides over unknown"
        ),
        pytest.param(
            "AESER EQ Y and AESEQ LT 9", [True, False, None], id="and: unknown and unknown is unknown"
        ),
        pytest.param("AESER EQ Y or AESEQ EQ 2", [True, True, None], id="or: true decides over unknown"),
        pytest.param(
            "AESER EQ N or AESER EQ Y and AEOUT EQ FATAL", [True, True, None], id="and binds closer than or"
        ),
    ],
)
def test_what_holds(text: str, expected: list[bool | None]) -> None:
    assert held(text) == expected


def test_only_what_is_known_to_be_true_selects() -> None:
    assert Condition.read("AESER NE Y").selects(EVENTS).tolist() == [False, True, False]


def test_the_records_are_not_changed_and_their_index_is_kept() -> None:
    before = EVENTS.set_axis(["a", "b", "c"])
    holds = Condition.read("AESER EQ Y and AESEQ LT 2").holds(before)
    assert holds.index.tolist() == ["a", "b", "c"]
    pd.testing.assert_frame_equal(before, EVENTS.set_axis(["a", "b", "c"]))


def test_no_records_no_answer() -> None:
    assert Condition.read("AESER EQ Y").holds(EVENTS.iloc[:0]).tolist() == []


@pytest.mark.parametrize(
    "text",
    [
        "AESER EQ Y",
        'AESER EQ ""',
        "AEOUT IN (FATAL, UNKNOWN)",
        'AEOUT NOTIN ("NOT RECOVERED/NOT RESOLVED", FATAL)',
        "DM.RFXSTDTC NE 2014-01-06 and raw.AEYN EQ Oui or LBSTRESN GE -1.5",
        'QNAM EQ "and" or QNAM EQ "a(b)" or QNAM EQ "a,b"',
    ],
)
def test_a_condition_is_written_as_it_was_read(text: str) -> None:
    assert str(Condition.read(text)) == text


@given(
    st.lists(
        st.lists(
            st.builds(
                lambda variable, comparator, values: Comparison(
                    variable, comparator, tuple(values if comparator in ("IN", "NOTIN") else values[:1])
                ),
                st.from_regex(r"[A-Z][A-Z0-9]{0,7}(\.[A-Z]{1,8})?", fullmatch=True),
                st.sampled_from(["EQ", "NE", "IN", "NOTIN"]),
                st.lists(
                    st.text(st.characters(codec="utf-8", exclude_characters='"\n\r'), min_size=1),
                    min_size=1,
                    max_size=3,
                ),
            ),
            min_size=1,
            max_size=3,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_every_condition_survives_being_written_and_read(alternatives: list[list[Comparison]]) -> None:
    condition = Condition(tuple(tuple(comparisons) for comparisons in alternatives))
    assert Condition.read(str(condition)) == condition


def test_the_variables_are_each_named_once_in_their_order() -> None:
    condition = Condition.read("DM.ARM EQ A and AESER EQ Y or DM.ARM EQ B")
    assert condition.variables == ("DM.ARM", "AESER")


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "condition '': expected VARIABLE COMPARATOR VALUE"),
        ("AESER EQ", "condition 'AESER EQ': expected VARIABLE COMPARATOR VALUE"),
        ("AESER EQ Y and", "condition 'AESER EQ Y and': expected VARIABLE COMPARATOR VALUE"),
        ("AESER = Y", "condition 'AESER = Y': '=' is not one of EQ NE IN NOTIN LT LE GT GE"),
        ("AESER eq Y", "condition 'AESER eq Y': 'eq' is not one of EQ NE IN NOTIN LT LE GT GE"),
        ('"AESER" EQ Y', "condition '\"AESER\" EQ Y': 'AESER' is not a variable"),
        (
            "AESER EQ Y AND AEOUT EQ X",
            "condition 'AESER EQ Y AND AEOUT EQ X': expected 'and' or 'or' before 'AND'",
        ),
        (
            "AEOUT EQ NOT RECOVERED",
            "condition 'AEOUT EQ NOT RECOVERED': expected 'and' or 'or' before 'RECOVERED'",
        ),
        ("AESER EQ (Y)", "condition 'AESER EQ (Y)': expected a value after EQ"),
        ("AESER IN Y", "condition 'AESER IN Y': expected '(' after IN"),
        ("AESER IN ()", "condition 'AESER IN ()': a list of values is empty, or holds an empty value"),
        (
            'AESER IN (Y, "")',
            "condition 'AESER IN (Y, \"\")': a list of values is empty, or holds an empty value",
        ),
        (
            "AESER IN (Y",
            "condition 'AESER IN (Y': the list of values is not closed; quote a condition that holds a comma",
        ),
        ("AESER IN (Y (N))", "condition 'AESER IN (Y (N))': '(' is out of place in a list"),
        ('AESER EQ "Y', "condition 'AESER EQ \"Y': a quotation mark is not closed"),
        ('AESEQ LT ""', 'condition \'AESEQ LT ""\': only EQ and NE compare with ""'),
        (
            "AESTDTC LT 2014-01-06",
            "condition 'AESTDTC LT 2014-01-06': '2014-01-06' is not a number; LT LE GT GE compare numbers",
        ),
        ("AESEQ GT nan", "condition 'AESEQ GT nan': 'nan' is not a number; LT LE GT GE compare numbers"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        Condition.read(text)
    assert str(refused.value) == message


class Chosen(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    where: Condition


def test_a_specification_gives_a_condition_as_text_or_ready() -> None:
    ready = Condition.read("AESER EQ Y")
    assert Chosen.model_validate({"where": "AESER EQ Y"}).where == ready
    assert Chosen(where=ready).where is ready


def test_anything_else_than_a_text_is_refused_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Chosen.model_validate({"where": {"AESER": "Y"}})
    assert [error["msg"] for error in refused.value.errors()] == [
        "Value error, a condition is a text such as 'AESER EQ Y'"
    ]
