"""The contract of an export: which tables arrive, in which files, with which columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

_GROUP = re.compile(r"\{(\w+)(?::(\d+))?\}")


class SubjectNumber(BaseModel):
    """How the study writes a subject's number: literals and digit groups padded with zeros, `{site:2}-{number:3}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str

    @field_validator("form")
    @classmethod
    def _has_groups(cls, form: str) -> str:
        names = [name for name, _ in _GROUP.findall(form)]
        if not names:
            raise ValueError(f"'{form}' holds no digit group such as {{number:3}}")
        if len(set(names)) < len(names):
            raise ValueError(f"'{form}' holds a digit group twice")
        if re.search(r"\{\w+\}\{", form):
            raise ValueError(
                f"in '{form}' nothing tells where a digit group ends: give it a length, {{site:2}}"
            )
        return form

    def fits(self, form: str) -> bool:
        """Whether another way to write the number has the same digit groups."""
        names = [name for name, _ in _GROUP.findall(form)]
        return sorted(names) == sorted(name for name, _ in _GROUP.findall(self.form))

    def pattern(self, form: str | None = None) -> re.Pattern[str]:
        """What a number written as `form` looks like: each group is a run of digits, leading zeros do not matter;
        one directly in front of another has exactly its digits."""
        form = form or self.form
        pieces: list[str] = []
        end = 0
        for group in _GROUP.finditer(form):
            digits = f"{{{group[2]}}}" if group[2] and form[group.end() : group.end() + 1] == "{" else "+"
            pieces += [re.escape(form[end : group.start()]), f"(?P<{group[1]}>[0-9]{digits})"]
            end = group.end()
        return re.compile("".join([*pieces, re.escape(form[end:])]))

    def canonical(self, text: str, form: str | None = None) -> str | None:
        """The study's way to write the number that stands as `text`; None where it does not fit or is too long.

        >>> SubjectNumber(form="{site:2}-{number:3}").canonical("1-7")
        '01-007'
        """
        match = self.pattern(form).fullmatch(text)
        if match is None:
            return None
        groups = {name: digits.lstrip("0") for name, digits in match.groupdict().items()}
        for name, length in _GROUP.findall(self.form):
            if name not in groups or (length and len(groups[name]) > int(length)):
                return None
        return _GROUP.sub(lambda group: groups[group[1]].zfill(int(group[2] or 1)), self.form)


class RawColumn(BaseModel):
    """One column of a raw table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = ""
    type: Literal["text", "integer", "number", "date"] = "text"
    required: bool = False
    """a missing value is a finding RAW_REQUIRED_MISSING"""
    values: tuple[str, ...] = ()
    """the texts allowed; any other is a finding RAW_VALUE_NOT_ALLOWED"""
    not_submitted: str = ""
    """why no variable is made of it"""
    page: int | None = None
    """the page of the annotated CRF"""
    line: str = ""
    """file and line of the specification"""


class RawTable(BaseModel):
    """One table of the export, and what is promised of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    label: str = ""
    file: str
    """its file within the export; a member of an archive stands behind the archive: `edc.zip/AE.csv`"""
    format: Literal["csv", "xlsx", "xpt", "sas7bdat"]
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    subject: str | None = None
    """the column with the subject's number; none for a table that is not about subjects"""
    form: str | None = None
    """how the subject's number is written there, where not as the study writes it"""
    is_register: bool = Field(default=False, alias="register")
    """the table that lists all subjects: elsewhere a subject that is not in it is a finding"""
    keys: tuple[str, ...] = ()
    latest: str | None = None
    """among rows equal on the keys the one with the latest value here stays"""
    collected_by: Literal["Investigator", "Subject", "Vendor"] = "Investigator"
    """def:Origin Source of what is collected in this table"""
    not_submitted: str = ""
    """why no record is made of it"""
    columns: Mapping[str, RawColumn]
    line: str = ""
    """file and line of the specification"""
