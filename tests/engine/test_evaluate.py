"""One word on one dataset: what it is given, how often it is asked, and what is kept of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import NUMBER, TEXT, distinct, evaluate
from specs import (
    Condition,
    Dataset,
    Derivation,
    Doubt,
    Field,
    Judged,
    Ref,
    RelatedRecords,
    UserError,
    Variable,
)
from specs.derivation import Origin

MakeDataset = Callable[..., Dataset]
Frame = Callable[..., pd.DataFrame]


class Capitals(Derivation):
    """The text in capitals; a text with a question mark is in doubt."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"
    doubts: ClassVar[Mapping[str, Doubt]] = {"ASKED": Doubt("error", "it asks a question", "answer it")}
    asked: ClassVar[list[int]] = []

    text: Ref

    def compute(self, records: pd.DataFrame) -> Judged:
        self.asked.append(len(records))
        text = records[self.text]
        doubts = pd.Series(pd.NA, index=records.index, dtype=TEXT)
        return Judged(
            text.str.upper(), doubts.mask(text.str.contains("?", regex=False).fillna(False), "ASKED")
        )


class Place(Derivation):
    """The place of a record among its subject's, so it must see them all."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"
    rowwise = False

    subject: Ref = Ref("USUBJID")

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records.groupby(self.subject).cumcount() + 1


class Constant(Derivation):
    """What it is told, and it reads nothing."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"

    value: Any

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return pd.Series([self.value] * len(records), index=records.index)


class Copied(Derivation):
    """A variable as it is, and one of another dataset beside it."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"

    of: Ref
    beside: Ref | None = None

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.of] if self.beside is None else records[self.of] + records[self.beside]


class RelatedSeen(Derivation):
    """The columns and the number of the related records that it is given."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"
    rowwise = False

    of: RelatedRecords

    def compute_from(self, records: pd.DataFrame, related: Mapping[str, pd.DataFrame]) -> pd.Series:
        seen = related[self.of.dataset]
        return pd.Series(f"{list(seen.columns)} {len(seen)} {list(records.columns)}", index=records.index)


@pytest.fixture
def answers(dataset: MakeDataset) -> Callable[..., tuple[list[Any], list[Any] | None]]:
    """The values and the doubts of a word on records, as plain lists."""

    def given_back(
        word: Derivation,
        data: pd.DataFrame,
        others: Mapping[str, pd.DataFrame] | None = None,
        **attributes: Any,
    ) -> tuple[list[Any], list[Any] | None]:
        described = dataset("AE", [], {"AEX": (word, attributes)})
        values, doubts, _ = evaluate(described.by_name["AEX"], described, data, others or {})
        assert values.dtype == (NUMBER if attributes.get("type") == "Num" else TEXT)
        assert values.index.equals(pd.RangeIndex(len(data)))
        return plain(values), None if doubts is None else plain(doubts)

    return given_back


def plain(values: pd.Series) -> list[Any]:
    return [None if value is pd.NA else value for value in values]


def test_a_word_that_knows_its_own_record_only_is_asked_for_each_distinct_input_once(
    answers: Callable[..., Any], frame: Frame
) -> None:
    Capitals.asked.clear()
    data = frame(AETERM=["rash", None, "rash", "what?", "rash", "what?"])
    values, doubts = answers(Capitals(text=Ref("AETERM")), data)
    assert values == ["RASH", None, "RASH", "WHAT?", "RASH", "WHAT?"]
    assert doubts == [None, None, None, "ASKED", None, "ASKED"]
    assert Capitals.asked == [3]


def test_where_most_inputs_are_distinct_it_is_asked_for_all(
    answers: Callable[..., Any], frame: Frame
) -> None:
    Capitals.asked.clear()
    values, doubts = answers(Capitals(text=Ref("AETERM")), frame(AETERM=["rash", "fever", "rash"]))
    assert (values, doubts) == (["RASH", "FEVER", "RASH"], None)
    assert Capitals.asked == [3]


@given(st.lists(st.sampled_from(["rash", "what?", "", None]), max_size=12))
def test_the_answers_are_the_same_however_often_it_is_asked(texts: list[str | None]) -> None:
    variable = Variable(name="AEX", label="AEX", type="Char", derivation=Capitals(text=Ref("AETERM")))
    described = Dataset(
        name="AE",
        label="AE",
        model="sdtm",
        class_name="EVENTS",
        structure="",
        keys=(),
        records=(),
        variables=(variable,),
    )
    data = pd.DataFrame({"AETERM": pd.array(texts, dtype=TEXT)})
    values, doubts, _ = evaluate(variable, described, data, {})
    expected = [None if not text else text.upper() for text in texts]
    assert plain(values) == expected
    held = [None] * len(texts) if doubts is None else plain(doubts)
    assert held == ["ASKED" if text == "what?" else None for text in texts]


def test_a_word_that_must_see_its_neighbours_sees_them_all(answers: Callable[..., Any], frame: Frame) -> None:
    values, _ = answers(Place(), frame(USUBJID=["1", "1", "2", "1"]), type="Num")
    assert values == [1, 2, 1, 3]


def test_a_word_that_reads_nothing_still_answers_for_every_record(
    answers: Callable[..., Any], frame: Frame
) -> None:
    assert answers(Constant(value="AE"), frame(USUBJID=["1", "1"])) == (["AE", "AE"], None)
    assert answers(Constant(value="AE"), frame(USUBJID=[])) == ([], None)


