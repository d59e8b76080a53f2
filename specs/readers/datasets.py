"""sdtm/*.yaml and adam/*.yaml: one file per dataset, completed from the standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from specs.codelist import Codelist
from specs.condition import Condition
from specs.conversion import Conversions
from specs.dataset import Dataset
from specs.derivation import Derivation, RecordDerivation, Word
from specs.errors import Problem, nearest
from specs.readers.located import Located
from specs.readers.validated import ATTRIBUTES, validated, word_of
from specs.standards import Standard, StandardDataset, StandardVariable
from specs.variable import Variable

_NO_LIST = "none"
"""what `codelist:` says where the standard names a list that does not hold for the study's values"""
_ADAM_CLASSES = {
    "adsl": "SUBJECT LEVEL ANALYSIS DATASET",
    "bds": "BASIC DATA STRUCTURE",
    "occds": "OCCURRENCE DATA STRUCTURE",
}


class _Head(BaseModel):
    """What a dataset's file holds beside its words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    label: str = ""
    structure: Literal["adsl", "bds", "occds", ""] = ""
    """ADaM: the structure of the guide"""
    subclass: str = ""
    one_record_per: str = ""
    keys: tuple[str, ...] = Field(min_length=1)
    comment: str = ""
    value_level: dict[str, str] = {}
    records: list[Any]
    variables: dict[str, Any]
    nonstandard: dict[str, Any] = {}


class _Attributes(BaseModel):
    """What a variable's entry may say beside its word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = ""
    type: Literal["Char", "Num", ""] = ""
    codelist: str = ""
    format: str = ""
    where: Condition | None = None
    comment: str = ""
    core: Literal["Req", "Exp", "Perm", "Cond", ""] = ""
    role: str = ""
    evaluator: str = ""
    value_level: str = ""


