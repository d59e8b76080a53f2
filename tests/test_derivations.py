"""Every word against its literal tables: tests/<room>/derivations/<word>.yaml.

A case has `arguments`, `records` (a column per reference), what it `gives` (one value per record, null for missing),
and where it has them: `doubts` (a code per record), `related` (datasets with many records), `codelists` and
`conversions` (as in a specification). A case of a word that makes records has `given` instead of `records`, and
`gives` is then a column per field; `left_out` lists TABLE, row and reason. `refused` lists what is said of arguments
that no specification may have; `error` is what is told of given records with which the word cannot go on, in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

import adam
import sdtm
from engine import NUMBER, TEXT
from specs import (
    Codelist,
    Conversions,
    Derivation,
    Judged,
    RecordDerivation,
    Records,
    UserError,
    Word,
    sources_of,
)

HERE = Path(__file__).parent
ROOMS = {"sdtm": sdtm.VOCABULARY, "adam": adam.OWN_VOCABULARY}


def cases() -> Iterator[Any]:
    for room, vocabulary in ROOMS.items():
        for word in vocabulary:
            path = HERE / room / "derivations" / f"{word.word}.yaml"
            if path.is_file():
                for case in YAML(typ="safe").load(path)["cases"]:
                    yield pytest.param(word, case, id=f"{word.word}: {case['name']}")


@pytest.mark.parametrize("room", ROOMS)
def test_every_word_has_its_table_of_cases(room: str) -> None:
    without = [w.word for w in ROOMS[room] if not (HERE / room / "derivations" / f"{w.word}.yaml").is_file()]
    assert without == []


@pytest.mark.parametrize("word, case", list(cases()))
def test_word(word: type[Word], case: Mapping[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(ValidationError) as refused:
            _made(word, case)
        said = [
            error["msg"].removeprefix("Value error, ") for error in refused.value.errors(include_url=False)
        ]
        assert said == case["refused"]
        return
    derivation = _made(word, case)
    if isinstance(derivation, Derivation):
        _fills_a_variable(derivation, case)
    else:
        assert isinstance(derivation, RecordDerivation)
        _makes_records(derivation, case)


def _made(word: type[Word], case: Mapping[str, Any]) -> Word:
    """The word with the arguments of a case."""
    context = {
        "codelists": {
            name: Codelist.model_validate({"name": name, **data})
            for name, data in case.get("codelists", {}).items()
        },
        "conversions": {
            name: Conversions(name=name, tests=tests) for name, tests in case.get("conversions", {}).items()
        },
        "dataset": case.get("dataset", "XX"),
    }
    return word.model_validate(case.get("arguments") or {}, context=context)


def _fills_a_variable(derivation: Derivation, case: Mapping[str, Any]) -> None:
    records = _frame(case["records"], len(case["gives"]))
    before = records.copy(deep=True)
    related = {name: _frame(data, None) for name, data in case.get("related", {}).items()}
    result = derivation.compute_from(records, related)
    values = result.values if isinstance(result, Judged) else result
    doubts = result.doubts if isinstance(result, Judged) else pd.Series([pd.NA] * len(records), dtype=TEXT)
    assert [_plain(value) for value in values] == case["gives"]
    assert [_plain(value) for value in doubts] == case.get("doubts", [None] * len(records))
    assert values.index.equals(records.index)
    assert set(doubts.dropna()) <= set(derivation.doubts)
    pd.testing.assert_frame_equal(records, before)
    named = derivation.compute_from(records.set_axis([f"record {n}" for n in range(len(records))]), related)
    named_values = named.values if isinstance(named, Judged) else named
    assert [_plain(value) for value in named_values] == case["gives"], "a word must not rely on the index"
    if "method" in case:
        assert derivation.method_text(case.get("variable", "XXVAR")) == case["method"]
    if derivation.rowwise and len(records):
        turned = records.iloc[::-1].reset_index(drop=True)
        again = derivation.compute_from(turned, related)
        again = again.values if isinstance(again, Judged) else again
        assert [_plain(value) for value in again] == case["gives"][::-1], (
            "a rowwise word must not know its neighbours"
        )


def accepted_cases() -> list[Any]:
    """The cases of which the arguments are right and the records can be read."""
    return [case for case in cases() if not case.values[1].keys() & {"refused", "problem", "error"}]


@pytest.mark.parametrize("word, case", accepted_cases())
def test_word_without_records(word: type[Word], case: Mapping[str, Any]) -> None:
    """A study before its first record, and a subject without related records, are no special cases."""
    derivation = _made(word, case)
    if isinstance(derivation, Derivation):
        records = _frame(case["records"], len(case["gives"]))
        related = {name: _frame(data, None) for name, data in case.get("related", {}).items()}
        none = {name: data.iloc[:0] for name, data in related.items()}
        for few, others in ((records.iloc[:0], related), (records.iloc[:0], none), (records, none)):
            result = derivation.compute_from(few, others)
            values = result.values if isinstance(result, Judged) else result
            assert len(values) == len(few)
        return
    assert isinstance(derivation, RecordDerivation)
    given = {}
    for name, data in case["given"].items():
        frame = _frame(data, None).iloc[:0]
        given[name] = Records(frame, sources_of(name, np.arange(0)), file=f"{name}.csv", lines=np.arange(0))
    made = derivation.compute(given)
    assert given == {} or made.data.empty
    assert set(made.data.columns) >= set(case["gives"])


def _makes_records(derivation: RecordDerivation, case: Mapping[str, Any]) -> None:
    given = {}
    for name, data in case["given"].items():
        frame = _frame(data, None)
        rows = np.arange(len(frame), dtype=np.int64)
        given[name] = Records(frame, sources_of(name, rows), file=f"{name}.csv", lines=rows + 2)
    before = {name: records.data.copy(deep=True) for name, records in given.items()}
    if "error" in case:
        with pytest.raises(UserError) as told:
            derivation.compute(given)
        assert str(told.value) == case["error"].rstrip("\n")
        return
    made = derivation.compute(given)
    for name, records in given.items():
        pd.testing.assert_frame_equal(records.data, before[name])
    assert {name: [_plain(v) for v in made.data[name]] for name in case["gives"]} == case["gives"]
    shown = [
        list(each) for each in made.left_out[["table", "row", "reason"]].itertuples(index=False, name=None)
    ]
    assert sorted(shown) == sorted(case.get("left_out", []))
    if "sources" in case:
        shown = [
            list(each) for each in made.sources[["record", "table", "row"]].itertuples(index=False, name=None)
        ]
        assert shown == case["sources"]


def _frame(data: Mapping[str, list[Any]], length: int | None) -> pd.DataFrame:
    columns = {}
    for name, values in data.items():
        numeric = any(isinstance(v, (int, float)) for v in values) and not any(
            isinstance(v, str) for v in values
        )
        columns[name] = pd.Series(
            [pd.NA if v is None else v for v in values], dtype=NUMBER if numeric else TEXT
        )
    count = length if length is not None else len(next(iter(columns.values()), ()))
    return pd.DataFrame(columns, index=pd.RangeIndex(count))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
