"""Where checklists and their schema are found."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

_PACKAGE = Path(__file__).resolve().parent.parent
_SHIPPED = (_PACKAGE / "_data" / "checklists", _PACKAGE.parent / "checklists")
_SCHEMA = Path("schema") / "checklist.schema.json"


def shipped() -> Path:
    """The folder that came with the program, inside the wheel or beside the sources."""
    return next((folder for folder in _SHIPPED if (folder / _SCHEMA).is_file()), _SHIPPED[0])


def search_path(extra: Path | None) -> list[Path]:
    """Folders in the order of precedence: ``extra``, ``$FIELDKIT_CHECKLISTS``, the shipped one.

    Raises Problem ``no-such-folder`` for a folder that was named and is not there.
    """
    named = [
        Path(part) for part in os.environ.get("FIELDKIT_CHECKLISTS", "").split(os.pathsep) if part
    ]
    folders = [extra, *named] if extra is not None else named
    for folder in folders:
        if not folder.is_dir():
            raise Problem(
                "no-such-folder",
                _("没有这个检查表文件夹"),
                where=str(folder),
                mend=_("请改正路径，或取消环境变量 FIELDKIT_CHECKLISTS。"),
            )
    return [*folders, shipped()]


def files(folder: Path) -> list[Path]:
    """The checklist files directly in a folder, by name."""
    found = (path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml"))
    return sorted(path for path in found if not path.name.startswith("."))


def schema_text() -> str:
    """The JSON Schema of the YAML format, as it is shipped."""
    return (shipped() / _SCHEMA).read_text("utf-8")


@cache
def schema() -> dict[str, Any]:
    """The schema as data."""
    found: dict[str, Any] = json.loads(schema_text())
    return found
