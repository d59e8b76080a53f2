"""Expectations: suites made from the specification, run by Great Expectations on the files read back.

Nothing here imports Great Expectations before `run` is called, since that takes seconds. May import engine,
exchange, specs and the rest of validation.
"""

from validation.expectations.kinds import EXPECTATION_KINDS
from validation.expectations.results import ExpectationResult, write_results
from validation.expectations.run import Outcome, run
from validation.expectations.suites import Expectation, Suite, dataset_suites, raw_suites

__all__ = [
    "EXPECTATION_KINDS",
    "Expectation",
    "ExpectationResult",
    "Outcome",
    "Suite",
    "dataset_suites",
    "raw_suites",
    "run",
    "write_results",
]
