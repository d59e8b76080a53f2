"""Text that XPT version 5 can hold: no part longer than 200 bytes, and nothing lost between the parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm.ascii_text import ascii_of, parts_of


@pytest.mark.parametrize(
    "text, parts",
    [
        pytest.param("one two", ("one two",), id="a short text is one part"),
        pytest.param("one two three", ("one two", "three"), id="it is cut at the last word that fits"),
        pytest.param("one two  three", ("one two", "three"), id="blanks around the cut are left away"),
        pytest.param("oneandtwo three", ("oneandtw", "o three"), id="a word that is too long is cut within"),
        pytest.param("   oneandtwo", ("   onean", "dtwo"), id="blanks in front are no word"),
        pytest.param("oneandtw   ", ("oneandtw",), id="blanks behind are no part"),
        pytest.param("éé éé éé", ("éé", "éé", "éé"), id="bytes count, not characters"),
        pytest.param("aéééé", ("aééé", "é"), id="no character is cut in two"),
        pytest.param("", ("",), id="nothing is one empty part"),
    ],
)
def test_parts_of_eight_bytes(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text, 8) == parts


@given(st.text(st.characters(codec="utf-8"), max_size=120), st.integers(min_value=4, max_value=30))
def test_no_part_is_too_long_and_no_sign_is_lost(text: str, longest: int) -> None:
    parts = parts_of(text, longest)
    assert all(len(part.encode()) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() for part in parts) or not text.strip()


@pytest.mark.parametrize(
    "text, plain",
    [
        ("Asthénie", "Asthenie"),
        ("ŒDÈME", "OEDEME"),
        ("Straße", "Strasse"),
        ("5 µg/m²", "5 ug/m2"),
        ("l’œil – « rouge »…", 'l\'oeil - " rouge "...'),
        ("≤ 38 °C", "<= 38  degC"),
        ("½", None),
        ("頭痛", None),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_ascii_of(text: str, plain: str | None) -> None:
    assert ascii_of(text) == plain
