"""Private folders for opened bundles: gone afterwards, and swept when a run was killed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".opening-"
_LONG = 24 * 3600
"""No run works on bundles for so many seconds, whatever the system says of its number."""


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """A folder that nobody else may read. Raises Problem where none can be made."""
    import shutil
    from tempfile import mkdtemp

    from .exchange_files import unusable

    sweep(home)
    try:
        folder = Path(mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=home))
    except OSError as error:
        raise unusable(home, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(home: Path) -> None:
    """Remove what killed runs left in plain."""
    for left in home.glob(f"{PREFIX}*"):
        import shutil

        with suppress(OSError):
            if not _alive(left.name) or time.time() - left.stat().st_mtime > _LONG:
                shutil.rmtree(left, ignore_errors=True)


def _alive(name: str) -> bool:
    """Whether the process that made a folder may still be at work."""
    number = name.removeprefix(PREFIX).partition("-")[0]
    if not number.isdigit() or os.name == "nt":
        # There the question itself would end the process.
        return True
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
