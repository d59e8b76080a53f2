"""A finding: one thing in the data that somebody must look at, in one shape whoever finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")
"""From the gravest: error (the value is wrong or held back), warning (look at it), notice (worth knowing)."""


@dataclass(frozen=True)
class Finding:
    """One fault in the data.

    `dataset` is a raw table, an SDTM domain or an ADaM dataset; `keys` name the record in the field's own terms
    (USUBJID, --SEQ, or the export's file and row); `value` is the text as it stands there ("" when there is none);
    `message` says what is wrong and `to_do` what to do about it.
    """

    code: str
    severity: Severity
    dataset: str
    variable: str
    keys: tuple[tuple[str, str], ...]
    value: str
    message: str
    to_do: str
    origin: str = ""
    """file, row and column of the export, where one cell of it is meant: `edc.zip/AE.csv:12:AESTDAT`"""
    count: int = 1
    """how many records it speaks of, where it speaks of several"""
