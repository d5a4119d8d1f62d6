"""Keep what a release writes, for ever: ``python tests/compat/make.py`` once per release.

Uses the program that is installed (or first on the path), and only its commands, so that any
release can run it. Writes ``releases/<version>``: a device's home and its office's, two bundles
of which the office holds only the first, the card, the grant, and ``expected.json`` with what
that release itself said of all this. A folder that exists is never touched again; a version's
name stands in ``releases/INDEX`` from then on, and `test_compat.py` reads it with every later
program. The keys in it are drawn for this purpose and guard nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import fieldkit

RELEASES = Path(__file__).resolve().parent / "releases"
PAGE = 512  # bytes; a home of a few dozen rows is mostly empty pages

REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,听枫社区（演示）,,990121101001,,,,
estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,
building,B3,3栋,E1,,,,,
door,D101,101室,B3,,,,1,1
door,D102,102室,B3,,,,1,1
door,D201,201室,B3,,,,2,0
"""
OFFICE_REGISTER = "kind,code,name,parent,registered\nbuilding,B9,9栋（演示）,,\n"
CHECKLIST = """id: kept
version: "2026.11"
title: 留存检查表（演示）
target: 小区
nature: joint
site_kinds: [estate]
grades:
  - {id: pass, title: 合格, at_least: 60}
  - {id: fail, title: 不合格, at_least: 0}
sources:
  实务: 基层实务经验，不是规定
sections:
  - id: one
    title: 公示
    items:
      - {id: K1, text: 公示栏在, type: check, weight: 50, mode: both, criterion: 在, source: [实务]}
      - id: K2
        text: 门岗知情人数
        type: ratio
        criterion: 全部知情
        weight: 30
        mode: both
        params: {at_least: 80}
        source: [实务]
      - id: K3
        text: 走访户数
        type: count
        criterion: 至少 10 户
        weight: 20
        mode: both
        params: {at_least: 10}
        source: [实务]
"""


class Town:
    """Homes under one folder, worked by commands at times that are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.minute = 0
        lists = folder / "lists"
        lists.mkdir()
        (lists / "kept.yaml").write_text(CHECKLIST, "utf-8")
        self.env = {
            **os.environ,
            "FIELDKIT_STATE": str(folder / "state"),
            "FIELDKIT_CHECKLISTS": str(lists),
        }

    def run(self, home: str, *words: str) -> Any:
        """Run one command a minute after the last one; give back its JSON."""
        self.minute += 1
        self.env["FIELDKIT_NOW"] = f"2026-11-22T10:{self.minute:02d}:00+08:00"
        return json.loads(self.output(home, *words, "--json") or b"null")

    def output(self, home: str, *words: str) -> bytes:
        """Run one command; give back what it prints."""
        line = [sys.executable, "-m", "fieldkit", "--home", home, *words]
        done = subprocess.run(line, cwd=self.folder, env=self.env, capture_output=True)
        if done.returncode:
            raise SystemExit(f"{words}: {done.stderr.decode()}")
        return done.stdout

    def file(self, name: str, data: bytes) -> str:
        """Put a file beside the homes; give back its name for a command."""
        (self.folder / name).write_bytes(data)
        return name

    def facts(self, home: str) -> dict[str, Any]:
        """What the program says of a home: how much of everything, and the digest."""
        inspections = self.run(home, "inspect", "list")
        rebuilt = self.run(home, "journal", "rebuild")
        checked = self.run(home, "journal", "verify")
        if not checked["ok"]:
            raise SystemExit(f"{home}: {checked['problems']}")
        return {
            "state_digest": rebuilt["state_digest"],
            "events": rebuilt["events"],
            "journal": hashlib.sha256(self.output(home, "journal", "export")).hexdigest(),
            "sites": len(self.run(home, "site", "list")),
            "inspections": len(inspections),
            "finished": sum(row["state"] == "finished" for row in inspections),
            "answers": sum(len(row["answers"]) for row in inspections),
            "findings": len(self.run(home, "finding", "list")),
            "visited": sum(row["visited"] for row in self.run(home, "coverage")),
        }

    def bundle(self, keep: str) -> str:
        """Make a bundle of the device's events under the name ``keep``."""
        made = self.run("device", "bundle", "create", "-o", "out")
        (self.folder / made["file"]).rename(self.folder / keep)
        return keep


