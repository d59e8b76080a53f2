"""Dataset-JSON of a build: it says what define.xml says, and holds what the transport files hold."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from lxml import etree

from exchange import dataset_json, xpt
from trialwright.build import Build

SPACE = {"o": "http://www.cdisc.org/ns/odm/v1.3"}
MODELS = ("sdtm", "adam")


def files(build: Build, model: str) -> list[Path]:
    found = sorted((build.folder / model).glob("*.json"))
    assert found
    return found


def attributes(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def define(built: Build, model: str) -> etree._ElementTree:
    return etree.parse(built.folder / model / "define.xml")


def test_every_transport_file_has_its_dataset_json(built: Build, model: str) -> None:
    there = {path.stem for path in (built.folder / model).glob("*.xpt")}
    assert {path.stem for path in files(built, model)} == there
    listed = {each["file"] for each in json.loads((built.folder / "manifest.json").read_text())["outputs"]}
    assert {f"{model}/{name}.json" for name in there} <= listed


def test_every_oid_is_that_of_define_xml(built: Build, model: str, define: etree._ElementTree) -> None:
    [study] = define.xpath("//o:Study/@OID", namespaces=SPACE)
    [version] = define.xpath("//o:MetaDataVersion/@OID", namespaces=SPACE)
    [file] = define.xpath("/o:ODM/@FileOID", namespaces=SPACE)
    of_files = []
    for path in files(built, model):
        found = attributes(path)
        assert (found["studyOID"], found["metaDataVersionOID"]) == (study, version)
        assert (path.parent / found["metaDataRef"]).is_file()
        [group] = define.xpath("//o:ItemGroupDef[@OID=$oid]", oid=found["itemGroupOID"], namespaces=SPACE)
        assert group.get("Name") == found["name"] == path.stem.upper()
        refs = group.xpath("o:ItemRef/@ItemOID", namespaces=SPACE)
        assert [column["itemOID"] for column in found["columns"]] == refs
        of_files.append(found["fileOID"])
    assert len(set(of_files)) == len(of_files)
    assert file not in of_files


def test_variables_are_described_as_in_define_xml(
    built: Build, model: str, define: etree._ElementTree
) -> None:
    dated = 0
    for path in files(built, model):
        for column in attributes(path)["columns"]:
            [item] = define.xpath("//o:ItemDef[@OID=$oid]", oid=column["itemOID"], namespaces=SPACE)
            [ref] = define.xpath(
                "//o:ItemGroupDef/o:ItemRef[@ItemOID=$oid]", oid=item.get("OID"), namespaces=SPACE
            )
            label = "".join(item.xpath("o:Description/o:TranslatedText/text()", namespaces=SPACE)).strip()
            assert (item.get("Name"), label) == (column["name"], column["label"])
            assert ref.get("KeySequence") == (str(column["keySequence"]) if "keySequence" in column else None)
            if column["dataType"] in ("date", "datetime"):
                assert item.get("DataType") == column["targetDataType"] == "integer"
                assert "length" not in column
                dated += 1
            else:
                numeric = item.get("DataType") in ("integer", "float")
                assert column["dataType"] == (item.get("DataType") if numeric else "string")
                if item.get("Length"):
                    assert str(column["length"]) == item.get("Length")
    assert (dated > 10) == (model == "adam")


def test_the_files_hold_what_the_transport_files_hold(built: Build, model: str) -> None:
    for path in files(built, model):
        found = dataset_json.read(path)
        transported = xpt.read(path.with_suffix(".xpt"))
        pd.testing.assert_frame_equal(found.records, transported.records)
        assert (found.name, found.label) == (transported.name, transported.label)
        assert [(each.name, each.label, each.type, each.format) for each in found.columns] == [
            (each.name, each.label, each.type, each.format) for each in transported.columns
        ]


def test_a_reader_of_json_and_a_reader_of_sas_agree_on_every_value(built: Build, model: str) -> None:
    for path in files(built, model):
        witness, meta = pyreadstat.read_xport(path.with_suffix(".xpt"), disable_datetime_conversion=True)
        found = attributes(path)
        assert found["name"] == meta.table_name
        assert found["records"] == len(found["rows"]) == len(witness) > 0
        assert [column["name"] for column in found["columns"]] == list(witness.columns)
        for column, cells in zip(found["columns"], zip(*found["rows"], strict=True), strict=True):
            wanted = [None if value == "" or missing(value) else value for value in witness[column["name"]]]
            assert [as_sas(column["dataType"], cell) for cell in cells] == wanted, (
                f"{path.name} {column['name']}"
            )


def missing(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def as_sas(kind: str, cell: Any) -> Any:
    """A value of the file as SAS holds it, found without our reader."""
    if cell is None or kind not in ("date", "datetime"):
        return cell
    if kind == "date":
        return (date.fromisoformat(cell) - date(1960, 1, 1)).days
    return (datetime.fromisoformat(cell) - datetime(1960, 1, 1)) / timedelta(seconds=1)


def test_the_files_state_the_moment_of_the_data(built: Build, model: str) -> None:
    stamp = json.loads((built.folder / "manifest.json").read_text())["data_as_of"]
    for path in files(built, model):
        found = attributes(path)
        assert found["datasetJSONCreationDateTime"] == found["dbLastModifiedDateTime"] == stamp
        assert found["sourceSystem"]["name"] == "trialwright"
