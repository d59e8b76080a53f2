"""The YAML form of a specification: a folder of text becomes a Study, or all its problems are told together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from specs.check import Check

from specs.conversion import Conversions
from specs.dataset import Dataset
from specs.derivation import Word
from specs.errors import Problem, UserError
from specs.raw_table import RawTable, SubjectNumber
from specs.readers.codelists import read_codelists, standard_codelist
from specs.readers.datasets import DatasetReader
from specs.readers.located import Located, read_located
from specs.readers.validated import validated
from specs.standards import Standard, Terminology, load_standard, load_terminology
from specs.study import Document, StandardUse, Study

Model = Literal["sdtm", "adam"]
MODELS: tuple[Model, ...] = ("sdtm", "adam")
CLASSES = (
    "TRIAL DESIGN",
    "SPECIAL PURPOSE",
    "INTERVENTIONS",
    "EVENTS",
    "FINDINGS",
    "FINDINGS ABOUT",
    "RELATIONSHIP",
    "STUDY REFERENCE",
)
"""the classes of SDTM in the order of submission"""


def read_study(
    folder: Path,
    vocabularies: Mapping[Model, tuple[type[Word], ...]],
    *,
    terminology: Terminology | None = None,
) -> Study:
    """The study whose specification is the text in `folder`.

    `vocabularies` are the words that SDTM and ADaM specifications may use. `terminology` replaces the shipped lists.
    Raises UserError with every problem found, each with file and line.
    """
    if not (folder / "study.yaml").is_file():
        raise UserError.of(
            f"no study at '{folder}'", str(folder), "name a folder that holds study.yaml, or the id of a shipped study"
        )
    return _Reader(folder, vocabularies, terminology or load_terminology()).study()


class _Reader:
    def __init__(
        self, folder: Path, vocabularies: Mapping[Model, tuple[type[Word], ...]], terminology: Terminology
    ) -> None:
        self.folder = folder
        self.vocabularies = vocabularies
        self.terminology = terminology
        self.problems: list[Problem] = []
        self.files: list[Path] = []

    def study(self) -> Study:
        head = self._file("study.yaml")
        data = dict(head.data) if isinstance(head.data, Mapping) else {}
        standards = {model: self._standards(head, data, model) for model in MODELS}
        subject, raw = self._raw()
        codelists_file = self._file("codelists.yaml", needed=False)
        codelists = read_codelists(codelists_file, self.terminology, self.problems) if codelists_file else {}
        conversions = self._conversions()
        datasets: dict[str, Dataset] = {}
        for model in MODELS:
            reader = DatasetReader(
                model=model,
                standards=standards[model],
                vocabulary={word.word: word for word in self.vocabularies[model]},
                codelists=codelists,
                conversions=conversions,
                missing_list=lambda name: standard_codelist(name, self.terminology),
                problems=self.problems,
                subject_form=subject.form if subject else "",
            )
            found: list[Dataset] = []
            for located in self._folder(model):
                found += reader.read(located)
            datasets |= {dataset.name: dataset for dataset in sorted(found, key=_place_in_submission)}
        checks = self._checks()
        self._stop()
        kept = {name: data.get(name) for name in ("id", "name", "description", "protocol", "synthetic") if name in data}
        study = validated(
            Study,
            {
                **kept,
                "subject_prefix": data.get("subject_prefix", f"{data.get('id')}-"),
                "folder": self.folder,
                "files": tuple(self.files),
                "subject": subject,
                "standards": {model: self._uses(standards[model], model) for model in MODELS},
                "raw": raw,
                "codelists": codelists,
                "conversions": conversions,
                "datasets": datasets,
                "checks": checks,
                "documents": self._documents(head, data),
            },
            head,
            (),
            self.problems,
        )
        self._stop()
        assert study is not None
        return study

    def _stop(self) -> None:
        if self.problems:
            raise UserError(self.problems)

    def _file(self, name: str, *, needed: bool = True) -> Any:
        path = self.folder / name
        if not needed and not path.is_file():
            return None
        self.files.append(path)
        try:
            return read_located(path, name)
        except UserError as error:
            self.problems += error.problems
            return Located(path, name, {}, {})

    def _folder(self, name: str) -> list[Located]:
        paths = sorted((self.folder / name).glob("*.yaml"))
        return [self._file(f"{name}/{path.name}") for path in paths]

    def _standards(self, head: Located, data: Mapping[str, Any], model: Model) -> list[Standard]:
        named = data.get("standards", {})
        names = named.get(model, []) if isinstance(named, Mapping) else []
        found: list[Standard] = []
        for name in [names] if isinstance(names, str) else names:
            try:
                found.append(load_standard(str(name)))
            except UserError as error:
                where = head.where("standards", model)
                self.problems += [Problem(problem.what, where, problem.to_do) for problem in error.problems]
        return found

    def _uses(self, standards: list[Standard], model: Model) -> tuple[StandardUse, ...]:
        guides = [StandardUse(name=each.name, version=each.version) for each in standards]
        sets = ("SDTM",) if model == "sdtm" else ("ADaM", "SDTM")
        lists = [
            StandardUse(name="CDISC/NCI", version=self.terminology.packages[each], type="CT", publishing_set=each)
            for each in sets
            if guides and each in self.terminology.packages
        ]
        return (*guides, *lists)

    def _raw(self) -> tuple[SubjectNumber | None, dict[str, RawTable]]:
        located = self._file("raw.yaml")
        data = located.data if isinstance(located.data, Mapping) else {}
        subject = validated(SubjectNumber, {"form": data.get("subject", "")}, located, ("subject",), self.problems)
        tables: dict[str, RawTable] = {}
        entries = data.get("tables")
        for name, entry in (entries if isinstance(entries, Mapping) else {}).items():
            place = ("tables", name)
            given = {"name": name, **entry} if isinstance(entry, Mapping) else entry
            table = validated(RawTable, given, located, place, self.problems, subject=name)
            if table is None:
                continue
            tables[name] = table
            for argument in ("keys", "subject", "latest"):
                said = getattr(table, argument) or ()
                for column in (said,) if isinstance(said, str) else said:
                    if column not in table.columns:
                        where = f"{located.where(*place, argument)}, {name}"
                        self.problems.append(Problem(f"no column '{column}'", where, "name one of its columns"))
        for name in data:
            if name not in ("subject", "tables"):
                self.problems.append(Problem(f"unknown entry '{name}'", located.where(name), "keep subject and tables"))
        if sum(table.is_register for table in tables.values()) > 1:
            where = located.where("tables")
            self.problems.append(Problem("several tables are the register of subjects", where, "keep one"))
        return subject, tables

    def _conversions(self) -> dict[str, Conversions]:
        located = self._file("units.yaml", needed=False)
        if located is None:
            return {}
        found: dict[str, Conversions] = {}
        for name, tests in located.data.items():
            given = {"name": name, "tests": tests}
            panel = validated(Conversions, given, located, (), self.problems, subject=name)
            if panel is not None:
                found[name] = panel
        return found

    def _checks(self) -> tuple[Check, ...]:
        found: list[Check] = []
        for located in self._folder("checks"):
            for code, entry in (located.data or {}).items():
                given = {"code": code, "line": located.where(code), **entry} if isinstance(entry, Mapping) else entry
                check = validated(Check, given, located, (code,), self.problems, subject=code)
                if check is not None:
                    found.append(check)
        return tuple(found)

    def _documents(self, head: Located, data: Mapping[str, Any]) -> tuple[Document, ...]:
        entries = cast(Mapping[str, Any], data.get("documents") or {})
        found = [
            validated(Document, {"name": name, **entry}, head, ("documents", name), self.problems)
            for name, entry in entries.items()
        ]
        return tuple(each for each in found if each is not None)


def _place_in_submission(dataset: Dataset) -> tuple[int, str]:
    """SDTM by class, in the order in which reviewers expect them; ADSL before the other ADaM datasets."""
    if dataset.model == "adam":
        return (0 if dataset.class_name == "SUBJECT LEVEL ANALYSIS DATASET" else 1, dataset.name)
    return (CLASSES.index(dataset.class_name), dataset.name)
