"""What became of the expectations, kept for the build and the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation about a raw table (`raw.AE`) or a dataset (`AE`), and whether it was met."""

    dataset: str
    expectation: str
    """as Great Expectations calls it: expect_column_values_to_not_be_null"""
    column: str
    """"" where it speaks of the whole dataset"""
    meaning: str
    """what is expected, as a phrase"""
    code: str
    """the code of the findings when it is not met"""
    success: bool
    records: int
    """the records that were looked at"""
    unexpected_count: int
    """the records that do not meet it; 0 where it speaks of the file"""


def write_results(results: Sequence[ExpectationResult], path: Path) -> None:
    """Write results as JSON: `met` and `expected` are counts, `results` one object each with the fields of
    ExpectationResult, in the order given; UTF-8, two spaces, a line feed at the end.
    """
    content = {
        "expected": len(results),
        "met": sum(result.success for result in results),
        "results": [asdict(result) for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