@dataclass
class DatasetReader:
    """Reads the dataset files of one model."""

    model: Literal["sdtm", "adam"]
    standards: list[Standard]
    vocabulary: Mapping[str, type[Word]]
    codelists: dict[str, Codelist]
    """the study's lists; those that a standard names and the study does not are added from the terminology"""
    conversions: Mapping[str, Conversions]
    missing_list: Callable[[str], Codelist | None]
    problems: list[Problem]
    subject_form: str = ""

    def read(self, located: Located) -> tuple[Dataset, ...]:
        """The dataset of one file, and its SUPP-- where it has non-standard variables; none where the file is unusable."""
        head = validated(_Head, located.data, located, (), self.problems)
        dataset = self._dataset(head, located) if head is not None else None
        if dataset is None:
            return ()
        if self.model == "adam" or not dataset.nonstandard:
            return (dataset,)
        supplement = self._dataset(_Head.model_validate(_supplement(dataset)), located)
        return (dataset, supplement) if supplement is not None else (dataset,)

    def _dataset(self, head: _Head, located: Located) -> Dataset | None:
        guide = self._guide(head, located)
        attributes = self._attributes(head, guide, located)
        words = self._words(head, guide, attributes, located)
        variables = [
            self._variable(name, head, attributes[name], word, guide, located)
            for name, word in words.items()
            if isinstance(word, Derivation)
        ]
        if self.model == "sdtm" and guide is not None:
            place = _places(guide)
            last = (len(guide.variables), 0, 0)
            variables.sort(key=lambda variable: (not variable.standard, place.get(variable.name, last)))
        records = tuple(
            word
            for index, entry in enumerate(head.records)
            if isinstance(word := self._record_word(entry, index, head, located), RecordDerivation)
        )
        for key in head.keys:
            if key not in words:
                where = f"{located.where('keys')}, {head.dataset}"
                self.problems.append(
                    Problem(f"key '{key}' is no variable of it", where, nearest(key, words, "add it"))
                )
        if guide is None:
            return None
        adam_class = _ADAM_CLASSES.get(head.structure, "")
        return Dataset(
            name=head.dataset,
            label=head.label or guide.label,
            model=self.model,
            class_name=adam_class or guide.class_name,
            subclass=head.subclass,
            structure=f"One record per {head.one_record_per}" if head.one_record_per else guide.structure,
            keys=head.keys,
            records=records,
            variables=tuple(variables),
            repeating=head.dataset != "DM"
            and head.structure != "adsl"
            and guide.class_name != "TRIAL DESIGN",
            reference_data=guide.class_name == "TRIAL DESIGN",
            comment=head.comment,
            line=located.where("dataset"),
        )

    def _guide(self, head: _Head, located: Located) -> StandardDataset | None:
        where = located.where("dataset")
        if self.model == "adam" and not head.structure:
            self.problems.append(Problem("no structure", where, "add `structure:` adsl, bds or occds"))
            return None
        name = head.structure.upper() or head.dataset
        for standard in self.standards:
            if name in standard.datasets:
                return standard.datasets[name]
        if not self.standards:
            return None  # that the standard is missing is told at study.yaml
        known = [dataset for standard in self.standards for dataset in standard.datasets]
        names = ", ".join(f"{standard.name} {standard.version}" for standard in self.standards)
        remedy = nearest(name, known, "name a dataset of the standard, or add its file under specs/standards")
        self.problems.append(Problem(f"'{name}' is not in {names}", where, remedy))
        return None

    def _entries(self, head: _Head) -> dict[str, tuple[str, Any]]:
        return {name: ("variables", entry) for name, entry in head.variables.items()} | {
            name: ("nonstandard", entry) for name, entry in head.nonstandard.items()
        }

    def _attributes(
        self, head: _Head, guide: StandardDataset | None, located: Located
    ) -> dict[str, _Attributes]:
        found: dict[str, _Attributes] = {}
        for name in [name for name in head.nonstandard if name in head.variables]:
            where = f"{located.where('nonstandard', name)}, {head.dataset}.{name}"
            self.problems.append(
                Problem(f"'{name}' stands among the variables already", where, "keep one of them")
            )
        for name, (section, entry) in self._entries(head).items():
            place, subject = (section, name), f"{head.dataset}.{name}"
            said = (
                {key: entry[key] for key in entry if key in ATTRIBUTES} if isinstance(entry, Mapping) else {}
            )
            if name in head.value_level:
                said["value_level"] = head.value_level[name]
            attributes = (
                validated(_Attributes, said, located, place, self.problems, subject=subject) or _Attributes()
            )
            known = guide.variable(name) if guide is not None and section == "variables" else None
            found[name] = attributes.model_copy(
                update={
                    "label": attributes.label or (known.label if known else ""),
                    "type": attributes.type
                    or (known.type if known else ("Char" if section == "nonstandard" else "")),
                    "codelist": ""
                    if attributes.codelist == _NO_LIST
                    else attributes.codelist or self._only_list(known),
                    "role": attributes.role or (known.role if known else ""),
                    "core": attributes.core or (known.core if known else ""),
                }
            )
            where = f"{located.where(*place)}, {subject}"
            if known is None and section == "variables" and self.model == "sdtm" and guide is not None:
                remedy = nearest(name, [each.name for each in guide.variables], "put it under `nonstandard:`")
                self.problems.append(
                    Problem(f"'{name}' is no variable of {head.dataset} in the standard", where, remedy)
                )
            elif guide is not None and (not found[name].label or not found[name].type):
                self.problems.append(
                    Problem("no label or type", where, "the standard has none: add `label:` and `type:`")
                )
            if len(found[name].label) > 40:
                self.problems.append(Problem("the label has more than 40 characters", where, "shorten it"))
            if len(name) > 8:
                self.problems.append(Problem("the name has more than 8 characters", where, "shorten it"))
        return found

    def _only_list(self, known: StandardVariable | None) -> str:
        if known is None or len(known.codelists) != 1:
            return ""
        name = known.codelists[0]
        return name if self._codelist(name) is not None else ""

    def _codelist(self, name: str) -> Codelist | None:
        if name not in self.codelists:
            standard = self.missing_list(name)
            if standard is None:
                return None
            self.codelists[name] = standard
        return self.codelists[name]

    def _words(
        self,
        head: _Head,
        guide: StandardDataset | None,
        attributes: Mapping[str, _Attributes],
        located: Located,
    ) -> dict[str, Word | None]:
        context = {"codelists": self.codelists, "conversions": self.conversions, "dataset": head.dataset}
        words: dict[str, Word | None] = {}
        for name, (section, entry) in self._entries(head).items():
            given: dict[str, Any] = {}
            word_name = (
                next((key for key in entry if key not in ATTRIBUTES), "")
                if isinstance(entry, Mapping)
                else ""
            )
            word_class = self.vocabulary.get(word_name)
            if isinstance(entry, Mapping) and word_class is not None:
                own = attributes[name].codelist
                read = self._argument(word_class, entry[word_name], "of")
                other = attributes[read].codelist if read in attributes else ""
                wanted = (
                    other
                    if "of" in word_class.model_fields and "codelist" in word_class.model_fields
                    else own
                )
                if wanted or guide is None:  # without a guide it may be one that the standard names
                    given["codelist"] = wanted or Codelist(name="")
                given |= {"keys": list(head.keys), "form": self.subject_form}
            words[name] = self._of_kind(
                Derivation,
                word_of(
                    entry,
                    self.vocabulary,
                    located,
                    (section, name),
                    self.problems,
                    subject=f"{head.dataset}.{name}",
                    context=context,
                    given=given,
                ),
                f"{located.where(section, name)}, {head.dataset}.{name}",
            )
        return words

    def _of_kind(
        self, kind: type[Derivation] | type[RecordDerivation], word: Word | None, where: str
    ) -> Word | None:
        """The word, or None with the problem added where it is of the other kind."""
        if word is None or isinstance(word, kind):
            return word
        if kind is Derivation:
            self.problems.append(Problem(f"'{word.word}' makes records", where, "put it under `records:`"))
        else:
            self.problems.append(
                Problem(f"'{word.word}' makes no records", where, "put it under `variables:`")
            )
        return None

    @staticmethod
    def _argument(word: type[Word], arguments: Any, name: str) -> str:
        if isinstance(arguments, Mapping):
            return str(arguments.get(name, ""))
        return str(arguments) if word.shorthand == name else ""

    def _record_word(self, entry: Any, index: int, head: _Head, located: Located) -> Word | None:
        word = word_of(
            entry,
            self.vocabulary,
            located,
            ("records", index),
            self.problems,
            subject=head.dataset,
            context={"codelists": self.codelists, "conversions": self.conversions, "dataset": head.dataset},
        )
        return self._of_kind(RecordDerivation, word, f"{located.where('records', index)}, {head.dataset}")

    def _variable(
        self,
        name: str,
        head: _Head,
        attributes: _Attributes,
        word: Derivation,
        guide: StandardDataset | None,
        located: Located,
    ) -> Variable:
        section = "nonstandard" if name in head.nonstandard else "variables"
        where = f"{located.where(section, name)}, {head.dataset}.{name}"
        codelist = None
        if attributes.codelist:
            codelist = self._codelist(attributes.codelist)
            if codelist is None:
                remedy = nearest(attributes.codelist, self.codelists, "declare it in codelists.yaml")
                self.problems.append(Problem(f"unknown codelist '{attributes.codelist}'", where, remedy))
        return Variable(
            name=name,
            label=attributes.label,
            type=attributes.type or "Char",
            derivation=word,
            where=attributes.where,
            codelist=codelist,
            role=attributes.role,
            core=attributes.core,
            format=attributes.format,
            comment=attributes.comment or word.remark(),
            standard=section == "variables",
            evaluator=attributes.evaluator,
            value_level=attributes.value_level,
            line=located.where(section, name),
        )


