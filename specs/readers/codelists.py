"""codelists.yaml: the study's lists, made of CDISC terminology or the sponsor's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from specs.codelist import Codelist, CodelistTerm
from specs.errors import Problem, nearest
from specs.readers.located import Located
from specs.readers.validated import validated
from specs.standards import Terminology, TermList


class _Entry(BaseModel):
    """One list of codelists.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str | tuple[str, ...] | None = None
    """the list of CDISC terminology, where it is not the entry's own name; several are joined in a list of the study"""
    label: str = ""
    terms: tuple[str, ...] | dict[str, str] | None = None
    """the terms the study may use; for a sponsor's list with their decodes"""
    add: dict[str, str] = {}
    """sponsor's terms in an extensible list, with their decodes"""
    synonyms: dict[str, tuple[str, ...]] = {}
    """by term, the texts of the export that mean it"""
    dictionary: str = ""
    version: str = ""


def read_codelists(
    located: Located, terminology: Terminology, problems: list[Problem]
) -> dict[str, Codelist]:
    """The study's codelists by name, with the problems added."""
    found: dict[str, Codelist] = {}
    for name, data in (located.data or {}).items():
        entry = validated(_Entry, data if data is not None else {}, located, (name,), problems, subject=name)
        told = Codelist(name=name)  # stands for an entry that cannot be read, so that this is told once
        found[name] = told if entry is None else _codelist(name, entry, located, terminology, problems)
    return found


def standard_codelist(name: str, terminology: Terminology) -> Codelist | None:
    """The whole list of CDISC terminology; None where there is none of that name."""
    terms = terminology.lists.get(name)
    return None if terms is None else _from_terminology(name, terms)


def _from_terminology(name: str, terms: TermList) -> Codelist:
    return Codelist(
        name=name,
        label=terms.long_name,
        code=terms.code,
        extensible=terms.extensible,
        package=terms.package,
        version=terms.version,
        terms=tuple(CodelistTerm(value=t.value, decode=t.decode, code=t.code) for t in terms.terms),
    )


def _codelist(
    name: str, entry: _Entry, located: Located, terminology: Terminology, problems: list[Problem]
) -> Codelist:
    def complain(what: str, to_do: str, *place: str) -> None:
        problems.append(Problem(what, f"{located.where(name, *place)}, {name}", to_do))

    if entry.dictionary:
        return Codelist(
            name=name,
            label=entry.label or name,
            dictionary=entry.dictionary,
            dictionary_version=entry.version,
        )
    named = (entry.of,) if isinstance(entry.of, str) else (entry.of or ())
    for each in named:
        if each not in terminology.lists:
            remedy = nearest(each, terminology.lists, "name a CDISC codelist by its short name, such as NY")
            complain(f"no codelist '{each}' in CDISC terminology", remedy, "of")
    bases = [
        found for each in named or (name,) if (found := standard_codelist(each, terminology)) is not None
    ]
    said = list(entry.terms or ())
    for value in (value for at, value in enumerate(said) if value in said[:at]):
        complain(f"'{value}' stands twice", "keep one of them", "terms")
    base = bases[0] if len(bases) == 1 else _joined(name, entry, bases) if bases else None
    if base is None:
        decodes = (
            entry.terms if isinstance(entry.terms, dict) else {value: value for value in entry.terms or ()}
        )
        if entry.add:
            complain("a sponsor's codelist has nothing to be added to", "list all under `terms:`", "add")
        if not decodes:
            complain(
                "a sponsor's codelist without terms", "list its terms, or name a CDISC codelist with `of:`"
            )
        base = Codelist(name=name, label=entry.label or name)
        terms = [CodelistTerm(value=value, decode=decode) for value, decode in decodes.items()]
    else:
        terms = list(base.terms)
        known = {term.value: term for term in terms}
        if entry.terms is not None:
            for value in entry.terms:
                if value not in known:
                    of = base.code or ", ".join(named)
                    complain(
                        f"'{value}' is no term of {of}", nearest(value, known, "put it under `add:`"), "terms"
                    )
            terms = [known[value] for value in entry.terms if value in known]
        if entry.add and not base.extensible:
            complain("the list is not extensible", "map to one of its terms", "add")
        for value in entry.add:
            if value in known:
                complain(f"'{value}' is a CDISC term already", "take it out of `add:`", "add", value)
        added, extended = entry.add.items(), bool(base.code)
        terms += [CodelistTerm(value=value, decode=text, extended=extended) for value, text in added]
    return base.model_copy(
        update={
            "name": name,
            "label": entry.label or base.label,
            "terms": _with_synonyms(terms, entry, complain),
        }
    )


def _joined(name: str, entry: _Entry, bases: list[Codelist]) -> Codelist:
    """A list of the study's own with the terms of several; it has no code, and so neither have its terms."""
    terms = {term.value: term.model_copy(update={"code": ""}) for base in bases for term in base.terms}
    extensible = any(base.extensible for base in bases)
    return Codelist(name=name, label=entry.label or name, extensible=extensible, terms=tuple(terms.values()))


def _with_synonyms(terms: list[CodelistTerm], entry: _Entry, complain: Any) -> tuple[CodelistTerm, ...]:
    values = {term.value for term in terms}
    meant: dict[str, str] = {}
    for value, texts in entry.synonyms.items():
        if value not in values:
            complain(
                f"synonyms for '{value}', which is no term",
                nearest(value, values, "add the term"),
                "synonyms",
                value,
            )
        for text in texts:
            if meant.get(text, value) != value or (text in values and text != value):
                complain(f"'{text}' would mean two terms", "keep it with one", "synonyms", value)
            meant[text] = value
    synonyms: Mapping[str, tuple[str, ...]] = entry.synonyms
    return tuple(term.model_copy(update={"synonyms": synonyms.get(term.value, ())}) for term in terms)
