"""The YAML form of a specification: a folder of text becomes a Study, or all its problems are told together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from specs.check import Check
from specs.codelist import Codelist
from specs.conversion import Conversions, TestConversion
from specs.dataset import Dataset
from specs.derivation import Word
from specs.errors import Problem, UserError, nearest
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


class _Document(BaseModel):
    """A document as study.yaml names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    file: str


class _Head(BaseModel):
    """What study.yaml holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    description: str
    protocol: str
    synthetic: bool = False
    subject_prefix: str | None = None
    standards: dict[Model, str | tuple[str, ...]] = {}
    documents: dict[str, _Document] = {}


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
            f"no study at '{folder}'",
            str(folder),
            "name a folder that holds study.yaml, or the id of a shipped study",
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
        located = self._file("study.yaml")
        head = None if located is None else validated(_Head, located.data, located, (), self.problems)
        standards = {model: self._standards(located, model) for model in MODELS}
        subject, raw = self._raw()
        codelists: dict[str, Codelist] = {}
        if (self.folder / "codelists.yaml").is_file():
            codelists_file = self._file("codelists.yaml")
            if codelists_file is not None and self._entries(codelists_file):
                codelists = read_codelists(codelists_file, self.terminology, self.problems)
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
                subject_form=subject.form if subject else "{number}",
            )
            found: list[Dataset] = []
            for each in self._folder(model):
                found += reader.read(each)
            for dataset in sorted(found, key=_place_in_submission):
                if dataset.name in datasets:
                    first = datasets[dataset.name].line
                    self.problems.append(
                        Problem(f"{dataset.name} stands in {first} already", dataset.line, "keep one")
                    )
                datasets[dataset.name] = dataset
        checks = self._checks()
        if self.problems:
            raise UserError(self.problems)
        assert head is not None
        assert subject is not None
        return Study(
            id=head.id,
            name=head.name,
            description=head.description,
            protocol=head.protocol,
            synthetic=head.synthetic,
            subject_prefix=f"{head.id}-" if head.subject_prefix is None else head.subject_prefix,
            folder=self.folder,
            files=tuple(self.files),
            subject=subject,
            standards={model: self._uses(standards[model], model) for model in MODELS},
            raw=raw,
            codelists=codelists,
            conversions=conversions,
            datasets=datasets,
            checks=checks,
            documents=tuple(
                Document(name=name, title=each.title, file=each.file) for name, each in head.documents.items()
            ),
        )

    def _file(self, name: str) -> Located | None:
        """The file, or None with its problems added."""
        path = self.folder / name
        self.files.append(path)
        try:
            return read_located(path, name)
        except UserError as error:
            self.problems += error.problems
            return None

    def _entries(self, located: Located | None) -> Mapping[str, Any]:
        """The named parts of a file; none, with the problem added, where it holds anything else."""
        if located is None:
            return {}
        if isinstance(located.data, Mapping):
            return located.data
        where = located.where()
        self.problems.append(Problem("expected names with values", where, "indent `name: value` lines"))
        return {}

    def _folder(self, name: str) -> list[Located]:
        paths = sorted((self.folder / name).glob("*"))
        for path in paths:
            if path.suffix == ".yml":
                where = f"{name}/{path.name}"
                self.problems.append(Problem("the file is not read", where, f"name it {path.stem}.yaml"))
        found = [self._file(f"{name}/{path.name}") for path in paths if path.suffix == ".yaml"]
        return [located for located in found if located is not None]

    def _standards(self, located: Located | None, model: Model) -> list[Standard]:
        if located is None or not isinstance(located.data, Mapping):
            return []
        named = located.data.get("standards")
        names = (named.get(model) or ()) if isinstance(named, Mapping) else ()
        found: list[Standard] = []
        if not names and any((self.folder / model).glob("*.yaml")):
            remedy = "name its guide under `standards:`, such as sdtm: sdtmig-3.4"
            self.problems.append(
                Problem(f"the datasets in {model}/ follow no standard", located.where("standards"), remedy)
            )
        for name in (names,) if isinstance(names, str) else names:
            try:
                found.append(load_standard(str(name)))
            except UserError as error:
                where = located.where("standards", model)
                self.problems += [Problem(problem.what, where, problem.to_do) for problem in error.problems]
        return found

    def _uses(self, standards: list[Standard], model: Model) -> tuple[StandardUse, ...]:
        guides = [StandardUse(name=each.name, version=each.version) for each in standards]
        sets = ("SDTM",) if model == "sdtm" else ("ADaM", "SDTM")
        lists = [
            StandardUse(
                name="CDISC/NCI", version=self.terminology.packages[each], type="CT", publishing_set=each
            )
            for each in sets
            if guides and each in self.terminology.packages
        ]
        return (*guides, *lists)

    def _raw(self) -> tuple[SubjectNumber | None, dict[str, RawTable]]:
        located = self._file("raw.yaml")
        if located is None:
            return None, {}
        data = self._entries(located)
        subject: SubjectNumber | None = None
        if "subject" in data:
            subject = validated(
                SubjectNumber, {"form": data["subject"]}, located, ("subject",), self.problems
            )
        else:
            remedy = 'add how a subject\'s number is written, such as `subject: "{site:2}-{number:3}"`'
            self.problems.append(Problem("argument 'subject' is missing", located.where(), remedy))
        tables: dict[str, RawTable] = {}
        entries = data.get("tables", {})
        if not isinstance(entries, Mapping):
            where = located.where("tables")
            self.problems.append(Problem("expected raw tables by name", where, "indent `name: value` lines"))
            entries = {}
        for name, entry in entries.items():
            place = ("tables", name)
            given = _with_lines(name, entry, located, place)
            table = validated(RawTable, given, located, place, self.problems, subject=name)
            if table is None:
                continue
            tables[name] = table
            if subject is not None and table.form is not None and not subject.fits(table.form):
                where = f"{located.where(*place, 'form')}, {name}"
                what = f"'{table.form}' has not the digit groups of '{subject.form}'"
                self.problems.append(Problem(what, where, "name the same groups"))
            for argument in ("keys", "subject", "latest"):
                said = getattr(table, argument) or ()
                for column in (said,) if isinstance(said, str) else said:
                    if column not in table.columns:
                        where = f"{located.where(*place, argument)}, {name}"
                        remedy = nearest(column, table.columns, "name one of its columns")
                        self.problems.append(Problem(f"no column '{column}'", where, remedy))
        for name in data:
            if name not in ("subject", "tables"):
                remedy = nearest(name, ("subject", "tables"), "keep subject and tables")
                self.problems.append(Problem(f"unknown entry '{name}'", located.where(name), remedy))
        if sum(table.is_register for table in tables.values()) > 1:
            where = located.where("tables")
            self.problems.append(Problem("several tables are the register of subjects", where, "keep one"))
        return subject, tables

    def _conversions(self) -> dict[str, Conversions]:
        if not (self.folder / "units.yaml").is_file():
            return {}
        located = self._file("units.yaml")
        if located is None:
            return {}
        found: dict[str, Conversions] = {}
        for panel, entries in self._entries(located).items():
            tests: dict[str, TestConversion] = {}
            for test, entry in entries.items() if isinstance(entries, Mapping) else ((None, entries),):
                place = (panel,) if test is None else (panel, test)
                given = {} if test is not None and entry is None else entry
                conversion = validated(
                    TestConversion, given, located, place, self.problems, subject=".".join(place)
                )
                if conversion is not None and test is not None:
                    tests[test] = conversion
            found[panel] = Conversions(name=panel, tests=tests)
        return found

    def _checks(self) -> tuple[Check, ...]:
        found: list[Check] = []
        for located in self._folder("checks"):
            for code, entry in self._entries(located).items():
                given = (
                    {**entry, "code": code, "line": located.where(code)}
                    if isinstance(entry, Mapping)
                    else entry
                )
                check = validated(Check, given, located, (code,), self.problems, subject=code)
                if check is not None:
                    found.append(check)
        return tuple(found)


def _with_lines(name: str, entry: Any, located: Located, place: tuple[str, ...]) -> Any:
    """A raw table's entry with its name, and with the line on which it and each of its columns stand."""
    if not isinstance(entry, Mapping):
        return entry
    columns = entry.get("columns")
    if isinstance(columns, Mapping):
        columns = {
            column: {**said, "line": located.where(*place, "columns", column)}
            if isinstance(said, Mapping)
            else said
            for column, said in columns.items()
        }
    return {**entry, "name": name, "line": located.where(*place)} | (
        {} if columns is None else {"columns": columns}
    )


def _place_in_submission(dataset: Dataset) -> tuple[int, str]:
    """SDTM by class, in the order in which reviewers expect them; ADSL before the other ADaM datasets."""
    if dataset.model == "adam":
        return (0 if dataset.class_name == "SUBJECT LEVEL ANALYSIS DATASET" else 1, dataset.name)
    return (CLASSES.index(dataset.class_name), dataset.name)
