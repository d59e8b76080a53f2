"""What must agree across the parts of a specification: every reference exists, every raw column has a fate."""

from __future__ import annotations

from collections.abc import Iterator

from specs.condition import Comparison
from specs.dataset import Dataset
from specs.derivation import RecordDerivation
from specs.errors import Problem, nearest
from specs.reference import RAW, SUBJECT_FIELD, TABLE_FIELD, Ref
from specs.study import Study
from specs.variable import Variable

PSEUDO_FIELDS = frozenset({SUBJECT_FIELD, TABLE_FIELD})
"""fields that every raw record has: the subject's number as the study writes it, and the name of its raw table"""


def inconsistencies(study: Study) -> list[Problem]:
    """Every reference to what does not exist, and every raw column or table without a use or a stated reason."""
    return [
        *(problem for dataset in study.datasets.values() for problem in _references(dataset, study)),
        *(problem for dataset in study.datasets.values() for problem in _required(dataset)),
        *_fates(study),
        *_checks(study),
    ]


def raw_columns_used(study: Study) -> dict[tuple[str, str], list[str]]:
    """For each raw table and column the variables that it feeds, as DATASET.VARIABLE; a column that only chooses or
    joins records feeds the dataset itself."""
    used: dict[tuple[str, str], list[str]] = {}
    for dataset in study.datasets.values():
        for word in dataset.records:
            for table in word.tables():
                for variable in dataset.variables:
                    for ref in sorted(variable.reads()):
                        if ref.dataset == RAW:
                            for column in word.columns_behind(table, ref.variable):
                                used.setdefault((table, column), []).append(f"{dataset.name}.{variable.name}")
                for column in word.columns_used(table):
                    used.setdefault((table, column), []).append(dataset.name)
    for each in study.raw.values():
        uses = [("USUBJID", each.subject), ("latest", each.latest), *(("keys", key) for key in each.keys)]
        for use, named in uses:
            if named is not None:
                used.setdefault((each.name, named), []).append(use)
    return {
        place: list(dict.fromkeys(fed))
        for place, fed in used.items()
        if place[1] in _columns(study, place[0])
    }


def _columns(study: Study, table: str) -> frozenset[str]:
    return frozenset(study.raw[table].columns) if table in study.raw else frozenset()


def _references(dataset: Dataset, study: Study) -> Iterator[Problem]:
    for word in dataset.records:
        for table in word.tables():
            if table not in study.raw:
                remedy = nearest(table, study.raw, "declare it in raw.yaml")
                yield Problem(f"unknown raw table '{table}'", f"{dataset.line}, {dataset.name}", remedy)
            yield from _unknown_columns(word, table, dataset, study)
        for name in word.datasets():
            if name not in study.datasets:
                remedy = nearest(name, study.datasets, "add its file")
                yield Problem(f"unknown dataset '{name}'", f"{dataset.line}, {dataset.name}", remedy)
        for ref in sorted(ref for ref in word.related() if ref.dataset in study.datasets):
            problem = _unknown(ref, dataset, study, set())
            if problem is not None:
                yield Problem(problem[0], f"{dataset.line}, {dataset.name}", problem[1])
    fields = {name for word in dataset.records for name in word.fields()}
    if dataset.raw_tables:
        fields |= PSEUDO_FIELDS
    for table in dataset.raw_tables:
        fields |= _columns(study, table)
    for variable in dataset.variables:
        where = f"{variable.line}, {dataset.name}.{variable.name}"
        for ref in sorted({*variable.reads(), *variable.derivation.related()}):
            problem = _unknown(ref, dataset, study, fields)
            if problem is not None:
                yield Problem(problem[0], where, problem[1])
        yield from _of_no_subject(variable, dataset, study, where)
        own = variable.where.comparisons if variable.where else ()
        for other, comparison in [*variable.derivation.comparisons(), *(("", each) for each in own)]:
            yield from _never_equal(other, comparison, dataset, study, where)


def _of_no_subject(variable: Variable, dataset: Dataset, study: Study, where: str) -> Iterator[Problem]:
    """A variable laid beside a record by its subject, where one of the two has no subjects."""
    for ref in sorted(variable.reads()):
        other = study.datasets.get(ref.dataset)
        if other is None or ref.dataset in dataset.carried_datasets:
            continue
        for each in (other, dataset):
            if each.reference_data:
                remedy = "use a word that looks it up by a key, such as lookup"
                yield Problem(f"'{ref}' is read by subject, but {each.name} has none", where, remedy)


