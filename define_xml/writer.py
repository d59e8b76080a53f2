"""define.xml as a document: one function for each element, in the order that the schema demands.

Source: Define-XML 2.1, 5.3.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from define_xml.model import (
    CodeList,
    Comment,
    Define,
    DocumentRef,
    Item,
    ItemGroup,
    ItemRef,
    Leaf,
    Method,
    Origin,
    Standard,
    ValueList,
    WhereClause,
)
from define_xml.published import STYLESHEET

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {None: ODM, "def": DEF, "xlink": XLINK}
_PREFIXES = {"": ODM, "def": DEF, "xlink": XLINK}
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
"""Agencies refuse a file that does not begin with these bytes."""
_CONTEXT = "trialwright"
"""The language of formal expressions: that of the specification."""


def document(define: Define) -> bytes:
    """define.xml, with the instruction that shows it through the stylesheet."""
    root = _odm(define)
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/xsl" href="{STYLESHEET}"'))
    content = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False, pretty_print=True)
    return _DECLARATION + content


def _odm(define: Define) -> etree._Element:
    root = etree.Element(f"{{{ODM}}}ODM", nsmap=_NAMESPACES)  # type: ignore[arg-type]
    _set(
        root,
        {
            "ODMVersion": "1.3.2",
            "FileType": "Snapshot",
            "FileOID": define.file_oid,
            "CreationDateTime": define.created,
            "SourceSystem": "trialwright",
            "def:Context": "Submission",
        },
    )
    study = _add(root, "Study", {"OID": define.study_oid})
    variables = _add(study, "GlobalVariables")
    _add(variables, "StudyName").text = define.study_name
    _add(variables, "StudyDescription").text = define.study_description
    _add(variables, "ProtocolName").text = define.protocol_name
    _metadata_version(study, define)
    return root


def _metadata_version(study: etree._Element, define: Define) -> None:
    version = _add(
        study,
        "MetaDataVersion",
        {
            "OID": define.oid,
            "Name": define.name,
            "Description": define.description,
            "def:DefineVersion": "2.1.0",
            "def:CommentOID": define.comment,
        },
    )
    _standards(version, define.standards)
    _container(version, "def:AnnotatedCRF", define.annotated_crf)
    _container(version, "def:SupplementalDoc", define.supplemental)
    for value_list in define.value_lists:
        _value_list(version, value_list)
    for where_clause in define.where_clauses:
        _where_clause(version, where_clause)
    for group in define.groups:
        _item_group(version, group)
    for item in define.items:
        _item(version, item)
    for codelist in define.codelists:
        _codelist(version, codelist)
    for method in define.methods:
        _method(version, method)
    for comment in define.comments:
        _comment(version, comment)
    for leaf in define.leaves:
        _leaf(version, leaf)


def _standards(version: etree._Element, standards: Iterable[Standard]) -> None:
    container = _add(version, "def:Standards")
    for standard in standards:
        _add(
            container,
            "def:Standard",
            {
                "OID": standard.oid,
                "Name": standard.name,
                "Type": standard.type,
                "PublishingSet": standard.publishing_set,
                "Version": standard.version,
                "Status": standard.status,
            },
        )


def _container(version: etree._Element, tag: str, documents: tuple[DocumentRef, ...]) -> None:
    if documents:
        container = _add(version, tag)
        for each in documents:
            _document_ref(container, each)


def _document_ref(parent: etree._Element, document: DocumentRef) -> None:
    ref = _add(parent, "def:DocumentRef", {"leafID": document.leaf})
    if document.pages:
        pages = " ".join(str(page) for page in document.pages)
        _add(ref, "def:PDFPageRef", {"Type": "PhysicalRef", "PageRefs": pages})


def _value_list(version: etree._Element, value_list: ValueList) -> None:
    definition = _add(version, "def:ValueListDef", {"OID": value_list.oid})
    for ref in value_list.items:
        _item_ref(definition, ref)


def _where_clause(version: etree._Element, where_clause: WhereClause) -> None:
    definition = _add(version, "def:WhereClauseDef", {"OID": where_clause.oid})
    for check in where_clause.checks:
        attributes = {"Comparator": check.comparator, "SoftHard": "Soft", "def:ItemOID": check.item}
        ranges = _add(definition, "RangeCheck", attributes)
        for value in check.values:
            _add(ranges, "CheckValue").text = value


def _item_group(version: etree._Element, group: ItemGroup) -> None:
    definition = _add(
        version,
        "ItemGroupDef",
        {
            "OID": group.oid,
            "Name": group.name,
            "Repeating": _yes_no(group.repeating),
            "IsReferenceData": _yes_no(group.reference_data),
            "SASDatasetName": group.name,
            "Domain": group.domain,
            "Purpose": group.purpose,
            "def:Structure": group.structure,
            "def:ArchiveLocationID": group.leaf.id if group.leaf else "",
            "def:StandardOID": group.standard,
            "def:HasNoData": "" if group.leaf else "Yes",
            "def:CommentOID": group.comment,
        },
    )
    _described(definition, group.label)
    for ref in group.items:
        _item_ref(definition, ref)
    if group.parent_label:
        _add(definition, "Alias", {"Context": "DomainDescription", "Name": group.parent_label})
    kind = _add(definition, "def:Class", {"Name": group.class_name})
    if group.subclass:
        _add(kind, "def:SubClass", {"Name": group.subclass})
    if group.leaf:
        _leaf(definition, group.leaf)


def _item_ref(parent: etree._Element, ref: ItemRef) -> None:
    element = _add(
        parent,
        "ItemRef",
        {
            "ItemOID": ref.item,
            "OrderNumber": str(ref.order),
            "Mandatory": _yes_no(ref.mandatory),
            "KeySequence": "" if ref.key is None else str(ref.key),
            "MethodOID": ref.method,
            "Role": ref.role,
            "def:HasNoData": "Yes" if ref.has_no_data else "",
        },
    )
    for clause in ref.where:
        _add(element, "def:WhereClauseRef", {"WhereClauseOID": clause})


def _item(version: etree._Element, item: Item) -> None:
    definition = _add(
        version,
        "ItemDef",
        {
            "OID": item.oid,
            "Name": item.name,
            "DataType": item.type,
            "Length": "" if item.length is None else str(item.length),
            "SignificantDigits": "" if item.significant_digits is None else str(item.significant_digits),
            "SASFieldName": item.name,
            "def:DisplayFormat": item.format,
            "def:CommentOID": item.comment,
        },
    )
    _described(definition, item.label)
    if item.codelist:
        _add(definition, "CodeListRef", {"CodeListOID": item.codelist})
    for origin in item.origins:
        _origin(definition, origin)
    if item.value_list:
        _add(definition, "def:ValueListRef", {"ValueListOID": item.value_list})


def _origin(definition: etree._Element, origin: Origin) -> None:
    element = _add(definition, "def:Origin", {"Type": origin.type, "Source": origin.source})
    if origin.description:
        _described(element, origin.description)
    for each in origin.documents:
        _document_ref(element, each)


def _codelist(version: etree._Element, codelist: CodeList) -> None:
    sponsors = not codelist.standard and codelist.dictionary is None
    definition = _add(
        version,
        "CodeList",
        {
            "OID": codelist.oid,
            "Name": codelist.name,
            "DataType": codelist.type,
            "def:StandardOID": codelist.standard,
            "def:IsNonStandard": "Yes" if sponsors else "",
        },
    )
    if codelist.dictionary is not None:
        dictionary = codelist.dictionary
        attributes = {"Dictionary": dictionary.name, "Version": dictionary.version, "ref": dictionary.ref}
        _add(definition, "ExternalCodeList", attributes)
    for order, term in enumerate(codelist.terms, start=1):
        tag = "CodeListItem" if codelist.decoded else "EnumeratedItem"
        extended = "Yes" if term.extended else ""
        attributes = {"CodedValue": term.value, "OrderNumber": str(order), "def:ExtendedValue": extended}
        item = _add(definition, tag, attributes)
        if codelist.decoded:
            _translated(_add(item, "Decode"), term.decode)
        _nci_code(item, term.code)
    _nci_code(definition, codelist.code)


def _nci_code(parent: etree._Element, code: str) -> None:
    if code:
        _add(parent, "Alias", {"Context": "nci:ExtCodeID", "Name": code})


def _method(version: etree._Element, method: Method) -> None:
    definition = _add(version, "MethodDef", {"OID": method.oid, "Name": method.name, "Type": method.type})
    _described(definition, method.text)
    if method.expression:
        _add(definition, "FormalExpression", {"Context": _CONTEXT}).text = method.expression


def _comment(version: etree._Element, comment: Comment) -> None:
    _described(_add(version, "def:CommentDef", {"OID": comment.oid}), comment.text)


def _leaf(parent: etree._Element, leaf: Leaf) -> None:
    _add(_add(parent, "def:leaf", {"ID": leaf.id, "xlink:href": leaf.href}), "def:title").text = leaf.title


def _described(parent: etree._Element, text: str) -> None:
    _translated(_add(parent, "Description"), text)


def _translated(parent: etree._Element, text: str) -> None:
    _add(parent, "TranslatedText", {_LANG: "en"}).text = text


def _add(parent: etree._Element, tag: str, attributes: dict[str, str] | None = None) -> etree._Element:
    """A new last child; attributes of the value "" are left out."""
    element = etree.SubElement(parent, _qualified(tag, "odm"))
    _set(element, attributes or {})
    return element


def _set(element: etree._Element, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        if value:
            element.set(_qualified(name, ""), value)


def _qualified(name: str, unprefixed: str) -> str:
    """A name with its namespace: elements without a prefix are ODM's, attributes without one have none."""
    if name.startswith("{"):
        return name
    prefix, colon, local = name.rpartition(":")
    if colon:
        return f"{{{_PREFIXES[prefix]}}}{local}"
    return f"{{{ODM}}}{local}" if unprefixed else local


def _yes_no(truth: bool) -> str:
    return "Yes" if truth else "No"
