"""Raw laboratory rows to SDTM LB to XPT: ours against the same derivations in plain pandas, row by row, and pyreadstat.

    python bench/laboratory.py [subjects]

Both start from the same raw rows in memory and from DM, SV and SE as they are; both end with the file on disk. The two files
are compared value by value before any figure is told. Ends with exit code 1 where they differ or the ratio is below 8.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

import raw
import sdtm
from engine import build_datasets
from exchange import Column, Table, xpt
from raw.simulation import simulate
from specs import Records, Study
from trialwright.shipped import study_folder
from trialwright.studies import load_study

PROMISED = 8.0
# fmt: off
COMPARED = [
    "USUBJID", "LBSEQ", "LBTESTCD", "LBTEST", "LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESN", "LBSTRESU",
    "LBSTNRLO", "LBSTNRHI", "LBNRIND", "LBLOBXFL", "VISITNUM", "VISIT", "VISITDY", "EPOCH", "LBDTC",
    "LBDY",
]
# fmt: on


def ours(study: Study, tables: dict[str, Records], beside: dict[str, Records], path: Path) -> None:
    """LB by the specification, written by our codec."""
    dataset = study.datasets["LB"]
    built = build_datasets([dataset], {**tables, **beside}).datasets["LB"]
    names = [variable.name for variable in dataset.submitted]
    columns = tuple(Column(v.name, v.label, v.type, 8 if v.type == "Num" else 0) for v in dataset.submitted)
    xpt.write(Table("LB", dataset.label, columns, built.data[names]), path, created=datetime(2024, 1, 1))


def plain(study: Study, tables: dict[str, Records], beside: dict[str, Records], path: Path) -> None:
    """LB as a good pandas user writes it: a function per row, groupby for the rest, pyreadstat at the end."""
    tests, units, visits = (study.codelists[name].by_collected for name in ("LBTESTCD", "UNIT", "VISIT"))
    names, conversions = study.codelists["LBTESTCD"].decodes, study.conversions["laboratory"].tests
    subjects = beside["DM"].data.set_index("USUBJID")
    planned = beside["TV"].data.set_index("VISIT")
    held = beside["SV"].data
    extra = {
        (row["USUBJID"], row["SVSTDTC"][:10]): row["VISITNUM"]
        for _, row in held[held["VISITDY"].isna() & held["SVSTDTC"].notna()].iterrows()
    }
    elements = {subject: group.to_dict("records") for subject, group in beside["SE"].data.groupby("USUBJID")}
    reference = subjects["RFSTDTC"].to_dict()

    def number(text: object) -> float:
        try:
            return float(str(text).replace(",", "."))
        except ValueError:
            return np.nan

    def epoch(subject: str, when: str) -> str | None:
        found = None
        for element in elements.get(subject, []):
            start, end = element["SESTDTC"], element["SEENDTC"]
            begun = when >= start if "T" in when and "T" in start else when[:10] >= start[:10]
            if begun and not (pd.notna(end) and when[:10] > end[:10]):
                found = element["EPOCH"]
        return found

    def record(row: pd.Series) -> pd.Series:
        subject = f"NCT01988506-{row['raw.@SUBJECT']}"
        unit, result = row["raw.UNIT"], row["raw.RESULT"]
        test = tests.get(f"{row['raw.TEST']} [{unit}]", tests.get(row["raw.TEST"]))
        day, month, year = row["raw.SAMPDAT"].split("/")
        try:
            when = (
                pd.Timestamp(int(year), int(month), int(day)).strftime("%Y-%m-%d") + f"T{row['raw.SAMPTIM']}"
            )
        except ValueError:
            when = None
        done = result not in ("NR", "hemolyse")
        conversion = conversions.get(test) if test else None
        factor = conversion.factor(unit) if conversion is not None and pd.notna(unit) else None
        text, value = None, np.nan
        if done and factor is not None:
            sign = result[0] if result[0] in "<>" else ""
            value = number(result.lstrip("<>"))
            if not np.isnan(value):
                text = result.replace(",", ".")
                if factor != 1:
                    text = f"{sign}{sdtm_text(result.lstrip('<>'), factor, conversion.decimals)}"
                value = np.nan if sign else float(text)
        low, high = (
            converted(row[name], factor, conversion) if factor is not None else np.nan
            for name in ("raw.REFLOW", "raw.REFHIGH")
        )
        indicator = None
        if not np.isnan(value) and not (np.isnan(low) and np.isnan(high)):
            indicator = "LOW" if value < low else "HIGH" if value > high else "NORMAL"
        label = visits.get(row["raw.VISIT"])
        visit = planned["VISITNUM"].get(label, np.nan)
        if label == "UNSCHEDULED" and when:
            visit = extra.get((subject, when[:10]), np.nan)
        start = reference.get(subject)
        ready = when is not None and pd.notna(start)
        days = (pd.Timestamp(when[:10]) - pd.Timestamp(start[:10])).days if ready else np.nan
        return pd.Series(
            {
                "USUBJID": subject,
                "LBTESTCD": test,
                "LBTEST": names.get(test),
                "LBORRES": result if done else None,
                "LBORRESU": units.get(unit) if done else None,
                "LBSTRESC": text,
                "LBSTRESN": value,
                "LBSTRESU": conversion.unit if text is not None else None,
                "LBSTNRLO": low,
                "LBSTNRHI": high,
                "LBNRIND": indicator,
                "VISITNUM": visit,
                "VISIT": label if label != "UNSCHEDULED" else f"UNSCHEDULED {visit:g}",
                "VISITDY": planned["VISITDY"].get(label, np.nan),
                "EPOCH": epoch(subject, when) if when else None,
                "LBDTC": when,
                "LBDY": days + (days >= 0),
                "LBREFID": row["raw.SAMPID"],
            }
        )

    frame = tables["raw.LAB_LOCAL"].data.apply(record, axis=1)
    first = frame["USUBJID"].map(subjects["RFXSTDTC"])
    before = frame["LBSTRESC"].notna() & (frame["LBDTC"] < first)
    last = (
        frame[before]
        .sort_values("LBDTC", kind="stable")
        .drop_duplicates(["USUBJID", "LBTESTCD"], keep="last")
    )
    frame["LBLOBXFL"] = np.where(frame.index.isin(last.index), "Y", None)
    keys = ["USUBJID", "LBTESTCD", "VISITNUM", "LBDTC", "LBREFID"]
    frame = frame.sort_values(keys, kind="stable", na_position="first").reset_index(drop=True)
    frame["LBSEQ"] = frame.groupby("USUBJID").cumcount() + 1
    texts = frame.select_dtypes(exclude="number").columns
    frame[texts] = frame[texts].astype("object").where(frame[texts].notna(), "")
    pyreadstat.write_xport(frame[COMPARED], path, table_name="LB")


def sdtm_text(number: str, factor: float, decimals: int | None) -> str:
    """A converted number, rounded half up: the arithmetic is not what is compared."""
    from sdtm.standardisation import converted as exactly

    return f"{exactly(number.replace(',', '.'), factor, decimals):f}"


def converted(text: object, factor: float, conversion: object) -> float:
    """A limit of the reference range in the standard unit."""
    if pd.isna(text):
        return np.nan
    decimals = getattr(conversion, "decimals", None)
    return (
        float(sdtm_text(str(text), factor, decimals)) if factor != 1 else float(str(text).replace(",", "."))
    )


def differing(one: Path, other: Path) -> list[str]:
    """The variables of which the two files do not hold the same values."""
    left, right = (pyreadstat.read_xport(path)[0][COMPARED] for path in (one, other))
    return [name for name in COMPARED if not left[name].equals(right[name])]


def main(arguments: list[str]) -> int:
    subjects = int(arguments[0]) if arguments else 100
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parameters = study_folder("nct01988506") / "simulation.yaml"
        simulate(parameters, folder / "export", subjects=subjects, defects=False)
        study = load_study("nct01988506")
        tables = dict(raw.read_export(study, folder / "export").tables)
        central = tables["raw.LAB_CENTRAL"]
        tables["raw.LAB_CENTRAL"] = Records(
            central.data.iloc[:0], central.sources.iloc[:0], file=central.file, lines=central.lines
        )
        beside = {
            name: records
            for name, records in sdtm.build(study, tables).datasets.items()
            if not name.endswith("LB")
        }
        rows = len(tables["raw.LAB_LOCAL"].data)
        times = {}
        for name, way in (("ours", ours), ("plain", plain)):
            begun = time.perf_counter()
            way(study, tables, beside, folder / f"{name}.xpt")
            times[name] = time.perf_counter() - begun
        different = differing(folder / "ours.xpt", folder / "plain.xpt")
    ratio = times["plain"] / times["ours"]
    print(
        f"{rows:,} raw rows to LB to XPT: ours {times['ours']:.2f} s, plain pandas and pyreadstat {times['plain']:.1f} s"
    )
    print(
        f"ratio {ratio:.1f} (promised: at least {PROMISED:.0f}); values that differ: {', '.join(different) or 'none'}"
    )
    return 1 if different or ratio < PROMISED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
