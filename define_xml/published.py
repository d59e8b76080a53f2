"""The schema and the stylesheet of Define-XML 2.1, read from the installed package defineutils as data.

Nothing of that package runs; its files are CDISC's schema (with Analysis Results Metadata) and Lex Jansen's
stylesheet, both under the MIT licence.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

STYLESHEET = "define2-1.xsl"
"""The name of the stylesheet, in the package and beside define.xml."""

_SCHEMA = Path("validate/schema/cdisc-arm-1.0/arm1-0-0.xsd")
_ENUMERATIONS = Path("validate/schema/cdisc-define-2.1/define-enumerations.xsd")
_XS = "http://www.w3.org/2001/XMLSchema"


def stylesheet() -> Path:
    """The stylesheet as it was published."""
    return _package() / "definehtml" / STYLESHEET


@cache
def schema() -> etree.XMLSchema:
    """The compiled schema of Define-XML 2.1 with Analysis Results Metadata 1.0."""
    return etree.XMLSchema(etree.parse(str(_package() / _SCHEMA), safe_parser()))


@cache
def enumeration(name: str) -> tuple[str, ...]:
    """The values that the schema lists for a simple type, such as ItemGroupSubClass."""
    tree = etree.parse(str(_package() / _ENUMERATIONS), safe_parser())
    kind = tree.find(f"{{{_XS}}}simpleType[@name='{name}']")
    assert kind is not None, f"{name} is a type of the schema"
    return tuple(str(each.get("value")) for each in kind.iter(f"{{{_XS}}}enumeration"))


def safe_parser() -> etree.XMLParser:
    """A parser that reads no other file, no network and no document type, and resolves no entity."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)


def _package() -> Path:
    found = find_spec("defineutils")
    assert found is not None, "defineutils is installed"
    assert found.submodule_search_locations, "defineutils is a package"
    return Path(found.submodule_search_locations[0])
