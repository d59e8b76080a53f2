"""SAS datasets, as clinical databases export them; read only, by pyreadstat."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd

from exchange.source import all_bytes, file_name
from exchange.table import NUMBER, TEXT, Column, Table
from specs import UserError


def read(source: Path | bytes, *, name: str = "", file: str = "", encoding: str | None = None) -> Table:
    """The dataset of a SAS7BDAT file; `name` replaces the name it has there, `file` is what messages call it.

    Texts lose their trailing blanks; blank texts and numeric missing values of every kind are NA. The
    encoding is what the file says unless given. `rows` are the observations' numbers.

    Raises UserError when the file is no SAS dataset, is damaged, or is not in its encoding.
    """
    import pyreadstat  # its C library is needed for this format only

    file = file_name(source, file, name)
    content = all_bytes(source, file)
    try:
        frame, meta = pyreadstat.read_sas7bdat(
            io.BytesIO(content), disable_datetime_conversion=True, encoding=encoding
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError, ValueError) as error:
        raise UserError.of(
            f"the SAS dataset cannot be read: {error}", file, "export it again, or name its encoding"
        ) from error
    columns = tuple(
        Column(
            name=column,
            label=label or "",
            type="Num" if meta.readstat_variable_types[column] in ("double", "float") else "Char",
            length=int(meta.variable_storage_width[column]),
            format=_format(meta.original_variable_types[column]),
        )
        for column, label in zip(meta.column_names, meta.column_labels, strict=True)
    )
    records = pd.DataFrame(
        {
            column.name: pd.array(frame[column.name].to_numpy(dtype=np.float64), dtype=NUMBER)
            if column.type == "Num"
            else frame[column.name].replace("", None).astype(TEXT)
            for column in columns
        }
    )
    count = np.arange(1, len(frame) + 1, dtype=np.int64)
    return Table(name or meta.table_name or "", meta.file_label or "", columns, records, count)


def _format(text: str | None) -> str:
    """A format with its dot, as pyreadstat leaves it out; "" for none.

    >>> _format("DATE9"), _format("BEST8.2"), _format("NULL")
    ('DATE9.', 'BEST8.2', '')
    """
    if not text or text == "NULL":
        return ""
    return text if "." in text else f"{text}."
