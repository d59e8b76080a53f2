"""What a user must mend before define.xml is written: each problem in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from define_xml import write
from specs import Codelist, Dataset, Document, Problem, StandardUse, Study, UserError

Files = Callable[..., Path]
AGAIN = "build the study again: the file was made from another specification"


def problems_of(study: Study, folder: Path, model: str = "sdtm") -> tuple[Problem, ...]:
    with pytest.raises(UserError) as caught:
        write(study, model, folder, created="2026-11-22T12:00:00")  # type: ignore[arg-type]
    assert not (folder / "define.xml").exists()
    return caught.value.problems


def with_dataset(study: Study, name: str, /, **changes: Any) -> Study:
    given = study.datasets[name]
    fields = {each: getattr(given, each) for each in Dataset.model_fields} | changes
    datasets = {**study.datasets, name: Dataset(**fields)}
    return Study(**({each: getattr(study, each) for each in Study.model_fields} | {"datasets": datasets}))


def with_variable(study: Study, dataset: str, name: str, /, **changes: Any) -> Study:
    variables = tuple(
        each.model_copy(update=changes) if each.name == name else each
        for each in study.datasets[dataset].variables
    )
    return with_dataset(study, dataset, variables=variables)


def standards(*sdtm: StandardUse) -> Mapping[str, tuple[StandardUse, ...]]:
    return {"sdtm": sdtm}


GUIDE = StandardUse(name="SDTMIG", version="3.4")
TERMS = StandardUse(name="CDISC/NCI", type="CT", publishing_set="SDTM", version="2025-03-28")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param(
            lambda study: study.model_copy(update={"protocol": ""}),
            Problem("the study has no protocol", "study.yaml", "add `protocol:`, which define.xml states"),
            id="no protocol",
        ),
        pytest.param(
            lambda study: study.model_copy(update={"standards": standards(TERMS)}),
            Problem(
                "the study names no implementation guide for sdtm",
                "study.yaml, standards, sdtm",
                "add the implementation guide that it follows",
            ),
            id="no guide",
        ),
        pytest.param(
            lambda study: study.model_copy(
                update={"standards": standards(GUIDE.model_copy(update={"name": "SDTM-IG"}), TERMS)}
            ),
            Problem(
                "'SDTM-IG' is no name of a standard in Define-XML",
                "study.yaml, standards, sdtm",
                "did you mean 'SDTMIG'?",
            ),
            id="a guide's name that Define-XML does not know",
        ),
        pytest.param(
            lambda study: study.model_copy(
                update={"standards": standards(GUIDE.model_copy(update={"version": " "}), TERMS)}
            ),
            Problem("the standard SDTMIG has no version", "study.yaml, standards, sdtm", "add its version"),
            id="a guide without a version",
        ),
        pytest.param(
            lambda study: study.model_copy(
                update={"standards": standards(GUIDE, TERMS, TERMS.model_copy(update={"publishing_set": ""}))}
            ),
            Problem(
                "terminology 2025-03-28 has no publishing set",
                "study.yaml, standards, sdtm",
                "add `publishing_set: SDTM` or ADaM",
            ),
            id="terminology without its set",
        ),
        pytest.param(
            lambda study: with_variable(study, "LB", "LBORRESU", codelist=None).model_copy(
                update={"standards": standards(GUIDE, TERMS.model_copy(update={"version": "2024-09-27"}))}
            ),
            Problem(
                "a list of SDTM terminology 2025-03-28, which sdtm does not follow",
                "codelists.yaml, LBTESTCD",
                "add that package under `standards:`, sdtm",
            ),
            id="a codelist of another package",
        ),
        pytest.param(
            lambda study: with_variable(
                study, "AE", "AEDECOD", codelist=Codelist(name="MEDDRA", dictionary="MedDRA")
            ),
            Problem("the dictionary MedDRA has no version", "codelists.yaml, MEDDRA", "add `version:`"),
            id="a dictionary without a version",
        ),
        pytest.param(
            lambda study: study.model_copy(
                update={"documents": (Document(name="acrf", title="A", file="a.pdf"),) * 2}
            ),
            Problem("two documents are named 'acrf'", "study.yaml, documents", "rename one of them"),
            id="two documents of one name",
        ),
        pytest.param(
            lambda study: with_dataset(study, "AE", structure=""),
            Problem("the dataset has no structure", "sdtm/ae.yaml:1, AE", "add `one_record_per:`"),
            id="no structure",
        ),
        pytest.param(
            lambda study: with_dataset(study, "AE", keys=("AEDAYS",)),
            Problem("no variable of the dataset itself is a key", "sdtm/ae.yaml:1, AE", "add `keys:`"),
            id="no key but a qualifier",
        ),
        pytest.param(
            lambda study: with_dataset(study, "AE", subclass="ADVERSE EVENTS"),
            Problem(
                "'ADVERSE EVENTS' is no subclass in Define-XML",
                "sdtm/ae.yaml:1, AE",
                "did you mean 'ADVERSE EVENT'?",
            ),
            id="an unknown subclass",
        ),
        pytest.param(
            lambda study: with_variable(study, "LB", "LBORRES", value_level="LBTESCD"),
            Problem(
                "value level by 'LBTESCD', which is no variable of LB",
                "lborres.yaml:7, LB.LBORRES",
                "did you mean 'LBTESTCD'?",
            ),
            id="value level by an unknown variable",
        ),
        pytest.param(
            lambda study: with_variable(study, "AE", "AETERM", value_level="AESTDY"),
            Problem(
                "value level by AESTDY, a number",
                "aeterm.yaml:7, AE.AETERM",
                "name a character variable, such as the test code",
            ),
            id="value level by a number",
        ),
        pytest.param(
            lambda study: with_dataset(study, "DS", records=()),
            Problem(
                "the variable is collected, but no raw table is behind its records",
                "usubjid.yaml:7, DS.USUBJID",
                "use a word that does not collect, such as predecessor or assigned",
            ),
            id="collected without a raw table",
        ),
        pytest.param(
            lambda study: with_variable(study, "AE", "AEDAYS", name="AE-DAYS"),
            Problem(
                "'AE-DAYS' is no name of a variable",
                "aedays.yaml:7, AE.AE-DAYS",
                "use up to 8 letters, digits and underscores, the first no digit",
            ),
            id="a qualifier's name that is none",
        ),
    ],
)
def test_the_specification(
    study: Study, files_of: Files, changed: Callable[[Study], Study], problem: Problem
) -> None:
    assert problems_of(changed(study), files_of(study))[0] == problem


def test_a_predecessor_that_is_no_variable(study: Study, files_of: Files) -> None:
    lost = type(study.datasets["ADSL"].by_name["STUDYID"].derivation)(of="raw.STUDYID")
    changed = with_variable(study, "ADSL", "STUDYID", derivation=lost)
    assert problems_of(changed, files_of(study, "adam"), "adam") == (
        Problem(
            "the predecessor is no variable of a dataset",
            "studyid.yaml:7, ADSL.STUDYID",
            "name it as DATASET.VARIABLE",
        ),
    )


def test_all_problems_are_shown_together(study: Study, files_of: Files) -> None:
    changed = with_dataset(study, "AE", structure="").model_copy(update={"name": "", "standards": {}})
    assert [problem.what for problem in problems_of(changed, files_of(study))] == [
        "the study has no name",
        "the study names no implementation guide for sdtm",
        "the study names no terminology package for sdtm",
        "the dataset has no structure",
        "a list of SDTM terminology 2025-03-28, which sdtm does not follow",
        "a list of SDTM terminology 2025-03-28, which sdtm does not follow",
        "a list of SDTM terminology 2025-03-28, which sdtm does not follow",
    ]


def test_a_study_without_datasets_of_the_model(study: Study, tmp_path: Path) -> None:
    fields = {each: getattr(study, each) for each in Study.model_fields}
    alone = Study(**(fields | {"datasets": {each.name: each for each in study.sdtm}}))
    assert problems_of(alone, tmp_path, "adam") == (
        Problem("the study has no adam dataset", "study.yaml", "add the files of the datasets under adam/"),
    )


def test_a_file_that_is_unreadable(study: Study, files_of: Files) -> None:
    folder = files_of(study)
    (folder / "ts.xpt").write_bytes(b"no transport file")
    assert problems_of(study, folder) == (
        Problem(
            "this is not a SAS transport file",
            "ts.xpt, byte 0",
            "name a file written by the XPORT engine (.xpt)",
        ),
    )


def test_a_folder_without_files(study: Study, tmp_path: Path) -> None:
    assert problems_of(study, tmp_path) == (
        Problem("no transport file has records", str(tmp_path), "build the study's datasets first"),
    )


def test_files_of_another_specification(study: Study, files_of: Files) -> None:
    folder = files_of(study)
    (folder / "dm.xpt").rename(folder / "keep")
    (folder / "ds.xpt").rename(folder / "dm.xpt")
    (folder / "keep").rename(folder / "ds.xpt")
    assert problems_of(study, folder) == (
        Problem("the file holds the dataset DS", "dm.xpt, DM", AGAIN),
        Problem(
            "the label is 'Disposition' in the file and 'Demographics' in the specification",
            "sdtm/dm.yaml:1, DM",
            AGAIN,
        ),
        Problem("the variable is not in dm.xpt", "rfstdtc.yaml:7, DM.RFSTDTC", AGAIN),
        Problem("the variable is not in dm.xpt", "age.yaml:7, DM.AGE", AGAIN),
        Problem("the variable is not in dm.xpt", "country.yaml:7, DM.COUNTRY", AGAIN),
        Problem("the file holds the dataset DM", "ds.xpt, DS", AGAIN),
        Problem(
            "the label is 'Demographics' in the file and 'Disposition' in the specification",
            "sdtm/ds.yaml:1, DS",
            AGAIN,
        ),
        Problem("RFSTDTC is no variable of the specification", "ds.xpt, DS.RFSTDTC", AGAIN),
        Problem("AGE is no variable of the specification", "ds.xpt, DS.AGE", AGAIN),
        Problem("COUNTRY is no variable of the specification", "ds.xpt, DS.COUNTRY", AGAIN),
    )


def test_a_variable_of_another_type_or_label(study: Study, files_of: Files) -> None:
    folder = files_of(study)
    changed = with_variable(study, "DM", "AGE", type="Char", label="Age at Consent")
    assert problems_of(changed, folder) == (
        Problem("the type is 'Num' in dm.xpt and 'Char' in the specification", "age.yaml:7, DM.AGE", AGAIN),
        Problem(
            "the label is 'Age' in dm.xpt and 'Age at Consent' in the specification",
            "age.yaml:7, DM.AGE",
            AGAIN,
        ),
    )


def test_a_qualifier_that_is_no_variable_of_its_domain(
    study: Study, files_of: Files, records: dict[str, dict[str, list[Any]]]
) -> None:
    records["SUPPAE"]["QNAM"] = ["AEINFUS", "AEOTHER"]
    assert problems_of(study, files_of(study)) == (
        Problem("the file has the qualifier 'AEOTHER', which is no variable of AE", "SUPPAE.QNAM", AGAIN),
    )


def test_a_value_that_xml_cannot_hold(
    study: Study, files_of: Files, records: dict[str, dict[str, list[Any]]]
) -> None:
    records["LB"]["LBTEST"][1] = "C Reactive\x01Protein"
    assert problems_of(study, files_of(study)) == (
        Problem(
            "a value holds a control character, which XML cannot hold",
            "lb.xpt, LB.LBTEST",
            "take it out in the export, or map the value to a term",
        ),
    )
