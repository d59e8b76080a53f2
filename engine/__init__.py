"""How records are computed: order of evaluation, words on distinct inputs, sources beside the records, accounting.

May import specs.
"""

from engine.accounting import ColumnFate, LeftOut, TableAccount, account
from engine.build import TOPIC_MISSING, Built, build_datasets, key_text, origin_of
from engine.evaluate import NUMBER, TEXT, distinct, evaluate
from engine.finding import SEVERITIES, Finding, Severity
from engine.plan import RECORDS, Step, plan

__all__ = [
    "NUMBER",
    "RECORDS",
    "SEVERITIES",
    "TEXT",
    "TOPIC_MISSING",
    "Built",
    "ColumnFate",
    "Finding",
    "LeftOut",
    "Severity",
    "Step",
    "TableAccount",
    "account",
    "build_datasets",
    "distinct",
    "evaluate",
    "key_text",
    "origin_of",
    "plan",
]
