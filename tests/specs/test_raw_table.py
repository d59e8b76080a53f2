"""The number of a subject: one way to write it, whatever the file that it comes from."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from specs import SubjectNumber

NUMBER = SubjectNumber(form="{site:2}-{number:3}")


@pytest.mark.parametrize(
    "text, form, expected",
    [
        pytest.param("01-007", None, "01-007", id="as the study writes it"),
        pytest.param("1-7", None, "01-007", id="without its zeros"),
        pytest.param("001-0007", None, "01-007", id="with more zeros"),
        pytest.param("0-0", None, "00-000", id="zero"),
        pytest.param("123-7", None, None, id="a site with too many digits"),
        pytest.param("1-1234", None, None, id="a number with too many digits"),
        pytest.param("01/007", None, None, id="another sign"),
        pytest.param("01-007 ", None, None, id="a blank behind"),
        pytest.param("", None, None, id="nothing"),
        pytest.param("0١-007", None, None, id="digits of another script"),
        pytest.param("01/007", "{site}/{number}", "01-007", id="as another file writes it"),
        pytest.param(
            "007 (01)", "{number} ({site})", "01-007", id="in another order, with signs of patterns"
        ),
        pytest.param(
            "01-007", "{site}/{number}", None, id="as the study writes it where the file should not"
        ),
        pytest.param("01/007", "{site}/{no}", None, id="a file with other digit groups"),
    ],
)
def test_canonical(text: str, form: str | None, expected: str | None) -> None:
    assert NUMBER.canonical(text, form) == expected


@pytest.mark.parametrize(
    "text, expected",
    [("01007", "01007"), ("0100007", "01007"), ("017", "01007"), ("7", None), ("011234", None)],
)
def test_a_group_directly_in_front_of_another_has_exactly_its_digits(text: str, expected: str | None) -> None:
    assert SubjectNumber(form="{site:2}{number:3}").canonical(text) == expected


def test_each_group_is_as_long_as_it_may_be_whatever_the_length_of_the_others() -> None:
    number = SubjectNumber(form="{site}-{number:3}")
    assert number.canonical("7-012") == "7-012"
    assert number.canonical("7-1234") is None


@pytest.mark.parametrize(
    "form, message",
    [
        ("", "'' holds no digit group such as {number:3}"),
        ("SUBJ", "'SUBJ' holds no digit group such as {number:3}"),
        ("{number:3}-{number:3}", "'{number:3}-{number:3}' holds a digit group twice"),
        (
            "{site}{number:3}",
            "in '{site}{number:3}' nothing tells where a digit group ends: give it a length, {site:2}",
        ),
    ],
)
def test_what_is_no_form(form: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SubjectNumber(form=form)
    assert [error["msg"] for error in refused.value.errors()] == [f"Value error, {message}"]


def test_another_form_fits_when_it_has_the_same_groups() -> None:
    assert NUMBER.fits("{number}/{site}")
    assert not NUMBER.fits("{site}/{no}")
    assert not NUMBER.fits("{site}")
