"""What a specification must say before define.xml can be written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from define_xml.definition import Model
from define_xml.facts import SUPP, DatasetFacts, described, level_variable
from define_xml.origins import collected_in, predecessor
from define_xml.published import enumeration
from specs import Codelist, Dataset, Problem, StandardUse, Study, Variable, nearest

_STUDY = "study.yaml"
_AGAIN = "build the study again: the file was made from another specification"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,7}")
_ISO = re.compile(r"ISO ?[0-9]")


def unmet(study: Study, model: Model, datasets: Sequence[Dataset]) -> tuple[Problem, ...]:
    """Everything that define.xml of `datasets` needs and the specification does not say."""
    uses = study.standards.get(model, ())
    return (
        *_of_study(study, model, datasets),
        *_of_standards(model, uses),
        *_of_documents(study),
        *(problem for dataset in datasets for problem in _of_dataset(study, dataset)),
        *_of_codelists(study, datasets, uses, model),
    )


def unknown_qualifiers(study: Study, facts: Mapping[str, DatasetFacts]) -> tuple[Problem, ...]:
    """The qualifiers in the files that are no non-standard variables of their domain."""
    return tuple(
        Problem(
            f"the file has the qualifier '{name}', which is no variable of {parent}",
            f"{dataset}.QNAM",
            _AGAIN,
        )
        for dataset, parent in (
            (dataset, dataset.removeprefix(SUPP)) for dataset in facts if dataset.startswith(SUPP)
        )
        if parent in study.datasets and "QVAL" in facts[dataset].variables
        for name in facts[dataset].variables["QVAL"].levels
        if name not in study.datasets[parent].by_name
    )


def _of_study(study: Study, model: Model, datasets: Sequence[Dataset]) -> Iterator[Problem]:
    for what, text in (
        ("name", study.name),
        ("description", study.description),
        ("protocol", study.protocol),
    ):
        if not text.strip():
            yield Problem(f"the study has no {what}", _STUDY, f"add `{what}:`, which define.xml states")
    if not datasets:
        yield Problem(
            f"the study has no {model} dataset", _STUDY, f"add the files of the datasets under {model}/"
        )


def _of_standards(model: Model, uses: Iterable[StandardUse]) -> Iterator[Problem]:
    where = f"{_STUDY}, standards, {model}"
    kinds = {use.type for use in uses}
    for kind, what in (("IG", "implementation guide"), ("CT", "terminology package")):
        if kind not in kinds:
            yield Problem(f"the study names no {what} for {model}", where, f"add the {what} that it follows")
    for use in uses:
        for name, value, known in (
            ("name", use.name, enumeration("StandardName")),
            ("type", use.type, enumeration("StandardType")),
            ("publishing set", use.publishing_set, ("", *enumeration("StandardPublishingSet"))),
        ):
            if value not in known:
                remedy = nearest(value, known, f"write one of {', '.join(filter(None, known))}")
                yield Problem(f"'{value}' is no {name} of a standard in Define-XML", where, remedy)
        if use.type == "CT" and not use.publishing_set:
            yield Problem(
                f"terminology {use.version} has no publishing set",
                where,
                "add `publishing_set: SDTM` or ADaM",
            )
        if not use.version.strip():
            yield Problem(f"the standard {use.name} has no version", where, "add its version")


def _of_documents(study: Study) -> Iterator[Problem]:
    names = [document.name for document in study.documents]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(f"two documents are named '{name}'", f"{_STUDY}, documents", "rename one of them")


def _of_dataset(study: Study, dataset: Dataset) -> Iterator[Problem]:
    where = f"{dataset.line}, {dataset.name}"
    if not dataset.structure.strip():
        yield Problem("the dataset has no structure", where, "add `one_record_per:`")
    if not any(key in dataset.by_name and dataset.by_name[key].standard for key in dataset.keys):
        yield Problem("no variable of the dataset itself is a key", where, "add `keys:`")
    if dataset.subclass and dataset.subclass not in enumeration("ItemGroupSubClass"):
        known = enumeration("ItemGroupSubClass")
        remedy = nearest(dataset.subclass, known, f"write one of {', '.join(known)}")
        yield Problem(f"'{dataset.subclass}' is no subclass in Define-XML", where, remedy)
    for variable in dataset.variables:
        yield from _of_variable(study, dataset, variable)


def _of_variable(study: Study, dataset: Dataset, variable: Variable) -> Iterator[Problem]:
    where = f"{variable.line}, {dataset.name}.{variable.name}"
    if not _NAME.fullmatch(variable.name):
        remedy = "use up to 8 letters, digits and underscores, the first no digit"
        yield Problem(f"'{variable.name}' is no name of a variable", where, remedy)
    level = level_variable(dataset, variable)
    if level and level not in dataset.by_name:
        remedy = nearest(level, dataset.by_name, "name a variable of the dataset")
        yield Problem(f"value level by '{level}', which is no variable of {dataset.name}", where, remedy)
    elif level and dataset.by_name[level].type == "Num":
        yield Problem(
            f"value level by {level}, a number", where, "name a character variable, such as the test code"
        )
    origin = variable.derivation.origin
    if origin == "Collected" and not any(collected_in(study, dataset, variable)):
        yield Problem(
            "the variable is collected, but no raw table is behind its records",
            where,
            "use a word that does not collect, such as predecessor or assigned",
        )
    if origin == "Predecessor" and not predecessor(study, dataset, variable):
        yield Problem("the predecessor is no variable of a dataset", where, "name it as DATASET.VARIABLE")


def _of_codelists(
    study: Study, datasets: Iterable[Dataset], uses: Iterable[StandardUse], model: Model
) -> Iterator[Problem]:
    packages = {(use.publishing_set, use.version) for use in uses if use.type == "CT"}
    lists: dict[str, Codelist] = {
        variable.codelist.name: variable.codelist
        for dataset in datasets
        for variable in described(study, dataset)
        if variable.codelist is not None
    }
    for name, codelist in sorted(lists.items()):
        where = f"codelists.yaml, {name}"
        if codelist.code and (codelist.package, codelist.version) not in packages:
            yield Problem(
                f"a list of {codelist.package} terminology {codelist.version}, which {model} does not follow",
                where,
                f"add that package under `standards:`, {model}",
            )
        if codelist.dictionary and not codelist.dictionary_version and not _ISO.match(codelist.dictionary):
            yield Problem(f"the dictionary {codelist.dictionary} has no version", where, "add `version:`")
