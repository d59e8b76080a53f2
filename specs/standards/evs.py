"""Reads a whole package of CDISC terminology from the text file that NCI EVS publishes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

from specs.errors import Problem, UserError
from specs.standards.terminology import Package, Term, Terminology, TermList, partner_of

_CODE, _LIST_CODE = "Code", "Codelist Code"
_EXTENSIBLE, _LONG_NAME = "Codelist Extensible (Yes/No)", "Codelist Name"
_VALUE, _SYNONYMS, _PREFERRED = "CDISC Submission Value", "CDISC Synonym(s)", "NCI Preferred Term"
_COLUMNS = (_CODE, _LIST_CODE, _EXTENSIBLE, _LONG_NAME, _VALUE, _SYNONYMS, _PREFERRED)

_FILE_NAME = re.compile(
    r"(?P<package>SDTM|ADaM) Terminology(?: (?P<version>\d{4}-\d{2}-\d{2}))?\.txt", re.IGNORECASE
)
_PACKAGES: dict[str, Package] = {"sdtm": "SDTM", "adam": "ADaM"}
_LARGEST = 200_000_000
"""bytes; the SDTM package has about 15 million"""
_MOST_PROBLEMS = 50

_GET_THE_FILE = "use the tab-separated text file of the package as NCI EVS publishes it"


def read_evs(path: Path, *, package: str = "", version: str = "") -> Terminology:
    """The package of terminology in NCI EVS's tab-separated text file, as 'SDTM Terminology 2025-03-28.txt'.

    `package` (SDTM or ADaM) and `version` (its date) are taken from the file's name when they are not given.
    Raises UserError with every malformed line; get the file anew from NCI EVS.
    """
    called = _FILE_NAME.fullmatch(path.name)
    package = _PACKAGES.get((package or (called["package"] if called else "")).lower(), "")
    version = version or (called["version"] or "" if called else "")
    file = _File(path.name)
    if not package:
        file.complain(
            "the package is not known", "", "call the file as NCI EVS does, or give the package: SDTM or ADaM"
        )
    if not _is_date(version):
        remedy = (
            f"call the file '{package or 'SDTM'} Terminology 2025-03-28.txt' with its date, or give the date"
        )
        file.complain("the date of the package is not known", "", remedy)
    file.stop()
    lines = _lines(path)
    rows = file.rows(lines)
    file.stop()
    lists = file.lists(rows, cast(Package, package), version)
    file.stop()
    return Terminology(
        {each.name: each for each in sorted(lists, key=lambda each: each.name)}, {package: version}
    )


@dataclass(frozen=True)
class _Row:
    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]


@dataclass
class _File:
    """What is found in one file, with the problems gathered."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def complain(self, what: str, line: int | str, to_do: str = _GET_THE_FILE) -> None:
        self.problems.append(Problem(what, f"{self.name}:{line}" if line else self.name, to_do))

    def stop(self) -> None:
        if len(self.problems) > _MOST_PROBLEMS:
            more = len(self.problems) - _MOST_PROBLEMS
            self.problems[_MOST_PROBLEMS:] = [Problem(f"{more} more problems", self.name, _GET_THE_FILE)]
        if self.problems:
            raise UserError(self.problems)

    def rows(self, lines: Iterator[str]) -> list[_Row]:
        """The lines by column; those of another length are complained about and left out."""
        head = _split(next(lines, ""))
        for column in _COLUMNS:
            if column not in head:
                self.complain(f"no column '{column}'", 1)
        if self.problems:
            return []
        found = []
        for number, line in enumerate(lines, start=2):
            fields = _split(line)
            if not any(fields):
                continue
            if len(fields) != len(head):
                self.complain(f"{len(fields)} fields instead of {len(head)}", number)
                continue
            row = _Row(number, {column: text.strip() for column, text in zip(head, fields, strict=True)})
            blank = [column for column in (_CODE, _VALUE) if not row[column]]
            for column in blank:
                self.complain(f"'{column}' is blank", number)
            if not blank:
                found.append(row)
        return found

    def lists(self, rows: list[_Row], package: Package, version: str) -> list[TermList]:
        """The codelists with their terms."""
        heads: dict[str, _Row] = {}
        names: set[str] = set()
        terms: dict[str, dict[str, Term]] = defaultdict(dict)
        for row in rows:
            if row[_LIST_CODE]:
                continue
            if row[_EXTENSIBLE] not in ("Yes", "No"):
                self.complain(f"codelist {row[_VALUE]} is neither extensible (Yes) nor not (No)", row.line)
            if row[_CODE] in heads or row[_VALUE] in names:
                self.complain(f"codelist {row[_VALUE]} is there twice", row.line)
            heads.setdefault(row[_CODE], row)
            names.add(row[_VALUE])
        for row in rows:
            code, value = row[_LIST_CODE], row[_VALUE]
            if not code:
                continue
            if code not in heads:
                self.complain(f"codelist {code} of term '{value}' is not in the file", row.line)
            elif value in terms[code]:
                self.complain(f"term '{value}' is twice in codelist {heads[code][_VALUE]}", row.line)
            else:
                synonyms = tuple(text.strip() for text in row[_SYNONYMS].split(";") if text.strip())
                terms[code][value] = Term(row[_CODE], value, row[_PREFERRED], synonyms)
        for code, head in heads.items():
            if not terms[code]:
                self.complain(f"codelist {head[_VALUE]} has no terms", head.line)
        if not heads:
            self.complain("no codelist", "")
        code_of = {head[_VALUE]: code for code, head in heads.items()}
        found = []
        for code, head in heads.items():
            partner = partner_of(head[_VALUE], code_of)
            tests = {term.code: term.value for term in terms[code_of[partner]].values()} if partner else {}
            named = tuple(
                replace(term, decode=tests.get(term.code, term.decode)) for term in terms[code].values()
            )
            extensible = head[_EXTENSIBLE] == "Yes"
            found.append(TermList(code, head[_VALUE], head[_LONG_NAME], extensible, package, version, named))
        return found


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _lines(path: Path) -> Iterator[str]:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= _LARGEST else b""
    except OSError as error:
        raise UserError.of(
            f"cannot read the file: {error.strerror}", path.name, "name a file that can be read"
        ) from error
    if size > _LARGEST:
        raise UserError.of(f"the file has more than {_LARGEST:,} bytes", path.name, _GET_THE_FILE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError.of("the text is not UTF-8", f"{path.name}:{line}", _GET_THE_FILE) from error
    return (line.removesuffix("\r") for line in text.split("\n"))


def _split(line: str) -> list[str]:
    """The fields of a line; quotation marks that a spreadsheet has put around a field are taken off."""
    fields = line.split("\t")
    if '"' not in line:
        return fields
    return [
        text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
        for text in fields
    ]
