"""What was built: one line for each dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from validation.report.content import ReportContent
from validation.report.placed import Placed

_MODELS = {"sdtm": "SDTM", "adam": "ADaM"}
_RELATIONSHIPS = ("SUPP", "REL")


@dataclass(frozen=True)
class BuiltDataset:
    """One dataset; `subjects` and `bytes` are None where it has no USUBJID or no transport file."""

    name: str
    label: str
    model: str
    class_name: str
    records: int
    variables: int
    subjects: int | None
    findings: int
    errors: int
    bytes: int | None


def built_datasets(content: ReportContent, placed: Sequence[Placed]) -> tuple[BuiltDataset, ...]:
    """The datasets in the order in which they are given."""
    findings = Counter(each.dataset for each in placed)
    errors = Counter(each.dataset for each in placed if each.finding.severity == "error")
    sizes = {
        PurePosixPath(each.file).stem.upper(): each.bytes
        for each in content.outputs
        if each.file.lower().endswith(".xpt")
    }
    built = []
    for name, table in content.datasets.items():
        spec = content.study.datasets.get(name)
        built.append(
            BuiltDataset(
                name=name,
                label=table.label,
                model=_MODELS[spec.model] if spec else "SDTM" if name.startswith(_RELATIONSHIPS) else "",
                class_name=spec.class_name
                if spec
                else "RELATIONSHIP"
                if name.startswith(_RELATIONSHIPS)
                else "",
                records=len(table.records),
                variables=len(table.columns),
                subjects=int(table.records["USUBJID"].nunique()) if "USUBJID" in table.records else None,
                findings=findings[name],
                errors=errors[name],
                bytes=sizes.get(name.upper()),
            )
        )
    return tuple(built)
