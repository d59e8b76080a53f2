"""Every code that judging a build can give, whatever the study: for the documentation."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from engine import SEVERITIES, Severity
from validation.checks import CHECKS
from validation.expectations import EXPECTATION_KINDS
from validation.study_checks import CHECK_NOT_RUN


@dataclass(frozen=True)
class CatalogueEntry:
    """One code: how grave, what is wrong, why it matters, what to do; what is looked at, and who looks."""

    code: str
    severity: Severity
    title: str
    why: str
    to_do: str
    applies_to: str
    """the datasets and variables that are looked at, as a phrase"""
    details: str
    """what exactly is looked at; "" where the title says it"""
    found_by: str
    """check, or expectation"""


def catalogue() -> tuple[CatalogueEntry, ...]:
    """An entry for each code, by code; the study's own checks are in its specification."""
    entries = [
        CatalogueEntry(
            code=check.code,
            severity=check.severity,
            title=check.title,
            why=check.why,
            to_do=check.to_do,
            applies_to=check.applies_to,
            details=inspect.cleandoc(check.__doc__ or ""),
            found_by="check",
        )
        for check in CHECKS
    ]
    entries += [
        CatalogueEntry(each.code, each.severity, each.title, each.why, each.to_do, where, "", found_by)
        for each, where, found_by in (
            (CHECK_NOT_RUN, "the study's own checks", "check"),
            *((kind, _where(kind.code), "expectation") for kind in EXPECTATION_KINDS),
        )
    ]
    assert len({entry.code for entry in entries}) == len(entries), "every code has one meaning"
    assert all(entry.severity in SEVERITIES for entry in entries)
    return tuple(sorted(entries, key=lambda entry: entry.code))


def _where(code: str) -> str:
    return "raw tables, by raw.yaml" if code.startswith("RAW_") else "every dataset of the specification"
