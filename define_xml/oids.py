"""The OIDs of define.xml: made of names alone, so that two builds differ where the study differs.

The prefixes are those of the examples that CDISC publishes: STD, IG, IT, VL, WC, CL, MT, COM, LF.
"""

from __future__ import annotations

import hashlib
import re

from specs import StandardUse, Study

_SAFE = re.compile(r"[A-Za-z0-9_.-]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 40
_HASHED = 8


def study(of: Study) -> str:
    """The study."""
    return f"STUDY.{_part(of.id)}"


def metadata_version(of: Study, model: str) -> str:
    """The definitions of the study's SDTM or ADaM datasets."""
    return f"MDV.{_part(of.id)}.{model.upper()}"


def standard(use: StandardUse) -> str:
    """A guide or a terminology package: STD.SDTMIG.3.4, STD.CT.SDTM.2025-03-28."""
    name = f"CT.{_part(use.publishing_set)}" if use.type == "CT" else _part(use.name)
    return f"STD.{name}.{_part(use.version)}"


def dataset(name: str) -> str:
    """A dataset: IG.LB."""
    return f"IG.{name}"


def item(dataset_name: str, variable: str, level: str | None = None) -> str:
    """A variable, IT.LB.LBORRES, or one value level of it, IT.LB.LBORRES.ALT."""
    return f"IT.{_place(dataset_name, variable, level)}"


def value_list(dataset_name: str, variable: str) -> str:
    """The value levels of a variable: VL.LB.LBORRES."""
    return f"VL.{dataset_name}.{variable}"


def where_clause(dataset_name: str, variable: str, value: str) -> str:
    """A variable with one value: WC.LB.LBTESTCD.EQ.ALT."""
    return f"WC.{dataset_name}.{variable}.EQ.{_part(value)}"


def codelist(name: str, *, numeric: bool = False) -> str:
    """A codelist; the list of a numeric variable stands apart: CL.NY, CL.VISITNUM.N."""
    return f"CL.{_part(name)}{'.N' if numeric else ''}"


def method(dataset_name: str, variable: str, level: str | None = None) -> str:
    """The method of a variable or of one value level: MT.AE.AESTDY."""
    return f"MT.{_place(dataset_name, variable, level)}"


def comment(dataset_name: str, variable: str = "", level: str | None = None) -> str:
    """The comment on a dataset, a variable or a value level: COM.AE.AETERM."""
    return f"COM.{_place(dataset_name, variable, level)}"


def leaf(dataset_name: str) -> str:
    """The file of a dataset: LF.AE."""
    return f"LF.{dataset_name}"


def document(name: str) -> str:
    """A document: LF.DOC.acrf."""
    return f"LF.DOC.{_part(name)}"


def _place(dataset_name: str, variable: str, level: str | None) -> str:
    parts = [dataset_name, variable, _part(level) if level is not None else ""]
    return ".".join(part for part in parts if part)


def _part(text: str) -> str:
    """A text as part of an OID: as it is, else without what a link cannot hold and with a hash in its place.

    >>> _part("ALT"), _part("Treg / CD4+")
    ('ALT', 'Treg_CD4_-cacd6889')
    """
    if _SAFE.fullmatch(text) and len(text) <= _LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HASHED]
    return f"{_UNSAFE.sub('_', text)[: _LONGEST - _HASHED - 1]}-{digest}"
