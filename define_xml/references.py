"""What the schema does not see of references: wrong targets, definitions without use, duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from define_xml.parsed import Parsed, attribute, called, kind

_REFERENCES = (
    ("odm:ItemRef", "ItemOID", "odm:ItemDef"),
    ("odm:ItemRef", "MethodOID", "odm:MethodDef"),
    ("odm:RangeCheck", "def:ItemOID", "odm:ItemDef"),
    ("odm:CodeListRef", "CodeListOID", "odm:CodeList"),
    ("def:ValueListRef", "ValueListOID", "def:ValueListDef"),
    ("def:WhereClauseRef", "WhereClauseOID", "def:WhereClauseDef"),
    ("def:DocumentRef", "leafID", "def:leaf"),
    ("odm:ItemGroupDef", "def:ArchiveLocationID", "def:leaf"),
    ("odm:ItemGroupDef", "def:StandardOID", "def:Standard"),
    ("odm:CodeList", "def:StandardOID", "def:Standard"),
    ("odm:MetaDataVersion", "def:CommentOID", "def:CommentDef"),
    ("def:Standard", "def:CommentOID", "def:CommentDef"),
    ("odm:ItemGroupDef", "def:CommentOID", "def:CommentDef"),
    ("odm:ItemDef", "def:CommentOID", "def:CommentDef"),
    ("odm:CodeList", "def:CommentOID", "def:CommentDef"),
    ("def:WhereClauseDef", "def:CommentOID", "def:CommentDef"),
    ("arm:AnalysisDatasets", "def:CommentOID", "def:CommentDef"),
    ("arm:AnalysisResult", "ParameterOID", "odm:ItemDef"),
    ("arm:AnalysisDataset", "ItemGroupOID", "odm:ItemGroupDef"),
    ("arm:AnalysisVariable", "ItemOID", "odm:ItemDef"),
)
"""An element, its attribute that refers, and the kind of its target."""
_DEFINITIONS = (
    "odm:ItemGroupDef",
    "odm:ItemDef",
    "odm:CodeList",
    "odm:MethodDef",
    "def:ValueListDef",
    "def:WhereClauseDef",
    "def:CommentDef",
    "def:Standard",
    "def:leaf",
)
_NEED_NO_REFERENCE = frozenset({"odm:ItemGroupDef", "def:Standard"})


def problems(define: Parsed) -> Iterator[str]:
    """Missing and mistaken targets, definitions that nothing refers to, OIDs that stand for two things."""
    yield from _targets(define)
    yield from _unused(define)
    yield from _duplicates(define)


def _targets(define: Parsed) -> Iterator[str]:
    for name, referring, target in _REFERENCES:
        for element in define.all(name):
            oid = attribute(element, referring)
            if oid and define.target(target, oid) is None:
                other = next((each for each in _DEFINITIONS if define.target(each, oid) is not None), None)
                found = "is not defined" if other is None else f"is a {_local(other)}, not a {_local(target)}"
                yield f"{called(element)}: {_local(referring)} '{oid}' {found}"


def _unused(define: Parsed) -> Iterator[str]:
    used = {
        (target, attribute(element, referring))
        for name, referring, target in _REFERENCES
        for element in define.all(name)
    }
    for name in _DEFINITIONS:
        if name not in _NEED_NO_REFERENCE:
            for oid, element in define.by_oid(name).items():
                if (name, oid) not in used:
                    yield f"{called(element)}: nothing refers to it"


def _duplicates(define: Parsed) -> Iterator[str]:
    for name in _DEFINITIONS:
        identifier = "ID" if name == "def:leaf" else "OID"
        yield from _repeated(define, name, identifier)
    yield from _repeated(define, "odm:ItemGroupDef", "Name")
    yield from _repeated(define, "odm:CodeList", "Name")
    for parent in (*define.all("odm:ItemGroupDef"), *define.all("def:ValueListDef")):
        for name in ("ItemOID", "OrderNumber", "KeySequence"):
            counted = Counter(
                value for each in parent if kind(each) == "ItemRef" if (value := attribute(each, name))
            )
            for value, count in counted.items():
                if count > 1:
                    yield f"{called(parent)}: {count} ItemRefs have the {name} '{value}'"
    for parent in define.all("odm:CodeList"):
        counted = Counter(attribute(each, "CodedValue") for each in parent if kind(each).endswith("Item"))
        for value, count in counted.items():
            if count > 1:
                yield f"{called(parent)}: {count} terms have the CodedValue '{value}'"


def _repeated(define: Parsed, name: str, identifier: str) -> Iterator[str]:
    counted = Counter(value for element in define.all(name) if (value := attribute(element, identifier)))
    for value, count in counted.items():
        if count > 1:
            yield f"{count} {_local(name)} elements have the {identifier} '{value}'"


def _local(name: str) -> str:
    return name.rpartition(":")[2]
