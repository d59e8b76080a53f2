"""The findings as data in the page: in columns, each text once, safe wherever HTML stands around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from engine import SEVERITIES
from validation.report.placed import Placed

MOST_FINDINGS = 50_000
"""How many findings the page lists, the gravest first; its counts are of all."""

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def embedded(placed: Sequence[Placed], most: int = MOST_FINDINGS) -> Markup:
    """The findings as JSON that no `</script>` in a value can leave."""
    listed = _gravest(placed, most)
    findings = [each.finding for each in listed]
    content = {
        "findings": len(listed),
        "coded": {
            "code": _coded(each.code for each in findings),
            "severity": _coded((each.severity for each in findings), SEVERITIES),
            "dataset": _coded(each.dataset for each in listed),
            "variable": _coded(each.variable for each in findings),
            "message": _coded(each.message for each in findings),
            "to_do": _coded(each.to_do for each in findings),
            "subject": _coded(each.subject for each in listed),
            "site": _coded(each.site for each in listed),
            "key_names": _coded(tuple(name for name, _ in each.keys) for each in findings),
        },
        "plain": {
            "key_values": [[text for _, text in each.keys] for each in findings],
            "value": [each.value for each in findings],
            "origin": [each.origin for each in findings],
            "count": [each.count for each in findings],
        },
    }
    return safe_json(content)


def safe_json(content: Any) -> Markup:
    """JSON for a script element of the page."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escaped in _UNSAFE.items():
        written = written.replace(sign, escaped)
    return Markup(written)  # noqa: S704  every sign that ends a script or begins a tag is escaped above


def _gravest(placed: Sequence[Placed], most: int) -> Sequence[Placed]:
    if len(placed) <= most:
        return placed
    order = sorted(range(len(placed)), key=lambda at: SEVERITIES.index(placed[at].finding.severity))
    return [placed[at] for at in sorted(order[:most])]


def _coded(values: Iterable[Any], known: Sequence[Any] = ()) -> dict[str, list[Any]]:
    """The distinct values, and for each record the position of its value among them."""
    terms: dict[Any, int] = {each: at for at, each in enumerate(known)}
    index = [terms.setdefault(value, len(terms)) for value in values]
    return {"terms": list(terms), "index": index}
