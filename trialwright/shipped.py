"""Which study: a folder of text, or the id of a shipped one. Light to import."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def study_folder(name: str) -> Path:
    """The folder of the study that the command line names.

    Raises UserError where there is neither such a folder nor a shipped study of that id.
    """
    if Path(name).is_dir():
        return Path(name)
    found = find_spec("specs")
    assert found is not None
    assert found.origin is not None, "specs is a package with an __init__"
    shipped = Path(found.origin).parent
    known = sorted(path.parent.name for path in shipped.glob("*/study.yaml"))
    if name.lower() in known:
        return shipped / name.lower()
    from specs import UserError, nearest

    raise UserError.of(
        f"no study '{name}'",
        name,
        nearest(
            name.lower(),
            known,
            f"name a folder that holds study.yaml, or a shipped study: {', '.join(known)}",
        ),
    )
