"""A study: everything that its specification says, checked and complete."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.check import Check
from specs.codelist import Codelist
from specs.conversion import Conversions
from specs.dataset import Dataset
from specs.raw_table import RawTable, SubjectNumber


class StandardUse(BaseModel):
    """A standard that the study follows, as define.xml lists it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """as in Define-XML: SDTMIG, ADaMIG, ADaM-OCCDSIG, CDISC/NCI"""
    version: str
    type: str = "IG"
    """IG or CT"""
    publishing_set: str = ""
    """for terminology: SDTM or ADaM"""


class Document(BaseModel):
    """A document that define.xml points to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    file: str


class Study(BaseModel):
    """The specification of one study.

    `id` is STUDYID. `folder` is where its text lives; `files` are the texts read, for the manifest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    name: str
    """StudyName of define.xml"""
    description: str
    protocol: str
    """ProtocolName of define.xml"""
    synthetic: bool = False
    """the data are made up, and every page says so"""
    folder: Path
    files: tuple[Path, ...]
    subject: SubjectNumber
    subject_prefix: str = ""
    """what stands before the subject's number in USUBJID; STUDYID and a hyphen where nothing is said"""
    standards: Mapping[str, tuple[StandardUse, ...]]
    """by model, sdtm or adam: the implementation guides, then the terminology packages"""
    raw: Mapping[str, RawTable]
    codelists: Mapping[str, Codelist]
    conversions: Mapping[str, Conversions]
    datasets: Mapping[str, Dataset]
    """in the order of submission: SDTM, then ADaM"""
    checks: tuple[Check, ...] = ()
    documents: tuple[Document, ...] = ()

    @cached_property
    def sdtm(self) -> tuple[Dataset, ...]:
        """The SDTM domains."""
        return tuple(dataset for dataset in self.datasets.values() if dataset.model == "sdtm")

    @cached_property
    def adam(self) -> tuple[Dataset, ...]:
        """The ADaM datasets, ADSL first."""
        return tuple(dataset for dataset in self.datasets.values() if dataset.model == "adam")

    @property
    def register(self) -> RawTable | None:
        """The raw table that lists all subjects."""
        return next((table for table in self.raw.values() if table.is_register), None)
