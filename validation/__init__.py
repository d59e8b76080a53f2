"""The judgement on written files: checks, expectations, findings. It reads the files back and knows no
builder.

May import engine, exchange and specs.
"""

from validation.catalogue import CatalogueEntry, catalogue
from validation.expectations import ExpectationResult, write_results
from validation.findings import keys_text, read_json, write_json, write_xlsx
from validation.judge import Judgement, judge, judge_build, read_back

__all__ = [
    "CatalogueEntry",
    "ExpectationResult",
    "Judgement",
    "catalogue",
    "judge",
    "judge_build",
    "keys_text",
    "read_back",
    "read_json",
    "write_json",
    "write_results",
    "write_xlsx",
]
