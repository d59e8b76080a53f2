"""The variables of a dataset and their value levels: ItemDefs, and what they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from define_xml import oids
from define_xml.codelists import oid_of
from define_xml.expression import formal_expression
from define_xml.facts import DatasetFacts, level_variable, parent_of
from define_xml.model import CodeList, Comment, Item, ItemRef, Method, RangeCheck, ValueList, WhereClause
from define_xml.origins import origins
from specs import Dataset, Study, Variable

NO_VALUES = "The variable has no values in these data."


@dataclass
class Parts:
    """What the variables of a dataset bring into define.xml, in order."""

    refs: list[ItemRef] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    value_lists: list[ValueList] = field(default_factory=list)
    where_clauses: dict[str, WhereClause] = field(default_factory=dict)
    methods: list[Method] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class _Owner:
    """Whose origin, method and comment a variable or value level has: those of the variable itself, or of the
    non-standard variable that a qualifier is."""

    dataset: Dataset
    variable: Variable


def parts_of(study: Study, dataset: Dataset, facts: DatasetFacts, codelists: Mapping[str, CodeList]) -> Parts:
    """The variables of a dataset, in the order of its file, each followed by its value levels."""
    parts = Parts()
    keys = [key for key in dataset.keys if key in facts.variables]
    for order, (name, each) in enumerate(facts.variables.items(), start=1):
        variable = dataset.by_name[name]
        owner = _Owner(dataset, variable)
        level = level_variable(dataset, variable)
        empty = facts.records > 0 and each.values.missing
        levels = each.levels if level else {}
        method = "" if levels else _method(owner, oids.method(dataset.name, name), parts)
        comment = _comment(variable, oids.comment(dataset.name, name), parts, empty=empty)
        value_list = _value_list(study, dataset, variable, level, facts, codelists, parts) if levels else ""
        parts.refs.append(
            ItemRef(
                oids.item(dataset.name, name),
                order,
                mandatory=variable.core == "Req",
                key=keys.index(name) + 1 if name in keys else None,
                method=method,
                role=variable.role if dataset.model == "sdtm" else "",
                has_no_data=empty,
            )
        )
        item = Item(
            oids.item(dataset.name, name),
            name,
            variable.label,
            each.values.type,
            each.values.length,
            each.values.significant_digits,
            variable.format or each.column.format,
            comment,
            "" if levels else _codelist(variable, codelists),
            () if levels else origins(study, dataset, variable),
            value_list,
        )
        parts.items.insert(len(parts.items) - len(levels), item)
    return parts


def _value_list(
    study: Study,
    dataset: Dataset,
    variable: Variable,
    level: str,
    facts: DatasetFacts,
    codelists: Mapping[str, CodeList],
    parts: Parts,
) -> str:
    each = facts.variables[variable.name]
    names = _names_of_levels(dataset, level, facts)
    refs: list[ItemRef] = []
    for order, (value, values) in enumerate(each.levels.items(), start=1):
        owner = _owner_of_level(study, dataset, variable, value)
        clause = oids.where_clause(dataset.name, level, value)
        check = RangeCheck(oids.item(dataset.name, level), "EQ", (value,))
        parts.where_clauses.setdefault(clause, WhereClause(clause, (check,)))
        refs.append(
            ItemRef(
                oids.item(dataset.name, variable.name, value),
                order,
                method=_level_method(owner, dataset, variable, value, parts),
                where=(clause,),
            )
        )
        qualifier = owner.variable is not variable
        codelist = _codelist_of_level(owner.variable, each.used_by_level.get(value, frozenset()), codelists)
        coded = bool(codelist) and variable.type == "Char"
        shown = replace(values, type="text", significant_digits=None) if coded else values
        parts.items.append(
            Item(
                oids.item(dataset.name, variable.name, value),
                value if qualifier else variable.name,
                owner.variable.label if qualifier else names.get(value, value),
                shown.type,
                shown.length,
                shown.significant_digits,
                owner.variable.format or each.column.format,
                _comment(owner.variable, oids.comment(dataset.name, variable.name, value), parts)
                if qualifier
                else "",
                codelist,
                origins(study, owner.dataset, owner.variable),
            )
        )
    made = ValueList(oids.value_list(dataset.name, variable.name), tuple(refs))
    parts.value_lists.append(made)
    return made.oid


def _owner_of_level(study: Study, dataset: Dataset, variable: Variable, value: str) -> _Owner:
    parent = parent_of(study, dataset)
    if parent is not None and variable.name == "QVAL":
        return _Owner(parent, parent.by_name[value])
    return _Owner(dataset, variable)


def _names_of_levels(dataset: Dataset, level: str, facts: DatasetFacts) -> Mapping[str, str]:
    """What the values are called: as the records say, else as the codelist does."""
    codelist = dataset.by_name[level].codelist
    decodes = {term.value: term.decode for term in codelist.terms if term.decode} if codelist else {}
    return {**decodes, **facts.names.get(level, {})}


def _level_method(owner: _Owner, dataset: Dataset, variable: Variable, value: str, parts: Parts) -> str:
    own = owner.variable is not variable
    return _method(owner, oids.method(dataset.name, variable.name, value if own else None), parts)


def _method(owner: _Owner, oid: str, parts: Parts) -> str:
    """The OID of the method, which is added once; "" where none is due."""
    variable = owner.variable
    text = variable.method
    if text and not any(method.oid == oid for method in parts.methods):
        parts.methods.append(
            Method(
                oid,
                f"Algorithm to derive {owner.dataset.name}.{variable.name}",
                getattr(type(variable.derivation), "method_type", "Computation"),
                text,
                formal_expression(variable.derivation),
            )
        )
    return oid if text else ""


def _comment(variable: Variable, oid: str, parts: Parts, *, empty: bool = False) -> str:
    text = " ".join(filter(None, (variable.comment, NO_VALUES if empty else "")))
    if text:
        parts.comments.append(Comment(oid, text))
    return oid if text else ""


def _codelist(variable: Variable, codelists: Mapping[str, CodeList]) -> str:
    if variable.codelist is None:
        return ""
    oid = oid_of(variable.codelist, variable)
    return oid if oid in codelists else ""


def _codelist_of_level(variable: Variable, used: frozenset[str], codelists: Mapping[str, CodeList]) -> str:
    """The codelist of a value level: its variable's, where that is a dictionary or holds a value used."""
    oid = _codelist(variable, codelists)
    if not oid or codelists[oid].dictionary is not None:
        return oid
    return oid if any(term.value in used for term in codelists[oid].terms) else ""
