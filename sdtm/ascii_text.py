"""Text that XPT version 5 can hold: ASCII, at most 200 bytes, the rest continued at a word boundary."""

from __future__ import annotations

import unicodedata

LONGEST = 200
"""bytes of a character value (XPT version 5; SDTMIG 3.4, 4.5.3)"""
_SIGNS = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE",
    "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "µ": "u", "μ": "u", "\u00a0": " ", "²": "2", "³": "3",
    "≤": "<=", "≥": ">=", "°": " deg",
})  # fmt: skip


def ascii_of(text: str) -> str | None:
    """The text without diacritics and typographic signs; None where something else than ASCII is left.

    >>> ascii_of("céphalées"), ascii_of("頭痛")
    ('cephalees', None)
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_SIGNS))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return plain if plain.isascii() else None


def parts_of(text: str, longest: int = LONGEST) -> tuple[str, ...]:
    """The text in parts of at most `longest` bytes, cut at word boundaries where there is one.

    >>> parts_of("one two three", 8)
    ('one two', 'three')
    """
    parts: list[str] = []
    rest = text
    while len(rest.encode()) > longest:
        head = rest.encode()[:longest].decode(errors="ignore")
        if not head.strip():
            rest = rest.lstrip()
            continue
        boundary = len(head) if rest[len(head)].isspace() else head.rfind(" ")
        cut = boundary if boundary > 0 and head[:boundary].strip() else len(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*parts, rest) if rest or not parts else tuple(parts)
