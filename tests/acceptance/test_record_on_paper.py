"""The record of an inspection as LibreOffice lays it out: what a clerk sees when printing it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from fieldkit.start import run
from fieldkit.work import inspecting
from fieldkit.work.workspace import Workspace

TOOLS = ("soffice", "pdftotext")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each page of the first finished 无诈小区 inspection of the demo town."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool} is not installed, the paper was not looked at")
    folder = tmp_path_factory.mktemp("paper")
    home = folder / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDKIT_STATE", str(folder / "state"))
        patch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
        assert run(["--home", str(home), "demo", "--no-tui"]) == 0
        with Workspace.open(home) as ws:
            ids = [
                row.inspection.id
                for row in inspecting.listing(ws)
                if row.checklist.id == "wuzha-xiaoqu" and row.inspection.state == "finished"
            ]
        record = folder / "record.docx"
        words = ["office", "report", "inspection", "--inspection", ids[-1], "-o", str(record)]
        assert run(["--home", str(home), *words]) == 0
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(record)], check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "record.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [page for page in text.split("\f") if page.strip()]


def test_it_opens_and_is_a_few_pages(pages: list[str]) -> None:
    """21 items fit on a handful of A4 pages, each numbered and marked as a demonstration."""
    assert 2 <= len(pages) <= 6
    for number, page in enumerate(pages, 1):
        assert f"—{number}—" in "".join(page.split())
        assert "演示数据" in page


def test_it_says_what_the_form_must(pages: list[str]) -> None:
    """Head, table, result and signatures as DOMAIN §3.3 lists them; no title of law enforcement."""
    whole = "".join("".join(pages).split())
    for words in ("检查记录表", "明察", "被查单位", "检查性质", "检查人", "陪同人", "拒签", "得分"):
        assert words in whole, words
    assert all(f"XQ{n:02d}" in whole for n in range(1, 22))
    assert "现场检查笔录" not in whole
    assert "本表由fieldkit生成" in whole


def test_the_table_head_repeats(pages: list[str]) -> None:
    """Every page of the item table begins with its head, so that a loose page can be read."""
    squeezed = ["".join(page.split()) for page in pages]
    assert sum("检查项" in page and "实测值" in page for page in squeezed) >= 2
