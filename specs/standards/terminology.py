"""CDISC controlled terminology: the codelists that ship, and a full package in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

Package = Literal["SDTM", "ADaM"]


@dataclass(frozen=True, slots=True)
class Term:
    """One permitted value."""

    code: str
    """the NCI code"""
    value: str
    """the CDISC submission value"""
    decode: str
    """what the value means: the test's name for the code of a test, else NCI's preferred term"""
    synonyms: tuple[str, ...] = ()
    """the CDISC synonyms; the lists that ship have them for NY and SEX only"""


@dataclass(frozen=True)
class TermList:
    """A codelist: its NCI code, short and long name, its package with the date, and its terms.

    The terms are in the order of the package; the names of tests that ship are in the order of their codes.
    """

    code: str
    name: str
    long_name: str
    extensible: bool
    package: Package
    version: str
    terms: tuple[Term, ...]

    def find(self, value: str) -> Term | None:
        """The term with that submission value, to the letter; None when the list has none."""
        return self._by_value.get(value)

    @cached_property
    def _by_value(self) -> dict[str, Term]:
        return {term.value: term for term in self.terms}


@dataclass(frozen=True)
class Terminology:
    """Codelists by short name, and the date of each package."""

    lists: Mapping[str, TermList]
    packages: Mapping[str, str]

    def with_lists(self, other: Terminology) -> Terminology:
        """This terminology with the packages of `other` in place of its own packages of the same name."""
        kept = {name: each for name, each in self.lists.items() if each.package not in other.packages}
        return Terminology({**kept, **other.lists}, {**self.packages, **other.packages})


_SHIPPED: tuple[tuple[str, Package], ...] = (("sdtm", "SDTM"), ("adam", "ADaM"))


@cache
def load_terminology() -> Terminology:
    """The codelists that ship: those that the guides name, and the responses of trial summary parameters."""
    lists: dict[str, TermList] = {}
    packages: dict[str, str] = {}
    for folder, package in _SHIPPED:
        paths = (files(__package__) / "terminology" / folder).iterdir()
        for path in sorted(
            (path for path in paths if path.name.endswith(".tsv")), key=lambda path: path.name
        ):
            for each in _term_lists(path, package):
                assert each.name not in lists, f"{each.name} ships twice"
                assert packages.setdefault(package, each.version) == each.version, (
                    f"{path.name} is of another package"
                )
                lists[each.name] = each
    return Terminology(dict(sorted(lists.items())), packages)


def partner_of(name: str, known: Iterable[str]) -> str:
    """The codelist of test names for a codelist of test codes (LBTEST for LBTESTCD); "" for other codelists.

    The short names follow CDISC's pattern: ...CD and the same without CD, ...TC and ...TN, ...PC and ...PN.
    """
    endings = {"CD": "", "TC": "TN", "PC": "PN"}
    ending = endings.get(name[-2:])
    partner = "" if ending is None else name[:-2] + ending
    return partner if partner in known else ""


def _term_lists(path: Traversable, package: Package) -> list[TermList]:
    """The codelist of one shipped file, or the codelists of test codes and test names that share it.

    The head is the package with its date, then a line per codelist: short name, NCI code, extensible or not,
    long name. The table has the NCI code, a submission value per codelist, what it means, and synonyms where
    there are any. What a test code means is the submission value next to it, the test's name.
    """
    head, *body = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert head.startswith(f"# {package} CT "), f"{path.name} does not say its package"
    version = head.removeprefix(f"# {package} CT ")
    heads = [line.split("\t")[1:] for line in body if line.startswith("#\t")]
    columns, *rows = [line.split("\t") for line in body[len(heads) :]]
    names = [name for name, *_ in heads]
    decode = 1 + len(names)
    assert columns[:decode] == ["code", *names], f"{path.name} has other columns than its codelists"
    assert columns[decode:] in (["decode"], ["decode", "synonyms"]), f"{path.name} has unknown columns"
    assert {len(row) for row in rows} == {len(columns)}, f"{path.name} has a line of another length"
    with_synonyms = len(columns) > decode + 1
    return [
        TermList(
            code,
            name,
            long_name,
            extensible == "extensible",
            package,
            version,
            tuple(
                Term(row[0], row[place], row[place + 1], tuple(row[-1].split("; ")) if with_synonyms else ())
                for row in rows
            ),
        )
        for place, (name, code, extensible, long_name) in enumerate(heads, start=1)
    ]
