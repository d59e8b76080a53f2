"""Texts that a spreadsheet may take for a formula, and how to keep it from doing so."""

from __future__ import annotations

import re

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""How such a text begins."""
PATTERN = rf"\A([{re.escape(''.join(STARTS))}])"
"""The same as a regular expression, its group the first character."""


def harmless(text: str) -> str:
    """The text with an apostrophe before it where it begins like a formula.

    >>> harmless("=1+1"), harmless("HEADACHE")
    ("'=1+1", 'HEADACHE')
    """
    return f"'{text}" if text.startswith(STARTS) else text
