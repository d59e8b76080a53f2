"""What a simulated export looks like, as simulation.yaml says it; every number of the simulation is here."""

from raw.simulation.parameters.adverse_events import AdverseEvents, Flare, Onset, Term
from raw.simulation.parameters.calendar import Calendar, Content, Edc, Exposure, Visit, Way
from raw.simulation.parameters.cohort import Cohort, Disease, Disposition, ScreenFailure, Site
from raw.simulation.parameters.laboratory import Central, Laboratory, Marker, Test, Unit
from raw.simulation.parameters.study import Defect, Parameters, read_parameters
from raw.simulation.parameters.words import Words

__all__ = [
    "AdverseEvents",
    "Calendar",
    "Central",
    "Cohort",
    "Content",
    "Defect",
    "Disease",
    "Disposition",
    "Edc",
    "Exposure",
    "Flare",
    "Laboratory",
    "Marker",
    "Onset",
    "Parameters",
    "ScreenFailure",
    "Site",
    "Term",
    "Test",
    "Unit",
    "Visit",
    "Way",
    "Words",
    "read_parameters",
]
