"""An export to a full or failing drive leaves nothing that a merge would take for whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.work import bundles, merging
from fieldkit.work.workspace import Workspace

from .badfiles import FAILS, FULL, FULL_ONCE, GONE, READ, FileFault, drive_at
from .homes import digest, export, make_device, make_office, merged
from .journals import FULL_RUN, outcome

TOO_MANY = 3000
STEP = 7
"""Only each so-many-th operation, unless the full run is asked for."""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["out", "home"])
@pytest.mark.parametrize("fault", [FULL, FULL_ONCE, FAILS, GONE, READ], ids=lambda it: it.name)
def test_a_failed_export_leaves_no_half_file(tmp_path: Path, fault: FileFault, where: str) -> None:
    """At any operation: a Problem, nothing a merge would stumble over, then a whole export."""
    office = make_office(tmp_path)
    device = make_device(tmp_path, office)
    first = tmp_path / "first"
    wanted = merged(office, [export(device, first)]).events_new
    state = digest(office)
    base, fresh = tmp_path / "base", tmp_path / "fresh"
    shutil.copytree(device, base)
    for path in (base / "bundles").iterdir():
        path.unlink()
    shutil.copytree(office, fresh)
    for name in ("journal.db", "merges.jsonl"):
        (fresh / name).unlink()
    wrong = []
    step = 1 if FULL_RUN or where == "out" else STEP
    for turn in range(0, TOO_MANY, step):
        out, again = tmp_path / "out", tmp_path / "again"
        for folder, source in ((device, base), (again, fresh), (out, None)):
            shutil.rmtree(folder, ignore_errors=True)
            if source is not None:
                shutil.copytree(source, folder)
        root = out if where == "out" else device
        with Workspace.open(device) as ws, drive_at(root) as drive:
            drive.arm(fault, turn)
            _, code = outcome(bundles.create, ws, out)
            raised = drive.lift()
        if code.startswith("TRACEBACK"):
            wrong.append(f"{turn}: {code}")
        left = merging.found_bundles([out]) if out.exists() else []
        if left and merged(again, left).rejected:
            wrong.append(f"{turn}: {code}: {[path.name for path in left]} is not whole")
        plain = [
            path.name for path in out.glob("**/*") if not path.name.endswith((".age", ".part"))
        ]
        if plain:
            wrong.append(f"{turn}: {code}: {plain} lies in the open")
        if retry := outcome(export, device, out)[1]:
            wrong.append(f"{turn}: {code}: then {retry}")
            continue
        done = merged(again, [out])
        if done.rejected or (not left and done.events_new != wanted) or digest(again) != state:
            wrong.append(f"{turn}: {code}: then {done}")
        if not raised:
            break
    assert not wrong, "\n".join(wrong)
    assert turn > 0, "the fault never happened"
