"""simulation.yaml: what is complained of, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from raw.simulation.parameters import read_parameters
from specs import UserError

PARAMETERS = Path(__file__).resolve().parents[2] / "specs/nct01988506/simulation.yaml"


def complaint(tmp_path: Path, old: str, new: str) -> str:
    """What is said of the study's parameters with one passage changed; {line} is the line of the passage."""
    text = PARAMETERS.read_text(encoding="utf-8")
    assert text.count(old) == 1, "the passage stands once"
    path = tmp_path / "simulation.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_parameters(path)
    line = text[: text.index(old)].count("\n") + 1
    return str(error.value).replace(f"simulation.yaml:{line}\n", "simulation.yaml:LINE\n")


def test_the_parameters_of_the_study_are_read() -> None:
    parameters = read_parameters(PARAMETERS)
    assert parameters.cohort.size == 46
    assert len(parameters.adverse_events.all_terms) == 37
    assert sum(term.events for term in parameters.adverse_events.all_terms) == 214


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    assert complaint(tmp_path, "  growth: 0.15 ", "  grwth: 0.15 ") == (
        "argument 'cohort.accrual.growth' is missing\n"
        "  where: simulation.yaml:42\n"
        "  to do: add `growth:`\n"
        "unknown argument 'cohort.accrual.grwth'\n"
        "  where: simulation.yaml:LINE\n"
        "  to do: did you mean 'growth'?"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "UC: {name: Ulcerative colitis, female: 1,",
            "UC: {name: Ulcerative colitis, female: 2,",
            "Ulcerative colitis: the sites treat 3, but women and men are 4\n"
            "  where: simulation.yaml:LINE\n"
            "  to do: mend the value",
        ),
        (
            "- {name: completed, count: 40}",
            "- {name: completed, count: 39}",
            "the dispositions count 45 subjects, the diseases 46\n"
            "  where: simulation.yaml:25\n"
            "  to do: mend the value",
        ),
        (
            "    units: {HGB: g/L, HCT: L/L,",
            "    units: {HGB: g/100L, HCT: L/L,",
            "HGB in the unknown unit 'g/100L'\n  where: simulation.yaml:LINE\n  to do: known are: g/dL, g/L",
        ),
        (
            "product_of: {HGB: 1}, scale: 0.002985",
            "product_of: {RBC: 1}, scale: 0.002985",
            "laboratory: RBC and HCT follow from each other\n"
            "  where: simulation.yaml:165\n"
            "  to do: mend the value",
        ),
        (
            "{pt: Lymphopenia, patients: 1, events: 1, grades: mild,",
            "{pt: Lymphopenia, patients: 1, events: 1, grades: milld,",
            "Lymphopenia: unknown grades 'milld'\n"
            "  where: simulation.yaml:LINE\n"
            "  to do: did you mean 'mild'?",
        ),
        (
            "stops: adverse_event,",
            "stops: adverse_events,",
            "Rash: unknown stops 'adverse_events'\n"
            "  where: simulation.yaml:LINE\n"
            "  to do: did you mean 'adverse_event'?",
        ),
    ],
    ids=[
        "patients of the sites",
        "dispositions",
        "a unit",
        "tests in a circle",
        "grades",
        "a disposition explained",
    ],
)
def test_what_does_not_fit_together_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert complaint(tmp_path, old, new) == said


def test_two_complaints_are_shown_together(tmp_path: Path) -> None:
    text = PARAMETERS.read_text(encoding="utf-8")
    path = tmp_path / "simulation.yaml"
    path.write_text(
        text.replace("missed: {induction: 0.005,", "missed: {induction: 1.5,").replace(
            "  spread: 0.35 ", "  spread: 0 "
        ),
        encoding="utf-8",
    )
    with pytest.raises(UserError) as error:
        read_parameters(path)
    assert [problem.what for problem in error.value.problems] == [
        "'calendar.spread': input should be greater than 0",
        "'exposure.missed.induction': input should be less than or equal to 1",
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read_parameters(tmp_path / "simulation.yaml")
    assert str(error.value) == (
        "cannot read simulation.yaml\n"
        "  where: simulation.yaml\n"
        "  to do: see that the file is there: No such file or directory"
    )
