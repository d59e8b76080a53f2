"""A study read with the words of SDTM and ADaM, and checked."""

from __future__ import annotations

from pathlib import Path

import adam
import sdtm
from engine import plan
from specs import Study, UserError, inconsistencies, read_study
from trialwright.shipped import study_folder


def load_study(name: str, terminology: Path | None = None) -> Study:
    """The study, with everything that can be wrong with its specification told together.

    `terminology` is a full package of controlled terminology as NCI EVS publishes it; its lists replace the shipped ones.
    """
    lists = None
    if terminology is not None:
        from specs.standards import load_terminology, read_evs  # only where a package is given

        lists = load_terminology().with_lists(read_evs(terminology))
    vocabularies = {"sdtm": sdtm.VOCABULARY, "adam": adam.VOCABULARY}
    study = read_study(study_folder(name), vocabularies, terminology=lists)  # type: ignore[arg-type]
    problems = inconsistencies(study)
    if problems:
        raise UserError(problems)
    plan(study.sdtm)
    plan(study.adam)
    return study