def _places(guide: StandardDataset) -> dict[str, tuple[int, int, int]]:
    """Where each variable of a domain stands: those that the guide lists in its order, others of the model in front of
    the listed one that follows them there."""
    listed = {variable.name: index for index, variable in enumerate(guide.variables)}
    others = {
        variable.name: (listed.get(variable.before, len(listed)), 0, index)
        for index, variable in enumerate(guide.further)
    }
    return others | {name: (index, 1, 0) for name, index in listed.items()}


def _supplement(dataset: Dataset) -> dict[str, Any]:
    """The SUPP-- of a dataset, in the form of a specification: it follows from the non-standard variables."""
    described = {
        "USUBJID": "that of the parent record",
        "IDVAR": "the variable that identifies the parent record",
        "IDVARVAL": "its value",
        "QNAM": "the name of the non-standard variable",
        "QLABEL": "its label",
        "QVAL": "its value",
        "QORIG": "its origin",
        "QEVAL": "who evaluated it",
    }
    fields = {
        name: {"derived_field": {"field": name, "description": f"{text[0].upper()}{text[1:]}."}}
        for name, text in described.items()
    }
    study_id = dataset.by_name["STUDYID"].derivation.model_dump() if "STUDYID" in dataset.by_name else {}
    return {
        "dataset": f"SUPP{dataset.name}",
        "label": f"Supplemental Qualifiers for {dataset.name}",
        "keys": ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"],
        "value_level": {"QVAL": "QNAM"},
        "records": [
            {
                "supplemental_records": {
                    "dataset": dataset.name,
                    "qualifiers": {
                        variable.name: {
                            "label": variable.label,
                            "origin": variable.derivation.origin,
                            "evaluator": variable.evaluator,
                        }
                        for variable in dataset.nonstandard
                    },
                }
            }
        ],
        "variables": {
            "STUDYID": {"assigned": study_id.get("value", "")},
            "RDOMAIN": {"assigned": dataset.name},
            **fields,
        },
    }
