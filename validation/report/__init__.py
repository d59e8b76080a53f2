"""The page that a build leaves: what was built, what is wrong, what was left out, and what to look at first.

`write_report` turns a ReportContent into one self-contained HTML file. It may import specs, engine and
exchange; it judges nothing itself and knows no builder.
"""

from validation.report.content import Expectation, InputFile, OutputFile, ReportContent
from validation.report.page import write_report

__all__ = ["Expectation", "InputFile", "OutputFile", "ReportContent", "write_report"]
