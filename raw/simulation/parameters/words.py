"""The texts that stand in the menus of the EDC."""

from __future__ import annotations

from collections.abc import Mapping

from raw.simulation.parameters.frozen import Frozen


class SexWords(Frozen):
    """What the EDC calls women and men."""

    F: str
    M: str


class TreatmentWords(Frozen):
    """How treatment ended."""

    completed: str
    stopped: str


class StudyWords(Frozen):
    """How the study ended."""

    completed: str
    left: str
    not_enrolled: str


class ActionWords(Frozen):
    """What was done with the study treatment because of an event."""

    unchanged: str
    postponed: str
    withdrawn: str
    not_applicable: str


class OutcomeWords(Frozen):
    """How an event ended."""

    recovered: str
    sequelae: str
    recovering: str
    not_recovered: str
    unknown: str


class CodingWords(Frozen):
    """The coder's status."""

    done: str
    open: str


class Words(Frozen):
    """The texts of the EDC's menus."""

    yes: str
    no: str
    sex: SexWords
    unknown_part: str
    criterion_not_met: str
    consent_withdrawn: str
    lost: str
    treatment: TreatmentWords
    study: StudyWords
    actions: ActionWords
    outcomes: OutcomeWords
    folders: Mapping[str, str]
    coded: CodingWords
