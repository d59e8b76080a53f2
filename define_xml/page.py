"""define.html: define.xml as a page that needs no stylesheet, since browsers give up applying them.

The published stylesheet finds every OID by going through all definitions. A copy of it in memory looks them
up in keys instead: the page is the same, byte for byte, in a fraction of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lxml import etree

from define_xml.published import safe_parser, stylesheet

_XSL = "http://www.w3.org/1999/XSL/Transform"
_VERSION = "/odm:ODM/odm:Study/odm:MetaDataVersion"
_KEYS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Standard", "def:Standards/def:Standard", "OID", ("$g_seqStandard",)),
    (
        "ItemGroupDef",
        "odm:MetaDataVersion/odm:ItemGroupDef",
        "OID",
        ("$g_seqItemGroupDefs", f"{_VERSION}/odm:ItemGroupDef", "//odm:ItemGroupDef"),
    ),
    (
        "ItemDef",
        "odm:MetaDataVersion/odm:ItemDef",
        "OID",
        ("$g_seqItemDefs", f"{_VERSION}/odm:ItemDef", "../../odm:ItemDef"),
    ),
    ("CodeList", "odm:MetaDataVersion/odm:CodeList", "OID", ("$g_seqCodeLists",)),
    ("ValueListDef", "odm:MetaDataVersion/def:ValueListDef", "OID", ("$g_seqValueListDefs",)),
    ("MethodDef", "odm:MetaDataVersion/odm:MethodDef", "OID", ("$g_seqMethodDefs",)),
    ("CommentDef", "odm:MetaDataVersion/def:CommentDef", "OID", ("$g_seqCommentDefs",)),
    ("WhereClauseDef", "odm:MetaDataVersion/def:WhereClauseDef", "OID", ("$g_seqWhereClauseDefs",)),
    ("ItemRef", "odm:ItemGroupDef/odm:ItemRef", "ItemOID", ("$g_seqItemGroupDefs/odm:ItemRef",)),
    ("ValueListRef", "odm:ItemDef/def:ValueListRef", "ValueListOID", ("../../odm:ItemDef/def:ValueListRef",)),
)
"""A key's name, its elements, the attribute that they are found by, and the stylesheet's paths to them."""
_ARGUMENT = r"\$[\w-]+(?:/[\w:@.-]+)*"


def page(tree: etree._ElementTree) -> bytes:
    """define.html of a define.xml: one file with its styles and scripts inside, in UTF-8, loading nothing."""
    return _rendered(_transform(keyed=True), tree)


def unkeyed_page(tree: etree._ElementTree) -> bytes:
    """The same page, made by the stylesheet as it was published: slow, for comparison."""
    return _rendered(_transform(keyed=False), tree)


def _rendered(transform: etree.XSLT, tree: etree._ElementTree) -> bytes:
    return bytes(transform(tree))


@cache
def _transform(*, keyed: bool) -> etree.XSLT:
    sheet = etree.parse(str(stylesheet()), safe_parser())
    if keyed:
        _look_up_in_keys(sheet)
    return _restricted(sheet)


def _restricted(sheet: etree._ElementTree) -> etree.XSLT:
    """A transformation that reads and writes no file and no network."""
    return etree.XSLT(sheet, access_control=etree.XSLTAccessControl.DENY_ALL)  # type: ignore[attr-defined]


def _look_up_in_keys(sheet: etree._ElementTree) -> None:
    """Rewrite `PATH[@OID=$x]` as `key('NAME', $x)` wherever the path is one of a key, in place."""
    root = sheet.getroot()
    for element in root.iter(f"{{{_XSL}}}*"):
        for name in ("select", "test"):
            path = element.get(name)
            if path is not None:
                element.set(name, _with_keys(path))
    place = next(index for index, each in enumerate(root) if each.tag == f"{{{_XSL}}}output") + 1
    for name, match, use, _ in reversed(_KEYS):
        key = etree.Element(f"{{{_XSL}}}key", {"name": name, "match": match, "use": f"@{use}"})
        root.insert(place, key)


def _with_keys(path: str) -> str:
    """An XPath expression with its look-ups by OID made through keys.

    >>> _with_keys("count($g_seqItemDefs[@OID = $ItemOID]/@Name) = 0")
    "count(key('ItemDef', $ItemOID)/@Name) = 0"
    """
    for pattern, name in _look_ups():
        path = pattern.sub(rf"key('{name}', \g<argument>)", path)
    return path


@cache
def _look_ups() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(_patterns())


def _patterns() -> Iterator[tuple[re.Pattern[str], str]]:
    for name, _, use, paths in _KEYS:
        for path in paths:
            start = rf"(?<![\w:@./\]\)$]){re.escape(path)}"
            yield re.compile(rf"{start}\[\s*@{use}\s*=\s*(?P<argument>{_ARGUMENT})\s*\]"), name
