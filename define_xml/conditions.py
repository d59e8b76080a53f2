"""What the schema does not see of single elements: attributes that demand or forbid others, missing files.

Source: Define-XML 2.1, 5.3, and the conformance rules that agencies publish for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from define_xml.parsed import Parsed, attribute, called, children, kind, label

_LONGEST_LABEL = 40
_LONGEST_NAME = 8
_WITH_LENGTH = frozenset({"text", "integer", "float"})
_WITHOUT_SOURCE = frozenset({"Predecessor", "Not Available", "Other"})
_ON_CRF = frozenset({"Investigator", "Subject"})
_NCI = "nci:ExtCodeID"
_METHOD_TYPES = frozenset({"Computation", "Imputation"})
_PUBLISHING_SETS = {"SDTMIG": ("SDTM",), "SENDIG": ("SEND",), "ADaMIG": ("ADaM", "SDTM")}


def problems(define: Parsed, folder: Path, datasets: Path) -> Iterator[str]:
    """Every condition that is not met; `folder` holds the define.xml, `datasets` the files it describes."""
    yield from _document(define, folder)
    yield from _standards(define)
    for group in define.all("odm:ItemGroupDef"):
        yield from _item_group(define, group)
    for item in define.all("odm:ItemDef"):
        yield from _item(define, item)
    for codelist in define.all("odm:CodeList"):
        yield from _codelist(define, codelist)
    for method in define.all("odm:MethodDef"):
        if attribute(method, "Type") not in _METHOD_TYPES:
            yield f"{called(method)}: the Type is neither Computation nor Imputation"
        if not label(method):
            yield f"{called(method)}: it has no text"
    for comment in define.all("def:CommentDef"):
        if not label(comment):
            yield f"{called(comment)}: it has no text"
    for leaf in define.all("def:leaf"):
        href = attribute(leaf, "xlink:href")
        if Path(href).is_absolute() or not (datasets / href).is_file():
            yield f"{called(leaf)}: there is no file {href}"


def _document(define: Parsed, folder: Path) -> Iterator[str]:
    if attribute(define.root, "ODMVersion") != "1.3.2":
        yield f"{called(define.root)}: the ODMVersion is not 1.3.2"
    shown_by = [
        each.get("href") or ""
        for each in define.root.itersiblings(preceding=True)
        if isinstance(each, etree._XSLTProcessingInstruction)
    ]
    if not shown_by:
        yield "the document names no stylesheet"
    for href in shown_by:
        if not (folder / href).is_file():
            yield f"the document names the stylesheet {href}, and there is no such file"
    for name in ("odm:StudyName", "odm:StudyDescription", "odm:ProtocolName"):
        for element in define.all(name):
            if not (element.text or "").strip():
                yield f"{called(element)}: it is empty"


def _standards(define: Parsed) -> Iterator[str]:
    standards = list(define.all("def:Standard"))
    sets = {attribute(each, "PublishingSet") for each in standards if attribute(each, "Type") == "CT"}
    for each in standards:
        needed = _PUBLISHING_SETS.get(attribute(each, "Name"), ())
        if needed and not sets.intersection(needed):
            yield f"{called(each)}: no terminology of {' or '.join(needed)} is listed with it"
        if attribute(each, "Type") == "CT" and not attribute(each, "PublishingSet"):
            yield f"{called(each)}: terminology has a PublishingSet"


def _item_group(define: Parsed, group: etree._Element) -> Iterator[str]:
    name, domain = attribute(group, "Name"), attribute(group, "Domain")
    where = called(group)
    tabulation = attribute(group, "Purpose") == "Tabulation"
    if attribute(group, "Purpose") not in ("Tabulation", "Analysis"):
        yield f"{where}: the Purpose is neither Tabulation nor Analysis"
    if tabulation != bool(domain):
        yield f"{where}: a Domain is given for tabulation data, and only there"
    if domain and domain != name and not _alias(group, "DomainDescription"):
        yield f"{where}: the Domain is {domain}, and no Alias DomainDescription says what that is"
    if attribute(group, "SASDatasetName") != name or len(name) > _LONGEST_NAME or name != name.upper():
        yield f"{where}: the Name is not the SASDatasetName, of up to {_LONGEST_NAME} capital letters"
    if attribute(group, "IsReferenceData") == "Yes" and attribute(group, "Repeating") != "No":
        yield f"{where}: reference data do not repeat"
    if not children(group, "def:Class"):
        yield f"{where}: it has no Class"
    yield from _labelled(group)
    yield from _one_standard(define, group, "IG")
    yield from _location(group)
    refs = children(group, "odm:ItemRef")
    keys = sorted(int(key) for each in refs if (key := attribute(each, "KeySequence")))
    if keys != list(range(1, len(keys) + 1)) or not keys:
        yield f"{where}: the KeySequence does not count 1, 2, 3"
    if any(not attribute(each, "OrderNumber") for each in refs):
        yield f"{where}: an ItemRef has no OrderNumber"
    for ref in refs:
        yield from _variable(define, group, ref)


def _location(group: etree._Element) -> Iterator[str]:
    leaves = [attribute(each, "ID") for each in children(group, "def:leaf")]
    location = attribute(group, "def:ArchiveLocationID")
    if attribute(group, "def:HasNoData"):
        if not attribute(group, "def:CommentOID"):
            yield f"{called(group)}: it has no data, and no comment says why"
        if leaves or location:
            yield f"{called(group)}: it has no data, but a file"
    elif leaves != [location]:
        yield f"{called(group)}: the ArchiveLocationID is not the ID of its leaf"


def _variable(define: Parsed, group: etree._Element, ref: etree._Element) -> Iterator[str]:
    item = define.target("odm:ItemDef", attribute(ref, "ItemOID"))
    if item is None:
        return
    yield from _labelled(item)
    if attribute(ref, "def:HasNoData") and not attribute(item, "def:CommentOID"):
        yield f"{called(ref)}: it has no data, and no comment says why"
    lists = children(item, "def:ValueListRef")
    if not lists:
        has_data = not attribute(group, "def:HasNoData") and not attribute(ref, "def:HasNoData")
        if attribute(group, "Name").startswith("SUPP") and attribute(item, "Name") == "QVAL" and has_data:
            yield f"{called(item)}: QVAL is described at value level, by QNAM"
        yield from _documented(ref, item)
        return
    definition = define.target("def:ValueListDef", attribute(lists[0], "ValueListOID"))
    levels = [] if definition is None else children(definition, "odm:ItemRef")
    own = {attribute(each, "ItemOID") for each in children(group, "odm:ItemRef")}
    for level in levels:
        level_item = define.target("odm:ItemDef", attribute(level, "ItemOID"))
        if level_item is not None:
            yield from _documented(level, level_item, ref, item)
        yield from _where(define, level, own)


def _where(define: Parsed, level: etree._Element, own: set[str]) -> Iterator[str]:
    clauses = children(level, "def:WhereClauseRef")
    if not clauses:
        yield f"{called(level)}: a value level has a where clause"
    for clause in clauses:
        definition = define.target("def:WhereClauseDef", attribute(clause, "WhereClauseOID"))
        if definition is None or attribute(definition, "def:CommentOID"):
            continue
        for check in children(definition, "odm:RangeCheck"):
            if attribute(check, "def:ItemOID") not in own:
                yield f"{called(definition)}: it reads a variable of another dataset, and no comment says how"


def _documented(
    ref: etree._Element,
    item: etree._Element,
    outer_ref: etree._Element | None = None,
    outer_item: etree._Element | None = None,
) -> Iterator[str]:
    """An origin, and what it demands, at value level or at that of the variable."""
    origins = children(item, "def:Origin") or (
        [] if outer_item is None else children(outer_item, "def:Origin")
    )
    method = attribute(ref, "MethodOID") or ("" if outer_ref is None else attribute(outer_ref, "MethodOID"))
    if not origins:
        yield f"{called(item)}: it has no Origin"
    if any(attribute(each, "Type") == "Derived" for each in origins) and not method:
        yield f"{called(item)}: it is derived, and its ItemRef names no method"


def _item(define: Parsed, item: etree._Element) -> Iterator[str]:
    where = called(item)
    data_type = attribute(item, "DataType")
    if (data_type in _WITH_LENGTH) != bool(attribute(item, "Length")):
        yield f"{where}: a Length is given for text, integer and float, and only there"
    if (data_type == "float") != bool(attribute(item, "SignificantDigits")):
        yield f"{where}: SignificantDigits are given for float, and only there"
    name = attribute(item, "SASFieldName")
    if not name or len(name) > _LONGEST_NAME:
        yield f"{where}: it has no SASFieldName of up to {_LONGEST_NAME} characters"
    for ref in children(item, "odm:CodeListRef"):
        codelist = define.target("odm:CodeList", attribute(ref, "CodeListOID"))
        if codelist is not None and not _fits(data_type, attribute(codelist, "DataType")):
            yield f"{where}: its DataType is not that of its codelist"
    for origin in children(item, "def:Origin"):
        yield from _origin(define, item, origin)


def _fits(data_type: str, of_terms: str) -> bool:
    return data_type == of_terms or {data_type, of_terms} <= {"integer", "float"}


def _origin(define: Parsed, item: etree._Element, origin: etree._Element) -> Iterator[str]:
    kind_of_origin, source = attribute(origin, "Type"), attribute(origin, "Source")
    if not source and kind_of_origin not in _WITHOUT_SOURCE:
        yield f"{called(item)}: the Origin {kind_of_origin} has no Source"
    if kind_of_origin == "Predecessor" and not all("." in each for each in label(origin).split(", ")):
        yield f"{called(item)}: the predecessor is not named as DATASET.VARIABLE"
    on_crf = (
        kind_of_origin == "Collected"
        and source in _ON_CRF
        and any(True for _ in define.all("def:AnnotatedCRF"))
    )
    if on_crf and not children(origin, "def:DocumentRef"):
        yield f"{called(item)}: it is collected, and does not point to the annotated CRF"


def _codelist(define: Parsed, codelist: etree._Element) -> Iterator[str]:
    where = called(codelist)
    terms = [each for each in codelist if kind(each) in ("CodeListItem", "EnumeratedItem")]
    externals = children(codelist, "odm:ExternalCodeList")
    for external in externals:
        if not attribute(external, "Version") and not attribute(external, "Dictionary").startswith("ISO "):
            yield f"{where}: the dictionary has no Version"
    if not externals:
        yield from _one_standard(define, codelist, "CT")
        if not terms:
            yield f"{where}: it has no terms"
    if len({kind(each) for each in terms}) > 1:
        yield f"{where}: it mixes terms with and without decodes"
    standard = bool(attribute(codelist, "def:StandardOID"))
    if not externals and standard != bool(_alias(codelist, _NCI)):
        yield f"{where}: an NCI code is given for a list of CDISC terminology, and only there"
    for term in terms:
        extended = bool(attribute(term, "def:ExtendedValue"))
        if standard and extended == bool(_alias(term, _NCI)):
            yield f"{called(term)}: it has an NCI code or is an ExtendedValue, one of them"
        if not standard and (extended or _alias(term, _NCI)):
            yield f"{called(term)}: a term of a sponsor's list has no NCI code and is no ExtendedValue"


def _one_standard(define: Parsed, element: etree._Element, needed: str) -> Iterator[str]:
    oid, non_standard = attribute(element, "def:StandardOID"), attribute(element, "def:IsNonStandard")
    if bool(oid) == bool(non_standard):
        yield f"{called(element)}: it has a StandardOID or is non-standard, one of them"
    standard = define.target("def:Standard", oid)
    if standard is not None and attribute(standard, "Type") != needed:
        yield f"{called(element)}: its standard is not of Type {needed}"


def _labelled(element: etree._Element) -> Iterator[str]:
    if not 0 < len(label(element)) <= _LONGEST_LABEL:
        yield f"{called(element)}: it has no label of up to {_LONGEST_LABEL} characters"


def _alias(element: etree._Element, context: str) -> str:
    names = (
        attribute(each, "Name") for each in children(element, "odm:Alias") if each.get("Context") == context
    )
    return next(names, "")
