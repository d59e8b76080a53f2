"""Collected dates: how a format is written, and what a text says under it."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TOKENS = ("YYYY", "MON", "DD", "MM", "YY", "HH", "MI", "SS")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANV",
            "FEB FEV FEVR",
            "MAR MARS",
            "APR AVR AVRI",
            "MAY MAI",
            "JUN JUNE JUIN",
            "JUL JULY JUIL",
            "AUG AOU AOUT",
            "SEP SEPT",
            "OCT",
            "NOV",
            "DEC",
        ),
        1,
    )
    for name in names.split()
}
"""English and French months, without diacritics"""
_SPLIT = re.compile("|".join(_TOKENS))
_LIMITS = (23, 59, 59)


@dataclass(frozen=True)
class Reading:
    """What a text says: an ISO 8601 text, and the code of a doubt; neither where it says that all is unknown."""

    text: str | None = None
    doubt: str | None = None


def known_format(form: str) -> str:
    """The format itself, if it is made of the tokens YYYY YY MM MON DD HH MI SS; ValueError otherwise."""
    tokens = _SPLIT.findall(form)
    if not tokens or len(set(tokens)) != len(tokens) or re.search(r"[A-SU-Za-z]", _SPLIT.sub("", form)):
        raise ValueError(
            f"'{form}' is not a date format: use YYYY YY MM MON DD HH MI SS, each once, with signs between"
        )
    return form


@lru_cache(maxsize=256)
def _pattern(form: str, unknown: tuple[str, ...]) -> re.Pattern[str]:
    """A token may be missing or have one digit only where a sign or a name of a month says where it ends."""
    gaps = "".join(f"{re.escape(token)}|" for token in sorted(unknown, key=len, reverse=True))
    tokens = list(_SPLIT.finditer(form))
    pieces, end = [], 0
    for at, token in enumerate(tokens):
        before = tokens[at - 1][0] if at and tokens[at - 1].end() == token.start() else ""
        after = tokens[at + 1][0] if at + 1 < len(tokens) and tokens[at + 1].start() == token.end() else ""
        crowded = {before, after} - {"", "MON"}
        pieces.append(re.escape(form[end : token.start()]))
        if token[0] == "MON":
            said = r"[^\W\d_]{3,4}" + ("" if crowded else "|")
        elif crowded:
            said = rf"[0-9]{{{len(token[0])}}}"
        else:
            said = ("[0-9]{4}" if token[0] == "YYYY" else "[0-9]{1,2}") + "|"
        pieces.append(f"(?P<{token[0]}>{gaps}{said})")
        end = token.end()
    return re.compile("".join([*pieces, re.escape(form[end:])]), re.IGNORECASE)


def read_date(text: str, forms: tuple[str, ...], unknown: tuple[str, ...], century_from: int) -> Reading:
    """What a collected text says under the formats: all that it fits must say the same.

    A format under which it would be no date at all does not count where it is one under another.
    """
    readings = {
        reading for form in forms if (reading := _read(text, form, unknown, century_from)) is not None
    }
    dates = {reading for reading in readings if reading.doubt != "DATE_IMPOSSIBLE"}
    if len(dates) > 1:
        return Reading(doubt="DATE_AMBIGUOUS")
    if dates:
        return next(iter(dates))
    return Reading(doubt="DATE_IMPOSSIBLE" if readings else "DATE_UNREADABLE")


def read_time(text: str, unknown: tuple[str, ...]) -> Reading:
    """What a collected time of day says, HH:MM or HH:MM:SS: `09:30`, `09`, `-:30` where the hour is unknown."""
    reading = re.fullmatch(r"([^:h]*)[:h]([^:]*)(?::([^:]*))?", text.strip(), re.IGNORECASE)
    if reading is None:
        return Reading(doubt="TIME_UNREADABLE")
    return _time([part for part in reading.groups() if part is not None], unknown)


def _time(parts: list[str], unknown: tuple[str, ...]) -> Reading:
    """ISO 8601 with the known parts: a hyphen for a missing one in front of a known one."""
    known = [
        None if part.strip() == "" or part.strip().upper() in unknown else part.strip() for part in parts
    ]
    while known and known[-1] is None:
        known.pop()
    if not all(part is None or re.fullmatch("[0-9]{1,2}", part) for part in known):
        return Reading(doubt="TIME_UNREADABLE")
    if any(part is not None and int(part) > limit for part, limit in zip(known, _LIMITS, strict=False)):
        return Reading(doubt="TIME_IMPOSSIBLE")
    return Reading(":".join("-" if part is None else part.zfill(2) for part in known) or None)


def _read(text: str, form: str, unknown: tuple[str, ...], century_from: int) -> Reading | None:
    """The reading under one format; None where the text does not fit it."""
    match = _pattern(form, unknown).fullmatch(text.strip())
    if match is None:
        return None
    said = {k: v for k, v in match.groupdict().items() if v and v.upper() not in unknown}
    year = said.get("YYYY")
    if "YY" in said:
        century = century_from // 100 * 100
        year = str(century + int(said["YY"]) + (100 if int(said["YY"]) < century_from % 100 else 0))
    month = said.get("MM")
    if "MON" in said:
        number = _MONTHS.get(_plain(said["MON"]))
        if number is None:
            return None
        month = str(number)
    day = said.get("DD")
    numbers = [None if part is None else int(part) for part in (year, month, day)]
    if not _possible(*numbers):
        return Reading(doubt="DATE_IMPOSSIBLE")
    date = _iso_date(*numbers)
    clock = [said.get(token, "") for token in ("HH", "MI", "SS") if token in match.groupdict()]
    time = _time(clock, unknown) if clock else Reading()
    if time.text is None:
        return Reading(date, time.doubt)
    if date is None or None in numbers:
        return Reading(date, "TIME_WITHOUT_DATE")
    return Reading(f"{date}T{time.text}")


def _plain(name: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFD", name.upper()) if not unicodedata.combining(sign)
    )


def _possible(year: int | None, month: int | None, day: int | None) -> bool:
    if year == 0 or not (month is None or 1 <= month <= 12) or not (day is None or 1 <= day <= 31):
        return False
    if month is None or day is None:
        return True
    return day <= calendar.monthrange(2000 if year is None else year, month)[1]


def _iso_date(year: int | None, month: int | None, day: int | None) -> str | None:
    """ISO 8601 with the known parts: a hyphen for a missing one in front of a known one."""
    shown = ["-" if year is None else f"{year:04d}", "-" if month is None else f"{month:02d}"]
    shown.append("-" if day is None else f"{day:02d}")
    while shown and shown[-1] == "-":
        shown.pop()
    return "-".join(shown) if shown else None
