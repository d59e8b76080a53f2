"""Studies as the command line reads them: shipped ones, folders, and a terminology package of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs import UserError
from specs.standards import load_terminology
from trialwright.shipped import study_folder
from trialwright.studies import load_study

HEADER = (
    "Code\tCodelist Code\tCodelist Extensible (Yes/No)\tCodelist Name\tCDISC Submission Value\tCDISC Synonym(s)\t"
    "CDISC Definition\tNCI Preferred Term"
)


def package(folder: Path, date: str, without: frozenset[str] = frozenset()) -> Path:
    """The shipped SDTM lists as NCI EVS writes a package, without some terms."""
    lines = [HEADER]
    for name, terms in load_terminology().lists.items():
        if terms.package == "SDTM":
            extensible = "Yes" if terms.extensible else "No"
            lines.append(f"{terms.code}\t\t{extensible}\t{terms.long_name}\t{name}\t\t\t{terms.long_name}")
            lines += [
                f"{term.code}\t{terms.code}\t\t{terms.long_name}\t{term.value}\t\t\t{term.decode}"
                for term in terms.terms
                if term.value not in without
            ]
    path = folder / f"SDTM Terminology {date}.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ("nct01988506", "NCT01988506", "cdiscpilot01"))
def test_a_shipped_study_is_named_by_its_id(name: str) -> None:
    assert load_study(name).id == name.upper()


def test_a_folder_is_a_study() -> None:
    assert load_study(str(study_folder("cdiscpilot01"))).id == "CDISCPILOT01"


def test_a_study_that_nobody_knows_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UserError) as caught:
        study_folder("nct01988560")
    assert str(caught.value) == (
        "no study 'nct01988560'\n  where: nct01988560\n  to do: did you mean 'nct01988506'?"
    )


def test_a_package_of_the_user_replaces_the_shipped_lists(tmp_path: Path) -> None:
    study = load_study("nct01988506", package(tmp_path, "2025-09-26"))
    assert study.codelists["LBTESTCD"].version == "2025-09-26"
    assert study.codelists["LBTESTCD"].by_value["WBC"].decode == "Leukocytes"
    assert [use.version for use in study.standards["sdtm"] if use.type == "CT"] == ["2025-09-26"]


def test_a_term_that_the_package_no_longer_has_is_a_problem_of_the_specification(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_study("nct01988506", package(tmp_path, "2025-09-26", without=frozenset({"EVERY 2 WEEKS"})))
    (problem,) = caught.value.problems
    assert problem.what == "'EVERY 2 WEEKS' is no term of C71113"
    assert problem.where.startswith("codelists.yaml:")
    assert problem.where.endswith(", FREQ")
