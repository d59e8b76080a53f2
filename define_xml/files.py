"""define.xml, its stylesheet and its page, written beside the datasets that they describe."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from lxml import etree

from define_xml.definition import Model, definition, in_order
from define_xml.facts import read_facts
from define_xml.page import page
from define_xml.prerequisites import unknown_qualifiers, unmet
from define_xml.published import STYLESHEET, safe_parser, stylesheet
from define_xml.validate import reference_problems, schema_problems
from define_xml.writer import document
from specs import Study, UserError

DEFINE = "define.xml"
PAGE = "define.html"


def write(
    study: Study,
    model: Model,
    folder: Path,
    *,
    created: str,
    out: Path | None = None,
    only: Collection[str] | None = None,
) -> None:
    """Write define.xml, define2-1.xsl and define.html for the model's transport files in `folder`.

    They go to `out`, else beside the transport files. `created` is the moment that the file states, in
    ISO 8601. `only` names the datasets that are described, else all are; one without a file is described as
    having no data. A document of the study is listed where its file lies in the folder.

    Raises UserError with everything that the specification lacks, and every file that does not fit the
    specification: build the study again.
    """
    datasets = tuple(each for each in in_order(study, model) if only is None or each.name in only)
    problems = unmet(study, model, datasets)
    if problems:
        raise UserError(problems)
    beside = tuple(each for each in study.documents if (folder / each.file).is_file())
    study = study.model_copy(update={"documents": beside})
    facts = read_facts(datasets, folder)
    problems = unknown_qualifiers(study, facts)
    if problems:
        raise UserError(problems)
    out = out or folder
    out.mkdir(parents=True, exist_ok=True)
    path = out / DEFINE
    path.write_bytes(document(definition(study, model, datasets, facts, created)))
    (out / STYLESHEET).write_bytes(stylesheet().read_bytes())
    found = schema_problems(path)
    assert not found, _broken(path, found)
    tree = etree.parse(str(path), safe_parser())
    found = reference_problems(tree, out, datasets=folder)
    assert not found, _broken(path, found)
    (out / PAGE).write_bytes(page(tree))


def _broken(path: Path, found: tuple[str, ...]) -> str:
    return "\n".join((f"{path.name} is written wrongly:", *found))
