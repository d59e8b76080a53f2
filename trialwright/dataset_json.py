"""The datasets of a model as Dataset-JSON, beside its transport files and its define.xml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lxml import etree

import define_xml
from define_xml import oids
from exchange import Table, dataset_json, xpt
from specs import Study
from trialwright import __version__

_ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


def write_dataset_json(study: Study, model: str, folder: Path, created: datetime) -> tuple[Path, ...]:
    """Write `<name>.json` for each transport file of the model in `folder`; the files written.

    What a file states of its dataset is what define.xml there states: the OIDs, the planned lengths, the
    keys. `created` is the moment of the data, which both files state.

    Raises UserError where a transport file is unreadable, or a value cannot be held.
    """
    lengths = _lengths(folder / define_xml.DEFINE)
    written = []
    for source in sorted(folder.glob("*.xpt")):
        table = xpt.read(source, file=source.name)
        path = source.with_suffix(".json")
        dataset_json.write(
            table,
            path,
            created=created,
            modified=created,
            identity=_identity(study, model, table, lengths, created),
            keys=_keys(study, table),
        )
        written.append(path)
    return tuple(written)


def _identity(
    study: Study, model: str, table: Table, lengths: Mapping[str, int], created: datetime
) -> dataset_json.Identity:
    items = {column.name: oids.item(table.name, column.name) for column in table.columns}
    stamp = created.isoformat(timespec="seconds")
    return dataset_json.Identity(
        item_group_oid=oids.dataset(table.name),
        item_oids=items,
        file_oid=f"{oids.study(study)}.{model.upper()}.{table.name}.{stamp}",
        study_oid=oids.study(study),
        metadata_oid=oids.metadata_version(study, model),
        metadata_ref=define_xml.DEFINE,
        source_system="trialwright",
        source_system_version=__version__,
        key_sequence={key: order for order, key in enumerate(_keys(study, table), start=1)},
        lengths={name: lengths[oid] for name, oid in items.items() if oid in lengths},
    )


def _keys(study: Study, table: Table) -> list[str]:
    """The variables of the file that tell its records apart, in order."""
    names = {column.name for column in table.columns}
    return [key for key in study.datasets[table.name].keys if key in names]


def _lengths(define: Path) -> dict[str, int]:
    """The length that define.xml states of each variable, by its OID."""
    tree = etree.parse(str(define), etree.XMLParser(resolve_entities=False, no_network=True))
    return {
        item.get("OID", ""): int(length)
        for item in tree.iter(f"{_ODM}ItemDef")
        if (length := item.get("Length")) is not None
    }
