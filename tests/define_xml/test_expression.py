from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from define_xml.expression import formal_expression
from specs import Argument, Codelist, Condition, Conversions, Derivation, Field, Ref, RelatedRecords


class Bounds(Argument):
    low: float
    where: Condition | None = None


class ManyArguments(Derivation):
    """Every kind of argument."""

    source = "a test"
    origin = "Assigned"
    field: Field = Field("raw.FIELD")
    ref: Ref | None = None
    others: RelatedRecords | None = None
    codelist: Codelist | None = None
    conversions: Conversions | None = None
    flag: bool = False
    number: float | None = None
    values: tuple[str, ...] = ()
    some: frozenset[str] = frozenset()
    names: Mapping[str, Any] = {}
    bounds: Bounds | None = None
    where: Condition | None = None
    text: str = "as collected"

    def compute(self, records: pd.DataFrame) -> pd.Series:
        raise AssertionError("nothing is computed here")


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        pytest.param({}, "many_arguments", id="defaults are left out"),
        pytest.param(
            {"field": "AETERM"}, "many_arguments: {field: AETERM}", id="a field without its qualifier"
        ),
        pytest.param(
            {"ref": "DM.RFSTDTC"}, "many_arguments: {ref: DM.RFSTDTC}", id="a variable of another dataset"
        ),
        pytest.param({"others": "EX.EXSTDTC"}, "many_arguments: {others: EX.EXSTDTC}", id="related records"),
        pytest.param(
            {"others": {"dataset": "EX", "variable": "EXDOSE", "where": "EXDOSE GT 0"}},
            "many_arguments: {others: {dataset: EX, variable: EXDOSE, where: EXDOSE GT 0}}",
            id="related records with a condition",
        ),
        pytest.param(
            {"codelist": Codelist(name="NY")}, "many_arguments: {codelist: NY}", id="a codelist by its name"
        ),
        pytest.param(
            {"conversions": Conversions(name="LAB", tests={})},
            "many_arguments: {conversions: LAB}",
            id="conversions by name",
        ),
        pytest.param(
            {"flag": True, "number": 1.5}, "many_arguments: {flag: true, number: 1.5}", id="truth and numbers"
        ),
        pytest.param(
            {"values": ("Y", "NOT DONE", "no", "1")},
            'many_arguments: {values: [Y, NOT DONE, "no", "1"]}',
            id="texts that YAML reads as something else are quoted",
        ),
        pytest.param({"some": {"b", "a"}}, "many_arguments: {some: [a, b]}", id="sets are sorted"),
        pytest.param({"names": {"ALT": 1}}, "many_arguments: {names: {ALT: 1}}", id="a mapping"),
        pytest.param(
            {"bounds": {"low": 2, "where": "SEX EQ F"}},
            "many_arguments: {bounds: {low: 2.0, where: SEX EQ F}}",
            id="a group of arguments",
        ),
        pytest.param(
            {"where": "AEOUT IN (FATAL, UNKNOWN)"},
            'many_arguments: {where: "AEOUT IN (FATAL, UNKNOWN)"}',
            id="a condition with signs is quoted",
        ),
        pytest.param(
            {"text": 'a "b"\n\\'},
            'many_arguments: {text: "a \\"b\\"\\n\\\\"}',
            id="quotation marks and ends of lines",
        ),
    ],
)
def test_a_word_as_the_specification_writes_it(arguments: dict[str, Any], written: str) -> None:
    assert formal_expression(ManyArguments(**arguments)) == written


def test_yaml_reads_the_arguments_back() -> None:
    word = ManyArguments(field="AETERM", values=("Y", "1", "true", "- a", "a: b", "a # b"), text='"')
    read = YAML(typ="safe", pure=True).load(formal_expression(word))
    assert read == {
        "many_arguments": {
            "field": "AETERM",
            "values": ["Y", "1", "true", "- a", "a: b", "a # b"],
            "text": '"',
        }
    }
