"""Where the values of a variable come from, as def:Origin says it."""

from __future__ import annotations

from collections.abc import Iterator

from define_xml import oids
from define_xml.model import DocumentRef, Origin
from specs import RAW, SUBJECT_FIELD, Dataset, RawTable, Ref, Study, Variable

ANNOTATED_CRF = "acrf"
"""The name of the document that is the annotated CRF."""
_SPONSOR = "Sponsor"
_ON_CRF = frozenset({"Investigator", "Subject"})


def origins(study: Study, dataset: Dataset, variable: Variable) -> tuple[Origin, ...]:
    """The origins of a variable: one, or one for each who collected it, in alphabetical order.

    What an investigator or a subject entered points to its pages of the annotated CRF, where there is one.
    """
    kind = variable.derivation.origin
    if kind == "Predecessor":
        return (Origin(kind, description=predecessor(study, dataset, variable)),)
    if kind == "Not Available":
        return (Origin(kind),)
    if kind != "Collected":
        return (Origin(kind, _SPONSOR),)
    pages: dict[str, set[int]] = {}
    for table, columns in collected_in(study, dataset, variable):
        known = {page for column in columns if (page := table.columns[column].page) is not None}
        pages.setdefault(table.collected_by, set()).update(known)
    on_crf = [each for each in study.documents if each.name == ANNOTATED_CRF and dataset.model == "sdtm"]
    return tuple(
        Origin(
            kind,
            source,
            documents=tuple(DocumentRef(oids.document(each.name), tuple(sorted(found))) for each in on_crf)
            if source in _ON_CRF
            else (),
        )
        for source, found in sorted(pages.items())
    )


def collected_in(
    study: Study, dataset: Dataset, variable: Variable
) -> Iterator[tuple[RawTable, tuple[str, ...]]]:
    """The raw tables, with their columns, that a collected variable is made of.

    A field that no column is behind was made with the record: then it comes from all tables of that record.
    """
    fields = [ref.variable for ref in variable.reads() if ref.dataset == RAW]
    made_with_record: list[tuple[RawTable, tuple[str, ...]]] = []
    found = False
    for word in dataset.records:
        for name in word.tables():
            table = study.raw[name]
            behind = {column for each in fields for column in word.columns_behind(name, each)}
            if SUBJECT_FIELD in fields and table.subject is not None:
                behind.add(table.subject)
            present = tuple(column for column in table.columns if column in behind)
            if present:
                found = True
                yield table, present
            else:
                made_with_record.append((table, ()))
    if not found:
        yield from made_with_record


def predecessor(study: Study, dataset: Dataset, variable: Variable) -> str:
    """The variables that a predecessor is copied from, as DATASET.VARIABLE: of a non-standard one its qualifier."""
    refs = [*variable.derivation.reads(), *sorted(variable.derivation.related())]
    return ", ".join(_as_submitted(study, ref, dataset) for ref in refs if ref.dataset != RAW)


def _as_submitted(study: Study, ref: Ref, dataset: Dataset) -> str:
    holder = study.datasets.get(ref.dataset or dataset.name)
    if holder is not None and ref.variable in {each.name for each in holder.nonstandard}:
        return f"SUPP{holder.name}.QVAL where QNAM EQ {ref.variable}"
    return f"{ref.dataset or dataset.name}.{ref.variable}"
