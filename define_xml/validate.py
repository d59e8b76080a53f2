"""Whether a define.xml is valid: against the schema, and beyond it.

The schema sees about half of the faults that make a define.xml useless; the other half is references,
conditions between attributes, and the files beside it.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from define_xml import conditions, references
from define_xml.parsed import Parsed
from define_xml.published import safe_parser, schema


def schema_problems(path: Path) -> tuple[str, ...]:
    """What the schema of Define-XML 2.1 (with ARM 1.0) finds, with lines; nothing for a valid file."""
    try:
        tree = etree.parse(str(path), safe_parser())
    except etree.XMLSyntaxError as error:
        return (f"line {error.lineno}: not well-formed XML: {error.msg}",)
    if tree.docinfo.doctype:  # type: ignore[union-attr]
        return ("line 1: a define.xml has no document type declaration",)
    compiled = schema()
    if compiled.validate(tree):
        return ()
    return tuple(f"line {error.line}: {error.message}" for error in compiled.error_log)  # type: ignore[attr-defined]


def reference_problems(
    tree: etree._ElementTree, folder: Path, *, datasets: Path | None = None
) -> tuple[str, ...]:
    """What the schema does not see: references, unused definitions, conditions, and files that are missing.

    `tree` is a define.xml that the schema admits, `folder` holds its stylesheet, `datasets` (else the same
    folder) the files that it describes.
    """
    define = Parsed(tree)
    return (*references.problems(define), *conditions.problems(define, folder, datasets or folder))
