"""A define.xml as it was read: its elements by kind, found by OID, and how messages call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml import etree

NAMESPACES: Mapping[str, str] = {
    "odm": "http://www.cdisc.org/ns/odm/v1.3",
    "def": "http://www.cdisc.org/ns/def/v2.1",
    "arm": "http://www.cdisc.org/ns/arm/v1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_IDENTIFIERS = ("OID", "ID", "ItemOID", "CodedValue", "Name")


def qualified(name: str) -> str:
    """An element's `odm:ItemDef`, or an attribute's `def:CommentOID` or `OID`, with its namespace."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else local


class Parsed:
    """The elements of a define.xml."""

    def __init__(self, tree: etree._ElementTree) -> None:
        self.tree = tree
        self.root = tree.getroot()

    def all(self, name: str) -> Iterator[etree._Element]:
        """Every element of a kind, such as `odm:ItemDef`, in document order."""
        return self.root.iter(qualified(name))

    @cached_property
    def _by_oid(self) -> dict[str, dict[str, etree._Element]]:
        return {}

    def by_oid(self, name: str) -> Mapping[str, etree._Element]:
        """The elements of a kind by their OID (files: by their ID); of several with one OID the first."""
        if name not in self._by_oid:
            found: dict[str, etree._Element] = {}
            for element in self.all(name):
                oid = attribute(element, "ID" if name == "def:leaf" else "OID")
                if oid:
                    found.setdefault(oid, element)
            self._by_oid[name] = found
        return self._by_oid[name]

    def target(self, kind: str, oid: str) -> etree._Element | None:
        """The element of that kind and OID; None where there is none."""
        return self.by_oid(kind).get(oid)


def attribute(element: etree._Element, name: str) -> str:
    """The value of an attribute, "" where it is not there."""
    return str(element.get(qualified(name)) or "")


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of a kind."""
    return element.findall(qualified(name))


def label(element: etree._Element) -> str:
    """The text of its Description, "" where it has none."""
    text = element.find(f"{qualified('odm:Description')}/{qualified('odm:TranslatedText')}")
    return "" if text is None else (text.text or "").strip()


def called(element: etree._Element) -> str:
    """How messages call an element: its line, its name, and what identifies it."""
    name = kind(element)
    own = next((value for each in _IDENTIFIERS if (value := attribute(element, each))), "")
    return f"line {element.sourceline}: {name} {own}".rstrip()


def kind(element: etree._Element) -> str:
    """The element's name, without its namespace; "" for a comment or an instruction."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