def test_an_empty_text_or_what_is_no_number_is_missing(answers: Callable[..., Any], frame: Frame) -> None:
    assert answers(Constant(value=""), frame(USUBJID=["1"])) == ([None], None)
    assert answers(Constant(value=float("nan")), frame(USUBJID=["1"]), type="Num") == ([None], None)


def test_only_the_records_chosen_are_filled_and_doubted(answers: Callable[..., Any], frame: Frame) -> None:
    data = frame(AETERM=["what?", "what?", "what?", "rash"], AESER=["Y", "N", None, "Y"])
    where = Condition.read("AESER EQ Y")
    assert answers(Capitals(text=Ref("AETERM")), data, where=where) == (
        ["WHAT?", None, None, "RASH"],
        ["ASKED", None, None, None],
    )


def test_a_variable_of_the_subjects_only_record_elsewhere_is_laid_beside(
    answers: Callable[..., Any], frame: Frame
) -> None:
    data = frame(USUBJID=["2", "1", "3", None], AETERM=["a", "b", "c", "d"])
    others = {"DM": frame(USUBJID=["1", "2", None], ARM=["X", "Y", "Z"])}
    values, _ = answers(Copied(of=Ref("AETERM"), beside=Ref("DM.ARM")), data, others)
    assert values == ["aY", "bX", None, None]


def test_reading_beside_a_subject_with_several_records_is_told(
    answers: Callable[..., Any], frame: Frame
) -> None:
    others = {"EX": frame(USUBJID=["2", "1", "2", "1", "3"], EXTRT=["X", "Y", "X", "Y", "Z"])}
    with pytest.raises(UserError) as told:
        answers(Copied(of=Ref("EX.EXTRT")), frame(USUBJID=["1"]), others)
    assert str(told.value) == (
        "AE.AEX reads EX.EXTRT, but EX has several records of a subject\n"
        "  where: ae.yaml:5, AE.AEX, USUBJID 1, 2\n"
        "  to do: read one record per subject, or use a word that takes related records, such as reference_date"
    )


def test_related_records_come_with_their_subject_and_what_is_read(
    answers: Callable[..., Any], frame: Frame
) -> None:
    related = RelatedRecords.model_validate({"dataset": "EX", "variable": "EXSTDTC", "where": "EXOCCUR EQ Y"})
    others = {"EX": frame(USUBJID=["1", "1"], EXTRT=["X", "X"], EXOCCUR=["Y", "N"], EXSTDTC=["2014", "2014"])}
    values, _ = answers(RelatedSeen(of=related), frame(USUBJID=["1"]), others)
    assert values == ["['USUBJID', 'EXOCCUR', 'EXSTDTC'] 2 ['USUBJID']"]


def test_reference_data_are_nobodys(answers: Callable[..., Any], frame: Frame) -> None:
    related = RelatedRecords(dataset="TV", variable="VISIT")
    values, _ = answers(
        RelatedSeen(of=related), frame(USUBJID=["1"]), {"TV": frame(VISIT=["DAY 1"], TVSTRL=["x"])}
    )
    assert values == ["['VISIT'] 1 ['USUBJID']"]


def test_raw_fields_are_read_from_the_record(answers: Callable[..., Any], frame: Frame) -> None:
    values, _ = answers(Copied(of=Field("raw.AETERM")), frame(**{"raw.AETERM": ["rash", None]}))
    assert values == ["rash", None]


class Careless(Derivation):
    """It breaks the promise that is asked of it."""

    source = "these tests"
    origin: ClassVar[Origin] = "Assigned"

    how: str
    of: Ref = Ref("AETERM")

    def compute(self, records: pd.DataFrame) -> pd.Series | Judged:
        text = records[self.of]
        if self.how == "index":
            return text.set_axis(range(1, len(text) + 1))
        if self.how == "length":
            return text.iloc[:1]
        return Judged(text, pd.Series("UNHEARD_OF", index=text.index))


@pytest.mark.parametrize(
    "how, promise",
    [
        ("index", "careless keeps the index of its records"),
        ("length", "careless gives one value per record"),
        ("doubt", "careless declares its doubts: ['UNHEARD_OF']"),
    ],
)
def test_a_word_that_breaks_its_promise_is_our_fault(
    answers: Callable[..., Any], frame: Frame, how: str, promise: str
) -> None:
    with pytest.raises(AssertionError) as broken:
        answers(Careless(how=how), frame(AETERM=["rash", "fever"]))
    assert str(broken.value).startswith(promise)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["F", "M", None]), st.sampled_from([1.0, 2.5, None]), st.sampled_from(["a", "b"])
        ),
        max_size=20,
    )
)
def test_distinct_records_spread_back_give_all_records(
    rows: list[tuple[str | None, float | None, str]],
) -> None:
    records = pd.DataFrame(
        {
            "SEX": pd.array([row[0] for row in rows], dtype=TEXT),
            "AVAL": pd.array([row[1] for row in rows], dtype=NUMBER),
            "raw.X": pd.array([row[2] for row in rows], dtype=TEXT),
        }
    )
    first, inverse = distinct(records)
    assert len(first) == len(set(rows))
    again = records.iloc[first].iloc[inverse].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, records)
