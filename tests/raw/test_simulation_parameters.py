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
        "  to do: known are: study, nature, words, cohort, sites, calendar, exposure, edc, laboratory, "
        "adverse_events, defects"
    )
