"""Where a paper goes: the kind of file by its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work.exchange_files import unusable
from fieldkit.work.workspace import Workspace


def checked(out: Path, kinds: Sequence[str]) -> tuple[Path, str]:
    """The whole path and its suffix. Raises Problem ``report-type`` for any other suffix."""
    path = out.expanduser().absolute()
    suffix = path.suffix.lower()
    if suffix not in kinds:
        raise Problem(
            "report-type",
            _("只能写成 {kinds} 文件。").format(kinds="、".join(kinds)),
            where=shown(str(out)),
            mend=_("把文件名改成以 {kinds} 结尾。").format(kinds=_(" 或 ").join(kinds)),
        )
    return path, suffix


def documents(ws: Workspace) -> Path:
    """The folder of this home's documents, made where there is none yet. Raises Problem."""
    folder = ws.home / "documents"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    return folder


def read(path: Path, most: int) -> bytes:
    """A file's bytes, one more than ``most`` at the most. Raises Problem ``no-file``."""
    try:
        with path.expanduser().open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        raise Problem(
            "no-file",
            _("文件读不出来：{why}").format(why=getattr(error, "strerror", None) or str(error)),
            where=shown(str(path)),
            mend=_("检查路径。"),
        ) from error
