"""The pictures of the report: drawn by functions of our own from generic SDTM variables, with numbers."""

from validation.report.charts.adverse_events import adverse_events
from validation.report.charts.enrolment import enrolment
from validation.report.charts.exposure import exposure
from validation.report.charts.figure import Datasets, Figure
from validation.report.charts.laboratory import laboratory
from validation.report.charts.open_findings import open_findings

PICTURES = (enrolment, exposure, adverse_events, laboratory)
"""In the order of the page."""

__all__ = ["PICTURES", "Datasets", "Figure", "open_findings"]
