"""A small study that is complete, as texts; a test changes one of them and says what is then told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import adam
import sdtm
from specs import Study, UserError, inconsistencies, read_study
from specs.standards import Term, Terminology, TermList

FILES = {
    "study.yaml": """\
id: ABC
name: ABC-1
description: A small study
protocol: ABC-1
standards:
  sdtm: sdtmig-3.4
  adam: [adamig-1.3]
documents:
  crf: {title: Annotated CRF, file: acrf.pdf}
""",
    "raw.yaml": """\
subject: "{site:2}-{number:3}"
tables:
  DM:
    file: DM.csv
    format: csv
    subject: SUBJID
    register: true
    keys: [SUBJID]
    columns:
      SUBJID: {required: true}
      GENDER: {values: [F, M]}
      BRTHDAT: {type: date}
  AE:
    file: AE.csv
    format: csv
    subject: SUBJID
    columns:
      SUBJID: {required: true}
      AETERM: {}
      AESER: {}
      AESTDAT: {type: date}
      AECOM: {}
      AUDIT: {not_submitted: audit trail of the EDC}
""",
    "codelists.yaml": """\
SEX:
  terms: [F, M]
  synonyms: {F: [Feminin], M: [Masculin]}
NY:
  synonyms: {Y: [Oui], N: [Non]}
SITE:
  label: Site
  terms: {"01": Cochin, "02": Mondor}
MEDDRA: {dictionary: MedDRA, version: "27.0"}
""",
    "units.yaml": """\
laboratory:
  HGB: {unit: g/L, factors: {g/dL: 10}}
""",
    "sdtm/dm.yaml": """\
dataset: DM
keys: [STUDYID, USUBJID]
records:
  - raw_records: DM
variables:
  STUDYID: {assigned: ABC}
  DOMAIN: {assigned: DM}
  USUBJID: {subject_identifier: {prefix: ABC-}}
  SUBJID: {subject_identifier: {}}
  RFSTDTC: {reference_date: {sources: [AE.AESTDTC], take: first}}
  SITEID: {subject_identifier: site, codelist: SITE}
  BRTHDTC: {iso8601: {date: BRTHDAT, formats: [DD/MM/YYYY]}}
  SEX: {coded_value: GENDER}
""",
    "sdtm/ae.yaml": """\
dataset: AE
keys: [STUDYID, USUBJID, AETERM]
records:
  - raw_records:
      table: AE
      leave_out:
        - {where: 'AETERM EQ ""', reason: EMPTY, because: no event}
variables:
  STUDYID: {assigned: ABC}
  DOMAIN: {assigned: AE}
  USUBJID: {subject_identifier: {prefix: ABC-}}
  AESEQ: {sequence: {}}
  AETERM: {collected: AETERM}
  AESER: {coded_value: AESER}
  AESTDTC: {iso8601: {date: AESTDAT, formats: [DD/MM/YYYY]}}
  AESTDY: {study_day: AESTDTC, where: AESER EQ Y}
nonstandard:
  AECOM: {collected: AECOM, label: Comment, evaluator: INVESTIGATOR}
""",
    "adam/adsl.yaml": """\
dataset: ADSL
structure: adsl
keys: [STUDYID, USUBJID]
records:
  - dataset_records: DM
variables:
  STUDYID: {predecessor: DM.STUDYID}
  USUBJID: {predecessor: DM.USUBJID}
  SEX: {predecessor: DM.SEX}
""",
    "checks/ae.yaml": """\
AE_NO_DATE:
  dataset: AE
  variable: AESTDTC
  never: AESTDTC EQ ""
  message: the event has no start
  to_do: query the site
""",
}

TERMINOLOGY = Terminology(
    lists={
        name: TermList(code, name, label, extensible, "SDTM", "2025-09-26", terms)
        for name, code, label, extensible, terms in (
            (
                "SEX",
                "C66731",
                "Sex",
                False,
                (
                    Term("C16576", "F", "Female"),
                    Term("C20197", "M", "Male"),
                    Term("C17998", "U", "Unknown"),
                ),
            ),
            (
                "NY",
                "C66742",
                "No Yes Response",
                False,
                (Term("C49488", "Y", "Yes"), Term("C49487", "N", "No")),
            ),
            ("EPOCH", "C99079", "Epoch", True, (Term("C202487", "SCREENING", "Screening"),)),
        )
    },
    packages={"SDTM": "2025-09-26"},
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the study, with some of its files changed: `{file: (old, new)}`, or new files as text, or None for none."""

    def written(changes: dict[str, tuple[str, str] | str | None] | None = None) -> Path:
        texts: dict[str, str | None] = dict(FILES)
        for name, change in (changes or {}).items():
            if isinstance(change, tuple):
                old, new = change
                assert FILES[name].count(old) == 1, f"{name} holds {old!r} once"
                texts[name] = FILES[name].replace(old, new)
            else:
                texts[name] = change
        for name, text in texts.items():
            if text is not None:
                path = tmp_path / "study" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return tmp_path / "study"

    return written


def read_small(folder: Path) -> Study:
    """The study, with what is inconsistent told together."""
    study = read_study(folder, {"sdtm": sdtm.VOCABULARY, "adam": adam.VOCABULARY}, terminology=TERMINOLOGY)
    problems = inconsistencies(study)
    if problems:
        raise UserError(problems)
    return study


@pytest.fixture
def read() -> Callable[[Path], Study]:
    """Reads a folder with the words and the terminology of these tests."""
    return read_small


@pytest.fixture
def study(write: Write) -> Study:
    """The small study, read."""
    return read_small(write())


@pytest.fixture
def told(write: Write) -> Callable[..., str]:
    """What is told of the study when some of its files are changed."""

    def said(changes: dict[str, tuple[str, str] | str | None]) -> str:
        with pytest.raises(UserError) as refused:
            read_small(write(changes))
        return str(refused.value)

    return said