def work(town: Town) -> dict[str, Any]:
    """A morning of one device and its office; returns what the program says of it."""
    town.run("office", "office", "init", "澜渡镇联席办（演示）")
    town.run("device", "site", "import", town.file("r.csv", REGISTER.encode()))
    town.run("device", "device", "card", "-o", "device.card")
    town.run("office", "office", "enrol", "device.card", "-o", "device.grant")
    town.run("device", "receive", "device.grant")
    first = town.run("device", "inspect", "start", "kept", "--site", "E1")["inspection"]
    photo = town.file("photo.png", png())
    town.run("device", "inspect", "answer", first, "K1", "fail", "--evidence", photo)
    town.run("device", "inspect", "answer", first, "K2", "3/4", "--note", "夜班不知情")
    town.run("device", "inspect", "answer", first, "K3", "12")
    town.run("device", "inspect", "finish", first)
    town.run("device", "visit", "log", "D101", "met", "--materials", "1")
    town.bundle("first.fkb.zip.age")
    town.run("office", "office", "merge", "first.fkb.zip.age")
    town.run("office", "site", "import", town.file("o.csv", OFFICE_REGISTER.encode()))
    second = town.run("device", "inspect", "start", "kept", "--site", "E1", "--mode", "covert")
    town.run("device", "inspect", "answer", second["inspection"], "K1", "pass")
    town.run("device", "inspect", "answer", second["inspection"], "K1", "unseen")
    town.run("device", "visit", "log", "D102", "absent")
    town.run("device", "visit", "log", "D102", "left", "--note", "门上留卡")
    town.bundle("second.fkb.zip.age")
    facts = {"device": town.facts("device"), "office": town.facts("office")}
    shutil.copytree(town.folder / "office", town.folder / "later")
    merged = town.run("later", "office", "merge", "second.fkb.zip.age")
    facts["later"] = town.facts("later")
    facts["second"] = {key: merged[key] for key in ("events_new", "events_known", "evidence_new")}
    return {"version": fieldkit.__version__, **facts}


def png() -> bytes:
    """A photo of one dark pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        size, crc = struct.pack(">L", len(data)), struct.pack(">L", zlib.crc32(kind + data))
        return size + kind + data + crc

    head = struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0\x10")), chunk(b"IEND", b""))
    )


def compact(journal: Path) -> None:
    """Leave one small file, without the log beside it; every row stays."""
    db = sqlite3.connect(journal, isolation_level=None)
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute(f"PRAGMA page_size={PAGE:d}")
    db.execute("VACUUM")
    db.close()


def main() -> None:
    """Write the folder of the version that runs, and its name into the index."""
    version = fieldkit.__version__
    target = RELEASES / version
    if target.exists():
        raise SystemExit(f"{target.name} is kept already and stays as it is")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = work(Town(folder))
        target.mkdir(parents=True)
        for kept in ("first.fkb.zip.age", "second.fkb.zip.age", "device.card", "device.grant"):
            shutil.copy(folder / kept, target / kept)
        for home in ("device", "office"):
            compact(folder / home / "journal.db")
            shutil.copytree(folder / home, target / home)
        for file in target.rglob("*"):
            if file.is_file():
                file.chmod(0o644)
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (target / "expected.json").write_text(text, "utf-8")
    index = RELEASES / "INDEX"
    known = index.read_text("ascii").split() if index.exists() else []
    index.write_text("".join(f"{row}\n" for row in [*known, version]), "ascii")


if __name__ == "__main__":
    main()
