"""References: how a specification names variables, fields of the export and related records."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from specs import Field, Ref, RelatedRecords


class Arguments(BaseModel):
    ref: Ref | None = None
    field: Field | None = None
    related: RelatedRecords | None = None


@pytest.mark.parametrize(
    "text, dataset, variable",
    [
        pytest.param("AESTDTC", "", "AESTDTC", id="a variable of the own dataset"),
        pytest.param("DM.RFSTDTC", "DM", "RFSTDTC", id="a variable of another dataset"),
        pytest.param("raw.AESTDAT", "raw", "AESTDAT", id="a field of the export"),
        pytest.param("raw.AE.START DATE", "raw", "AE.START DATE", id="a field may hold points and blanks"),
    ],
)
def test_what_a_reference_names(text: str, dataset: str, variable: str) -> None:
    ref = Arguments.model_validate({"ref": text}).ref
    assert isinstance(ref, Ref)
    assert (ref.dataset, ref.variable, str(ref)) == (dataset, variable, text)


@pytest.mark.parametrize("text", ["", " AESTDTC", "AESTDTC ", ".AESTDTC", "DM."])
def test_what_is_no_name_is_refused(text: str) -> None:
    for argument in ("ref", "field"):
        with pytest.raises(ValidationError) as refused:
            Arguments.model_validate({argument: text})
        assert refused.value.errors()[0]["msg"] == f"Value error, '{text}' is not the name of a variable"


@pytest.mark.parametrize("text", ["AESTDAT", "raw.AESTDAT"])
def test_a_field_is_written_with_or_without_its_qualifier(text: str) -> None:
    field = Arguments.model_validate({"field": text}).field
    assert isinstance(field, Field)
    assert field == "raw.AESTDAT"


def test_related_records_are_written_short() -> None:
    related = Arguments.model_validate({"related": "EX.EXSTDTC"}).related
    assert related == RelatedRecords(dataset="EX", variable="EXSTDTC")
    assert str(related) == "EX.EXSTDTC"
    assert related.reads() == {Ref("EX.EXSTDTC")}


def test_related_records_with_a_condition_read_what_it_compares() -> None:
    given = {"dataset": "EX", "variable": "EXSTDTC", "where": "EXOCCUR EQ Y and EXDOSE GT 0"}
    related = Arguments.model_validate({"related": given}).related
    assert related is not None
    assert str(related) == "EX.EXSTDTC where EXOCCUR EQ Y and EXDOSE GT 0"
    assert related.reads() == {Ref("EX.EXSTDTC"), Ref("EX.EXOCCUR"), Ref("EX.EXDOSE")}


@pytest.mark.parametrize("text", ["EXSTDTC", ".EXSTDTC", "EX."])
def test_related_records_without_dataset_or_variable_are_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Arguments.model_validate({"related": text})
    assert refused.value.errors()[0]["msg"] == f"Value error, '{text}' is not of the form DATASET.VARIABLE"
