"""The codelists that variables refer to, cut to the study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from define_xml import oids
from define_xml.facts import DatasetFacts, described
from define_xml.model import CodeList, Dictionary, Term
from specs import Codelist, CodelistTerm, Dataset, StandardUse, Study, Variable
from specs.standards import load_terminology

_ISO = re.compile(r"(ISO) ?([0-9]+)(-.+)?")


@dataclass(frozen=True)
class _Use:
    """A codelist with the values that the datasets hold of it, for character or for numeric variables."""

    codelist: Codelist
    numeric: bool
    used: frozenset[str]


def codelists(
    study: Study,
    datasets: Iterable[Dataset],
    facts: Mapping[str, DatasetFacts],
    standards: Iterable[StandardUse],
) -> Mapping[str, CodeList]:
    """The codelists by OID, in alphabetical order of the OIDs.

    A list that the study names the terms of is shown as it is; a whole list of CDISC terminology is cut to
    the terms that the export may mean and those used. A list of which nothing is left is not shown, and its
    variables refer to none.
    """
    of_packages = {
        (use.publishing_set, use.version): oids.standard(use) for use in standards if use.type == "CT"
    }
    lists: dict[str, CodeList] = {}
    names: set[str] = set()
    for oid, use in sorted(_uses(study, datasets, facts).items()):
        made = _codelist(oid, use, of_packages)
        if made.dictionary is not None or made.terms:
            if made.name in names:
                made = _renamed(made, use.codelist.name)
            names.add(made.name)
            lists[oid] = made
    return lists


def oid_of(codelist: Codelist, variable: Variable) -> str:
    """The OID of the codelist that a variable refers to."""
    return oids.codelist(codelist.name, numeric=_numeric(variable))


def _numeric(variable: Variable) -> bool:
    """Whether its values are numbers in the file: those of a qualifier are texts."""
    return variable.type == "Num" and variable.standard


def _uses(study: Study, datasets: Iterable[Dataset], facts: Mapping[str, DatasetFacts]) -> Mapping[str, _Use]:
    uses: dict[str, _Use] = {}
    for dataset in datasets:
        for variable in described(study, dataset):
            if variable.codelist is None:
                continue
            oid, used = oid_of(variable.codelist, variable), _used(variable, facts[dataset.name])
            before = uses[oid].used if oid in uses else frozenset()
            uses[oid] = _Use(variable.codelist, _numeric(variable), before | used)
    return uses


def _used(variable: Variable, facts: DatasetFacts) -> frozenset[str]:
    if variable.standard:
        return facts.variables[variable.name].used
    return facts.variables["QVAL"].used_by_level.get(variable.name, frozenset())


def _codelist(oid: str, use: _Use, of_packages: Mapping[tuple[str, str], str]) -> CodeList:
    codelist = use.codelist
    name = codelist.label or codelist.name
    if codelist.dictionary:
        return CodeList(oid, name, "text", dictionary=_dictionary(codelist))
    whole = _is_whole(codelist)
    terms = [
        term
        for term in {term.value: term for term in codelist.terms}.values()
        if not whole or term.extended or term.synonyms or term.value in use.used
    ]
    decoded = any(term.decode not in ("", term.value) for term in terms)
    return CodeList(
        oid,
        name,
        _type(terms) if use.numeric else "text",
        tuple(
            Term(
                term.value,
                (term.decode or term.value) if decoded else "",
                term.code if codelist.code else "",
                bool(codelist.code) and not term.code,
            )
            for term in terms
        ),
        standard=of_packages[codelist.package, codelist.version] if codelist.code else "",
        code=codelist.code,
    )


def _is_whole(codelist: Codelist) -> bool:
    """Whether it is a list of CDISC terminology of which the study left nothing out."""
    if not codelist.code:
        return False
    whole = next((each for each in load_terminology().lists.values() if each.code == codelist.code), None)
    return whole is not None and sum(not term.extended for term in codelist.terms) >= len(whole.terms)


def _type(terms: Iterable[CodelistTerm]) -> Literal["integer", "float"]:
    return "float" if any("." in term.value for term in terms) else "integer"


def _dictionary(codelist: Codelist) -> Dictionary:
    """A dictionary by Define-XML's name for it: ISO 3166-1 alpha-3 is ISO 3166, with the rest beside."""
    iso = _ISO.fullmatch(codelist.dictionary)
    if iso is None:
        return Dictionary(codelist.dictionary, codelist.dictionary_version)
    return Dictionary(f"ISO {iso[2]}", codelist.dictionary_version, f"{iso[2]}{iso[3]}" if iso[3] else "")


def _renamed(made: CodeList, name: str) -> CodeList:
    return CodeList(
        made.oid,
        f"{made.name} ({name}{', numeric' if made.type != 'text' else ''})",
        made.type,
        made.terms,
        made.dictionary,
        made.standard,
        made.code,
    )
