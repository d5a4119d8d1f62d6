"""Draw the pictures of the README: a demo home, the real screens, a clock that stands still.

Run from the checkout: ``python scripts/screenshot.py``; it writes docs/screenshot-inspect.svg
and docs/screenshot-doors.svg.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
Scene = Callable[[Any], Awaitable[None]]
NOW = "2026-11-23T10:42:07+08:00"
SIZES = {"inspect": (112, 30), "doors": (84, 24)}
FONT = '"Noto Sans Mono CJK SC", "Sarasa Mono SC", "Microsoft YaHei Mono", monospace'


async def inspect(pilot: Any) -> None:
    """Go on with the unfinished inspection, answer a few items, stop at one in the middle."""
    press = pilot.press
    app = pilot.app
    from fieldkit.work import inspecting

    rows = [r for r in inspecting.listing(app.ws) if r.inspection.state == "open"]
    chosen = max(rows, key=lambda r: (r.checklist.id == "wuzha-xiaoqu", r.answered))
    from fieldkit.tui.screens.inspect import InspectScreen

    app.push_screen(InspectScreen(inspecting.sheet(app.ws, chosen.inspection.id)))
    await pilot.pause()
    for wanted in ("1", "1", ""):
        for _ in range(len(app.screen.sheet.items)):
            if app.screen.mode == "verdict" and app.screen.sheet.is_open(app.screen.item):
                break
            await press("f4")
        if wanted:
            await press(wanted)


async def doors(pilot: Any) -> None:
    """Into the building with the most visits, and log a few more."""
    press = pilot.press
    app = pilot.app
    from fieldkit.tui.screens.doors import DoorsScreen
    from fieldkit.work import visiting

    rows = visiting.coverage(app.ws, by="building")
    best = max(rows, key=lambda row: (row.doors >= 16, row.visited, row.doors))
    app.push_screen(DoorsScreen(best.code))
    await pilot.pause()
    for key in ("f4", "1", "4", "3"):
        await press(key)


async def draw(home: Path, name: str, scene: Scene) -> None:
    """One picture."""
    from fieldkit.tui.app import FieldApp
    from fieldkit.work.workspace import Workspace

    with Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=SIZES[name]) as pilot:
            await pilot.pause()
            await scene(pilot)
            await pilot.pause()
            svg = app.export_screenshot(title="fieldkit")
    # The stock picture loads a font from the net; ours names fonts that a reader may have.
    start, end = svg.index("@font-face"), svg.rindex("@font-face")
    end = svg.index("}", end) + 1
    svg = svg[:start] + svg[end:]
    svg = svg.replace("Fira Code, monospace", FONT.replace('"', "'"))
    (DOCS / f"screenshot-{name}.svg").write_text(svg, encoding="utf-8")


def main() -> int:
    """Fill a demo home and draw both pictures."""
    sys.path[:0] = [str(ROOT), str(ROOT / "sync")]
    os.environ["FIELDKIT_NOW"] = NOW
    from fieldkit.tui import ime

    ime.prepare()
    from fieldkit.work import demo
    from fieldkit.work.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with Workspace.open(home) as ws:
            demo.fill(ws, "small", 1)
        asyncio.run(draw(home, "inspect", inspect))
        asyncio.run(draw(home, "doors", doors))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