def _never_equal(
    other: str, comparison: Comparison, dataset: Dataset, study: Study, where: str
) -> Iterator[Problem]:
    """A number compared with what no number can be."""
    ref = Ref(comparison.variable)
    compared = study.datasets.get(ref.dataset or other, None if ref.dataset or other else dataset)
    variable = compared.by_name.get(ref.variable) if compared is not None else None
    if variable is not None and variable.type == "Num" and comparison.no_number is not None:
        yield Problem(
            f"'{comparison}': {ref} is a number",
            where,
            f"compare it with a number, not '{comparison.no_number}'",
        )


def _unknown_columns(word: RecordDerivation, table: str, dataset: Dataset, study: Study) -> Iterator[Problem]:
    """The columns of a raw table that a word names and the table does not have."""
    if table not in study.raw:
        return
    known = _columns(study, table)
    named = [
        *word.columns_used(table),
        *(c for field in sorted(word.fields()) for c in word.columns_behind(table, field)),
    ]
    for column in dict.fromkeys(named):
        if column not in known | PSEUDO_FIELDS:
            remedy = nearest(column, known, f"name one of its columns: {', '.join(study.raw[table].columns)}")
            yield Problem(
                f"raw table '{table}' has no column '{column}'", f"{dataset.line}, {dataset.name}", remedy
            )


def _unknown(ref: Ref, dataset: Dataset, study: Study, fields: set[str]) -> tuple[str, str] | None:
    if ref.dataset == RAW:
        if ref.variable in fields:
            return None
        return f"unknown field '{ref.variable}'", nearest(
            ref.variable, fields, "name a column of its raw table"
        )
    if not ref.dataset:
        if ref.variable in dataset.by_name:
            return None
        return (
            f"unknown variable '{ref}'",
            nearest(ref, dataset.by_name, f"add it to {dataset.name}, or name its dataset: DATASET.{ref}"),
        )
    other = study.datasets.get(ref.dataset)
    if other is None:
        return f"unknown dataset '{ref.dataset}'", nearest(ref.dataset, study.datasets, "add its file")
    if other.model == "adam" and dataset.model == "sdtm":
        return f"'{ref}' is analysis data", "SDTM is made before ADaM: read the SDTM variable"
    if ref.variable not in other.by_name:
        return f"unknown variable '{ref}'", nearest(ref.variable, other.by_name, f"add it to {ref.dataset}")
    return None


def _required(dataset: Dataset) -> Iterator[Problem]:
    for name in ("STUDYID", "USUBJID"):
        if name not in dataset.by_name and not (name == "USUBJID" and dataset.reference_data):
            yield Problem(f"{dataset.name} has no {name}", f"{dataset.line}, {dataset.name}", f"add {name}")
    if "USUBJID" in dataset.by_name and "USUBJID" not in dataset.keys:
        yield Problem(
            f"the keys of {dataset.name} do not name the subject",
            f"{dataset.line}, {dataset.name}",
            "add USUBJID to `keys:`: records are built and sorted subject by subject",
        )


def _fates(study: Study) -> Iterator[Problem]:
    used = raw_columns_used(study)
    tables = {table for dataset in study.datasets.values() for table in dataset.raw_tables}
    for table in study.raw.values():
        where = table.line or "raw.yaml"
        if table.name not in tables:
            if not table.not_submitted:
                yield Problem(
                    f"raw table '{table.name}' feeds no dataset",
                    f"{where}, {table.name}",
                    "make records of it, or say `not_submitted:` and why",
                )
            continue
        if table.not_submitted:
            yield Problem(
                f"raw table '{table.name}' is said not to be submitted but feeds a dataset",
                f"{where}, {table.name}",
                "take out `not_submitted:`",
            )
        for name, column in table.columns.items():
            if (table.name, name) not in used and not column.not_submitted:
                yield Problem(
                    f"raw column '{name}' feeds no variable",
                    f"{column.line or where}, {table.name}.{name}",
                    "map it, or say `not_submitted:` and why",
                )
            elif column.not_submitted and any("." in fed for fed in used.get((table.name, name), ())):
                yield Problem(
                    f"raw column '{name}' is said not to be submitted but feeds {used[table.name, name][0]}",
                    f"{column.line or where}, {table.name}.{name}",
                    "take out `not_submitted:`",
                )


def _checks(study: Study) -> Iterator[Problem]:
    for check in study.checks:
        dataset = study.datasets.get(check.dataset)
        if dataset is None:
            remedy = nearest(check.dataset, study.datasets, "name a dataset of the study")
            yield Problem(f"unknown dataset '{check.dataset}'", f"{check.line}, {check.code}", remedy)
            continue
        for ref in sorted({Ref(check.variable), *check.reads()}):
            problem = _unknown(ref, dataset, study, set())
            if problem is not None:
                yield Problem(problem[0], f"{check.line}, {check.code}", problem[1])
        for condition in (check.where, check.never):
            for comparison in condition.comparisons if condition else ():
                yield from _never_equal("", comparison, dataset, study, f"{check.line}, {check.code}")
