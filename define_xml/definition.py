"""define.xml of the SDTM or the ADaM datasets, made of the specification and of facts about the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from define_xml import oids
from define_xml.codelists import codelists
from define_xml.facts import DatasetFacts, file_of, parent_of
from define_xml.items import Parts, parts_of
from define_xml.model import Comment, Define, DocumentRef, ItemGroup, Leaf, Standard
from define_xml.origins import ANNOTATED_CRF
from specs import Dataset, StandardUse, Study

Model = Literal["sdtm", "adam"]

NO_RECORDS = "The dataset has no records."
SYNTHETIC = "The data of this study are synthetic: they are made up and describe no person."

_MODELS = {"sdtm": "SDTM", "adam": "ADaM"}
_PURPOSES = {"sdtm": "Tabulation", "adam": "Analysis"}
_SDTM_CLASSES = (
    "TRIAL DESIGN",
    "STUDY REFERENCE",
    "SPECIAL PURPOSE",
    "INTERVENTIONS",
    "EVENTS",
    "FINDINGS",
    "FINDINGS ABOUT",
    "RELATIONSHIP",
)
"""In the order in which a submission shows them."""
_SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
_OCCURRENCES = "OCCURRENCE DATA STRUCTURE"
_OCCURRENCE_GUIDE = "ADaM-OCCDSIG"


def in_order(study: Study, model: Model) -> tuple[Dataset, ...]:
    """The datasets as define.xml lists them: SDTM by class and name; ADaM with ADSL first."""
    if model == "adam":
        return tuple(sorted(study.adam, key=lambda dataset: dataset.class_name != _SUBJECT_LEVEL))
    place = {name: index for index, name in enumerate(_SDTM_CLASSES)}
    return tuple(sorted(study.sdtm, key=lambda each: (place.get(each.class_name, len(place)), each.name)))


def definition(
    study: Study, model: Model, datasets: Sequence[Dataset], facts: Mapping[str, DatasetFacts], created: str
) -> Define:
    """The whole of define.xml for `datasets`, of the moment `created` (ISO 8601), with facts by dataset."""
    uses = tuple(dict.fromkeys(study.standards[model]))
    lists = codelists(study, datasets, facts, uses)
    parts = {each.name: parts_of(study, each, facts[each.name], lists) for each in datasets}
    items = tuple(item for each in parts.values() for item in each.items)
    referred = {item.codelist for item in items}
    guide = _guide(uses)
    what = f"{_MODELS[model]} datasets of study {study.name}"
    comment = oids.comment(oids.metadata_version(study, model)) if study.synthetic else ""
    return Define(
        file_oid=f"{oids.study(study)}.{model.upper()}.{created}",
        created=created,
        study_oid=oids.study(study),
        study_name=study.name,
        study_description=study.description,
        protocol_name=study.protocol,
        oid=oids.metadata_version(study, model),
        name=f"Study {study.name}, {guide.name} {guide.version}",
        description=f"Data definitions of the {what}",
        comment=comment,
        standards=tuple(_standard(use) for use in uses),
        annotated_crf=_documents(study, annotated_crf=True) if model == "sdtm" else (),
        supplemental=_documents(study, annotated_crf=False),
        value_lists=tuple(each for part in parts.values() for each in part.value_lists),
        where_clauses=tuple(each for part in parts.values() for each in part.where_clauses.values()),
        groups=tuple(_group(each, study, facts[each.name], parts[each.name], uses) for each in datasets),
        items=items,
        codelists=tuple(each for oid, each in lists.items() if oid in referred),
        methods=tuple(each for part in parts.values() for each in part.methods),
        comments=(
            *((Comment(comment, SYNTHETIC),) if comment else ()),
            *(
                each
                for name, part in parts.items()
                for each in _comments(study.datasets[name], facts[name], part)
            ),
        ),
        leaves=tuple(
            Leaf(oids.document(each.name), each.file, each.title)
            for each in study.documents
            if model == "sdtm" or each.name != ANNOTATED_CRF
        ),
    )


def _guide(uses: Iterable[StandardUse]) -> StandardUse:
    return next(use for use in uses if use.type == "IG")


def _standard(use: StandardUse) -> Standard:
    return Standard(oids.standard(use), use.name, use.type, use.version, use.publishing_set)


def _documents(study: Study, *, annotated_crf: bool) -> tuple[DocumentRef, ...]:
    return tuple(
        DocumentRef(oids.document(each.name))
        for each in study.documents
        if (each.name == ANNOTATED_CRF) == annotated_crf
    )


def _group(
    dataset: Dataset, study: Study, facts: DatasetFacts, parts: Parts, uses: Iterable[StandardUse]
) -> ItemGroup:
    parent = parent_of(study, dataset)
    return ItemGroup(
        oid=oids.dataset(dataset.name),
        name=dataset.name,
        label=dataset.label,
        purpose=_PURPOSES[dataset.model],
        structure=dataset.structure,
        class_name=dataset.class_name,
        subclass=dataset.subclass,
        standard=oids.standard(_guide_of(dataset, uses)),
        repeating=dataset.repeating,
        reference_data=dataset.reference_data,
        items=tuple(parts.refs),
        domain=(parent or dataset).name if dataset.model == "sdtm" else "",
        parent_label=parent.label if parent else "",
        comment=oids.comment(dataset.name) if _dataset_comment(dataset, facts) else "",
        leaf=Leaf(oids.leaf(dataset.name), file_of(dataset.name), file_of(dataset.name))
        if facts.records
        else None,
    )


def _guide_of(dataset: Dataset, uses: Iterable[StandardUse]) -> StandardUse:
    """The guide that a dataset follows: for occurrence data their own, where the study names it."""
    guides = [use for use in uses if use.type == "IG"]
    own = [use for use in guides if use.name == _OCCURRENCE_GUIDE and dataset.class_name == _OCCURRENCES]
    return (own or guides)[0]


def _dataset_comment(dataset: Dataset, facts: DatasetFacts) -> str:
    return " ".join(filter(None, (dataset.comment, "" if facts.records else NO_RECORDS)))


def _comments(dataset: Dataset, facts: DatasetFacts, parts: Parts) -> tuple[Comment, ...]:
    text = _dataset_comment(dataset, facts)
    own = (Comment(oids.comment(dataset.name), text),) if text else ()
    return (*own, *parts.comments)
