"""Which study: a folder of text, or the id of a shipped one."""

from __future__ import annotations

from pathlib import Path

import specs
from specs import UserError, nearest


def study_folder(name: str) -> Path:
    """The folder of the study that the command line names.

    Raises UserError where there is neither such a folder nor a shipped study of that id.
    """
    if Path(name).is_dir():
        return Path(name)
    shipped = Path(specs.__file__).parent
    known = sorted(path.parent.name for path in shipped.glob("*/study.yaml"))
    if name.lower() in known:
        return shipped / name.lower()
    raise UserError.of(
        f"no study '{name}'",
        name,
        nearest(
            name.lower(),
            known,
            f"name a folder that holds study.yaml, or a shipped study: {', '.join(known)}",
        ),
    )
