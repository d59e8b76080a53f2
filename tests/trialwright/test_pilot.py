"""CDISCPILOT01, a study that nobody here invented: built from its export, it agrees with what was published.

Cells are compared as text, numbers with a relative tolerance of 1e-9; "" and missing are the same, "NA" is
text. Each difference has a reason, and each reason says of which cells it can be one. `pytest -s` shows both.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import raw
import sdtm
from engine import Built, account
from raw import RawData
from specs import Study
from trialwright.build import build_study
from trialwright.shipped import study_folder
from trialwright.studies import load_study

STUDY = "cdiscpilot01"
PILOT = Path(__file__).resolve().parents[2] / "../shared/pilot"
needs_pilot = pytest.mark.skipif(
    not PILOT.is_dir(),
    reason="the published data of CDISCPILOT01 are not at ../shared/pilot; they are not shipped",
)

KEYS = {
    "DM": ["USUBJID"],
    "AE": ["USUBJID", "AELLT", "AESTDTC", "AEENDTC", "AEDTC", "AESEV", "TIE"],
    "DS": ["USUBJID", "DSSEQ"],
    "EX": ["USUBJID", "EXSEQ"],
}
"""What a record is found by; TIE counts those that are equal otherwise, in the order of the export."""

AGREEING = {
    "DM": {
        "STUDYID": 306, "DOMAIN": 306, "USUBJID": 306, "SUBJID": 306, "RFSTDTC": 306, "RFENDTC": 306,
        "RFXSTDTC": 306, "RFXENDTC": 306, "RFICDTC": 306, "RFPENDTC": 239, "DTHDTC": 306, "DTHFL": 306,
        "SITEID": 306, "BRTHDTC": 306, "AGE": 306, "AGEU": 306, "SEX": 306, "RACE": 306, "ETHNIC": 306,
        "ARMCD": 306, "ARM": 306, "ACTARMCD": 306, "ACTARM": 306, "COUNTRY": 306, "DMDTC": 306, "DMDY": 306,
        "ARMNRS": 306, "ACTARMUD": 306,
    },
    "AE": {
        "STUDYID": 1191, "DOMAIN": 1191, "USUBJID": 1191, "AESEQ": 960, "AESPID": 0, "AETERM": 1191,
        "AELLT": 1191, "AELLTCD": 1191, "AEDECOD": 1191, "AEPTCD": 1191, "AEHLT": 1191, "AEHLTCD": 1191,
        "AEHLGT": 1191, "AEHLGTCD": 1191, "AEBODSYS": 1191, "AEBDSYCD": 1191, "AESOC": 1191, "AESOCCD": 1191,
        "AESEV": 1191, "AESER": 1191, "AEACN": 1191, "AEREL": 1191, "AEOUT": 1191, "AESCAN": 1191,
        "AESCONG": 1191, "AESDISAB": 1191, "AESDTH": 1191, "AESHOSP": 1191, "AESLIFE": 1191, "AESOD": 1191,
        "AEDTC": 1191, "AESTDTC": 1176, "AEENDTC": 1191, "AESTDY": 1190, "AEENDY": 1191,
    },
    "DS": {
        "STUDYID": 850, "DOMAIN": 850, "USUBJID": 850, "DSSEQ": 850, "DSSPID": 755, "DSTERM": 850,
        "DSDECOD": 850, "DSCAT": 850, "VISITNUM": 850, "VISIT": 850, "DSDTC": 850, "DSSTDTC": 850,
        "DSSTDY": 850,
    },
    "EX": {
        "STUDYID": 591, "DOMAIN": 591, "USUBJID": 591, "EXSEQ": 591, "EXTRT": 591, "EXDOSE": 591,
        "EXDOSU": 591, "EXDOSFRM": 591, "EXDOSFRQ": 591, "EXROUTE": 591, "VISITNUM": 591, "VISIT": 591,
        "VISITDY": 591, "EXSTDTC": 591, "EXENDTC": 591, "EXSTDY": 591, "EXENDY": 591,
    },
}  # fmt: skip
"""How many cells of each published variable the build gives exactly."""

DERIVABLE = {
    "DM.RFENDTC": 305, "DM.RFPENDTC": 226, "AE.AESEQ": 960, "AE.AESPID": 0, "AE.AESTDTC": 1176,
    "AE.AESTDY": 1190, "DS.DSSPID": 755,
}  # fmt: skip
"""How many cells can be derived from the export, found without this program, where it is not all."""


@dataclass(frozen=True)
class Difference:
    """Why cells of a variable differ, how many do, and which cells it can be the reason of."""

    variable: str
    reason: str
    cells: int
    explains: Callable[[pd.DataFrame], pd.Series]


DIFFERENCES = (
    Difference(
        "DM.RFPENDTC",
        "the last visit, which is not in the export, is later than the last form",
        67,
        lambda cells: cells["made"].str.slice(0, 10) < cells["published"].str.slice(0, 10),
    ),
    Difference(
        "AE.AESEQ",
        "AESPID, which is not in the export, orders events of one AEDTC and AESTDTC; or AESTDTC is not there",
        231,
        lambda cells: cells["tied"] | cells["undated"],
    ),
    Difference(
        "AE.AESPID",
        "not in the export",
        1191,
        lambda cells: cells["made"].isna() & cells["published"].notna(),
    ),
    Difference(
        "AE.AESTDTC",
        "a month and year in the published data, but nothing in the export",
        15,
        lambda cells: cells["published"].str.fullmatch(r"\d{4}-\d{2}") & cells["made"].isna(),
    ),
    Difference(
        "AE.AESTDY",
        "day 366 is published for an event that began on the day of the first dose",
        1,
        lambda cells: (
            (cells["subject"] == "01-716-1063") & (cells["published"] == "366") & (cells["made"] == "1")
        ),
    ),
    Difference(
        "DS.DSSPID", "not in the export", 95, lambda cells: cells["made"].isna() & cells["published"].notna()
    ),
)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def data(study: Study) -> RawData:
    return raw.read_export(study, PILOT / "raw")


@pytest.fixture(scope="module")
def built(study: Study, data: RawData) -> Built:
    return sdtm.build(study, data.tables)


@pytest.fixture(scope="module")
def published() -> Mapping[str, pd.DataFrame]:
    return {
        name: pd.read_csv(
            PILOT / f"sdtm/{name.lower()}.csv", dtype="string", na_values=[""], keep_default_na=False
        )
        for name in KEYS
    }


@pytest.fixture(scope="module")
def cells(study: Study, built: Built, published: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per published cell: its variable, what was published and made (as text), whether they agree,
    and what the reasons ask of its record."""
    return pd.concat([_cells(study, name, built, published[name]) for name in KEYS], ignore_index=True)


def _cells(study: Study, name: str, built: Built, published: pd.DataFrame) -> pd.DataFrame:
    keys = KEYS[name]
    theirs = _keyed(published, keys)
    ours = _keyed(_in_order_of_export(built, name), keys)
    ours = ours.reindex(columns=[*ours.columns, *(v for v in published.columns if v not in ours.columns)])
    pairs = theirs.merge(ours, on="key", how="outer", suffixes=(" published", " made"), validate="one_to_one")
    assert len(pairs) == len(theirs) == len(ours), f"records of {name} have no partner"
    facts = pd.DataFrame({"subject": pairs["USUBJID published"].astype("string")})
    if name == "AE":
        order = pairs[["USUBJID made", "AEDTC made", "AESTDTC made"]]
        undated = pairs["AESTDTC made"].isna()
        facts = facts.assign(
            tied=order.duplicated(keep=False),
            undated=undated.groupby([pairs["USUBJID made"], pairs["AEDTC made"]]).transform("any"),
        )
    numeric = {variable.name for variable in study.datasets[name].variables if variable.type == "Num"}
    parts = []
    for variable in published.columns:
        there, here = (pairs[f"{variable} {side}"].astype("string") for side in ("published", "made"))
        if variable in numeric:
            there, here = _as_number(there), _as_number(here)
        same = _near(there, here) if variable in numeric else there == here
        parts.append(
            facts.assign(
                dataset=name,
                variable=f"{name}.{variable}",
                published=there.map("{:g}".format, na_action="ignore").astype("string")
                if variable in numeric
                else there,
                made=here.map("{:g}".format, na_action="ignore").astype("string")
                if variable in numeric
                else here,
                agrees=(same.fillna(False) | (there.isna() & here.isna())).astype(bool),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _in_order_of_export(built: Built, name: str) -> pd.DataFrame:
    records = built.datasets[name]
    first = records.sources.drop_duplicates("record").set_index("record")["row"]
    return (
        records.data.assign(row=first.reindex(range(len(records.data))))
        .sort_values("row")
        .drop(columns="row")
    )


def _keyed(records: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """With one text that names the record. A month alone (AESTDTC) counts as missing: the export has none."""
    wanted = [key for key in keys if key != "TIE"]
    texts = records[wanted].astype("string").replace(r"^\d{4}-\d{2}$", pd.NA, regex=True).fillna("")
    key = texts[wanted[0]]
    for each in wanted[1:]:
        key = key + "|" + texts[each]
    if "TIE" in keys:
        key = key + "|" + key.groupby(key).cumcount().astype("string")
    return records.assign(key=key.str.replace(r"\.0$", "", regex=True))


def _as_number(text: pd.Series) -> pd.Series:
    return pd.to_numeric(text).astype("Float64")


def _near(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one - other).abs() <= 1e-9 * one.abs().clip(lower=other.abs())


@needs_pilot
def test_cells_agree_with_the_published_ones(
    cells: pd.DataFrame, published: Mapping[str, pd.DataFrame]
) -> None:
    agreeing = cells.groupby("variable")["agrees"].sum().to_dict()
    stated = {f"{name}.{variable}": n for name, counts in AGREEING.items() for variable, n in counts.items()}
    assert agreeing == stated
    counts = {variable: len(published[variable.partition(".")[0]]) for variable in stated}
    assert [v for v in stated if stated[v] < DERIVABLE.get(v, counts[v])] == []


@needs_pilot
def test_every_difference_has_its_reason(cells: pd.DataFrame) -> None:
    different = cells[~cells["agrees"]]
    unexplained = pd.Series(True, index=different.index)
    table = []
    for difference in DIFFERENCES:
        of_variable = different[different["variable"] == difference.variable]
        explained = difference.explains(of_variable).fillna(False).astype(bool)
        unexplained[explained[explained].index] = False
        table.append((difference.variable, int(explained.sum()), difference.reason))
    print(f"\n{int(cells['agrees'].sum()):,} of {len(cells):,} cells agree")
    for variable, count, reason in table:
        print(f"  {variable:12} {count:5,}  {reason}")
    columns = ["variable", "subject", "published", "made"]
    assert different.loc[unexplained, columns].to_dict("records") == []
    assert table == [(each.variable, each.cells, each.reason) for each in DIFFERENCES]


@needs_pilot
def test_records_are_those_published(built: Built, published: Mapping[str, pd.DataFrame]) -> None:
    made = {name: len(records.data) for name, records in built.datasets.items()}
    assert made == {"DM": 306, "AE": 1191, "DS": 850, "EX": 591, "TV": 15}
    assert {name: len(records) for name, records in published.items()} == {n: made[n] for n in published}


@needs_pilot
@pytest.mark.parametrize("name, lost", [("AE", ["AESPID"]), ("DS", ["DSSPID"]), ("EX", [])])
def test_variables_stand_in_the_published_order(
    study: Study, published: Mapping[str, pd.DataFrame], name: str, lost: list[str]
) -> None:
    made = [variable.name for variable in study.datasets[name].variables]
    assert made == [variable for variable in published[name].columns if variable not in lost]


@needs_pilot
def test_no_row_of_the_export_is_lost(study: Study, data: RawData, built: Built) -> None:
    accounts = {each.table: each for each in account(study, data.tables, (built,))}
    shown = {name: (each.read, each.used, dict(each.records)) for name, each in accounts.items()}
    assert shown == {
        "DM": (306, 306, {"DM": 306}),
        "AE": (1191, 1191, {"AE": 1191}),
        "DS": (850, 850, {"DM": 3, "DS": 850}),
        "EC": (591, 591, {"EX": 591}),
    }
    without_fate = [
        f"{name}.{column.column}"
        for name, each in accounts.items()
        for column in each.columns
        if not column.feeds and not column.not_submitted
    ]
    assert without_fate == []
    assert built.findings == ()


@needs_pilot
def test_findings_are_faults_of_the_published_data(study: Study, tmp_path: Path) -> None:
    """A whole build: every finding is a fault that the published data really have, none is one of ours.

    AE has one row twice; RFENDTC of a subject who died is a day after the death; 36 events meet a criterion
    of seriousness and are not serious; six doses have no end.
    """
    build = build_study(study, PILOT / "raw", tmp_path)
    found = Counter((each.code, each.severity, each.dataset) for each in build.findings)
    assert found == {
        ("RAW_KEY_REPEATED", "error", "AE"): 2,
        ("KEYS_REPEATED", "error", "AE"): 1,
        ("AE_SERIOUS_CRITERION", "error", "AE"): 36,
        ("DM_END_AFTER_DEATH", "error", "DM"): 1,
        ("EX_END_MISSING", "warning", "EX"): 6,
    }
    assert json.loads((build.folder / "manifest.json").read_text(encoding="utf-8"))["synthetic"] is False
    assert "synthetic" not in (build.folder / "sdtm/define.xml").read_text(encoding="utf-8").lower()


def test_the_study_is_text_alone(study: Study) -> None:
    suffixes = Counter(path.suffix for path in study_folder(STUDY).rglob("*") if path.is_file())
    assert set(suffixes) == {".yaml"}
    assert set(study.datasets) == {"AE", "DM", "DS", "EX", "TV"}
    assert study.synthetic is False
    home = study_folder(STUDY).parents[1]
    rooms = ("specs", "engine", "exchange", "raw", "sdtm", "adam", "define_xml", "validation", "trialwright")
    modules = [path for room in rooms for path in (home / room).rglob("*.py")]
    assert len(modules) > 100
    assert [path.name for path in modules if STUDY in path.read_text(encoding="utf-8").lower()] == []


def test_variables_that_only_the_model_has_stand_where_it_has_them(study: Study) -> None:
    made = [variable.name for variable in study.datasets["DS"].variables]
    assert made[made.index("DSCAT") :] == ["DSCAT", "VISITNUM", "VISIT", "DSDTC", "DSSTDTC", "DSSTDY"]


def test_a_codelist_of_the_study_holds_its_terms_alone(study: Study) -> None:
    assert list(study.codelists["SEX"].by_value) == ["F", "M"]
    assert list(study.codelists["UNIT"].by_value) == ["mg"]


def test_terms_are_added_to_a_list_joined_of_extensible_ones(study: Study) -> None:
    disposition = study.codelists["DSDECOD"]
    added = {
        value: (term.code, term.extended) for value, term in disposition.by_value.items() if "FINAL" in value
    }
    assert added == {"FINAL LAB VISIT": ("", False), "FINAL RETRIEVAL VISIT": ("", False)}
    assert disposition.by_collected["Final Lab Visit"] == "FINAL LAB VISIT"
