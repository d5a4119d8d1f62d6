"""Every kind of document in every form: what it says, what it keeps to itself, how it prints."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from fieldkit.domain import masking

from .filed import FACTS, KINDS, SECRET, Home, town

FORMS = ("docx", "xlsx", "html")
TOOLS = ("soffice", "pdftotext", "pdfinfo", "pdffonts")
ENFORCEMENT = (
    "行政检查", "现场检查笔录", "检查通知书", "检查审批表", "询问笔录", "勘验笔录", "责令",
    "处罚决定书", "行政处罚告知",
)  # fmt: skip
"""Titles that belong to bodies of administrative enforcement alone (W24, DOMAIN §3.3)."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One town with every document, for the office and for people outside."""
    with town(tmp_path_factory.mktemp("documents")) as made:
        for kind in KINDS:
            for form in FORMS:
                made.report(kind, f"{kind}.{form}")
                made.report(kind, f"{kind}-public.{form}", "--public", "--codes")
        yield made


def _docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        parts = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".xml") and name != "word/fontTable.xml"
        ]
    return unescape("".join(re.sub(r"<[^>]+>", "", part) for part in parts))


def _xlsx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
        return unescape("".join(archive.read(name).decode() for name in names))


def _text(path: Path) -> str:
    """Everything in a file that anybody could read out of it, hidden parts too."""
    if path.suffix == ".html":
        return unescape(path.read_text("utf-8"))
    return _docx_text(path) if path.suffix == ".docx" else _xlsx_text(path)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_made_is_what_the_home_says(home: Home, kind: str) -> None:
    """Every form verifies, holds the same figures, and is made again to the same bytes."""
    counts = set()
    for form in FORMS:
        path = home.folder / f"{kind}.{form}"
        found = home.json("report", "verify", str(path))
        assert found["ok"]
        assert found["kind"] == kind
        counts.add(found["figures"])
        before = path.read_bytes()
        assert home.report(kind, f"again-{kind}.{form}").read_bytes() == before
    assert len(counts) == 1
    assert counts == {0} or kind != "notice"


@pytest.mark.parametrize("kind", KINDS)
def test_outside_nobody_reads_what_is_inside(home: Home, kind: str) -> None:
    """No door, no unit, no remark, no evidence, no device; hidden sheets and parts included."""
    doors = home.json("site", "list", "--kind", "door")
    secrets = {row["code"] for row in doors} | {SECRET, FACTS, "内部资料"}
    secrets |= {row["name"] for row in doors if len(row["name"]) > 2}
    secrets |= {home.json("device", "show")["name"]}
    for form in FORMS:
        text = _text(home.folder / f"{kind}-public.{form}")
        assert not masking.leaks_of(text, secrets), (kind, form)
        assert not re.search(r"[0-9]{3,4}室", text)


def test_inside_it_is_said(home: Home) -> None:
    """What the test above looks for does stand in the office's own copies."""
    for form in FORMS:
        assert SECRET in _text(home.folder / f"bulletin.{form}")
        assert FACTS in _text(home.folder / f"referral.{form}")
        assert "内部资料" in _text(home.folder / f"bulletin.{form}")


@pytest.mark.parametrize("kind", KINDS)
def test_no_document_imitates_another_power(home: Home, kind: str) -> None:
    """No title of an enforcement form, no number made up, no red head, no seal; a draft says so."""
    text = _docx_text(home.folder / f"{kind}.docx")
    plain = text.replace("不是行政执法文书", "")
    assert not [word for word in ENFORCEMENT if word in plain.replace("行政检查意见", "")]
    assert not re.search(r"〔20[0-9]{2}〕\s*[0-9]+\s*号", _first_page_number(text))
    with zipfile.ZipFile(home.folder / f"{kind}.docx") as archive:
        body = archive.read("word/document.xml").decode()
        head = archive.read("word/header1.xml").decode()
        assert not [name for name in archive.namelist() if "media/" in name]
    assert "<w:color " not in body
    if kind not in ("inspection", "referral"):
        assert re.search('string="(?:草稿|预览)', head)


def _first_page_number(text: str) -> str:
    """What stands around the place of a document number: the line that is only brackets."""
    found = re.search(r"　　〔20[0-9]{2}〕[^\n]{0,12}", text)
    return found.group() if found else ""


@pytest.fixture(scope="module")
def printed(home: Home) -> Path:
    """Every document as the word processor prints it."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool} is not installed, nothing was printed")
    return _converted(home, "docx")


@pytest.fixture(scope="module")
def sheets(home: Home) -> Path:
    """Every workbook as the spreadsheet program prints it."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool} is not installed, nothing was printed")
    folder = _converted(home, "xlsx")
    if not list(folder.glob("*.pdf")):
        pytest.skip("STOCK TOOL MISSING: soffice has no Calc, no workbook was opened")
    return folder


def _converted(home: Home, form: str) -> Path:
    folder = home.folder / f"printed-{form}"
    profile = f"-env:UserInstallation={(home.folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(home.folder / f"{kind}.{form}") for kind in KINDS]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    return folder


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("kind", KINDS)
def test_it_prints_as_an_official_paper(printed: Path, kind: str) -> None:
    """A4, pages numbered — n —, text inside the margins of GB/T 9704, fonts embedded."""
    pdf = str(printed / f"{kind}.pdf")
    info = _run("pdfinfo", "-f", "1", "-l", "99", pdf)
    sizes = {tuple(sorted(map(float, found))) for found in
             re.findall(r"size:\s+([0-9.]+) x ([0-9.]+)", info)}  # fmt: skip
    assert all(abs(short - 595.3) < 1 and abs(long - 841.9) < 1 for short, long in sizes)
    pages = _run("pdftotext", "-layout", pdf, "-").split("\f")[:-1]
    assert pages
    for number, page in enumerate(pages, 1):
        assert f"—{number}—" in "".join(page.split())
        assert "演示数据" in page
    fonts = _run("pdffonts", pdf).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    _inside_margins(pdf)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_prints_on_a4(sheets: Path, kind: str) -> None:
    """Every page is A4 and says what it is; no column falls off, no cell is full of hashes."""
    pdf = str(sheets / f"{kind}.pdf")
    info = _run("pdfinfo", "-f", "1", "-l", "99", pdf)
    found = re.findall(r"size:\s+([0-9.]+) x ([0-9.]+)", info)
    assert found
    for size in found:
        short, long = sorted(map(float, size))
        assert abs(short - 595.3) < 1.5
        assert abs(long - 841.9) < 1.5
    text = _run("pdftotext", "-layout", pdf, "-")
    assert "###" not in text
    assert "#REF!" not in text
    pages = text.split("\f")[:-1]
    assert all("演示数据" in page for page in pages)


def _inside_margins(pdf: str) -> None:
    """37, 26, 35 and 28 mm upright; head and foot stand outside of them."""
    raw = _run("pdftotext", "-bbox", pdf, "-")
    root = ElementTree.fromstring(raw[raw.index("<html") :].replace(
        ' xmlns="http://www.w3.org/1999/xhtml"', ""))  # fmt: skip
    mm = 72 / 25.4
    for page in root.iter("page"):
        width, height = float(page.get("width", 0)), float(page.get("height", 0))
        upright = height > width
        left, top = (28, 37) if upright else (37, 28)
        right, bottom = (26, 35) if upright else (35, 26)
        for word in page.iter("word"):
            x0, y0, x1, y1 = (float(word.get(key, 0)) for key in ("xMin", "yMin", "xMax", "yMax"))
            in_body = top * mm - 2 < y0 and y1 < height - bottom * mm + 2
            if in_body:
                assert x0 > left * mm - 3, (word.text, x0)
                # A mark at the end of a line may hang over the edge by its own width.
                hangs = 17 if (word.text or "")[-1:] in "，。、）；：」》”" else 0
                assert x1 < width - right * mm + 3 + hangs, (word.text, x1)


@pytest.mark.parametrize("kind", KINDS)
def test_styles_name_the_fonts_of_the_standard(home: Home, kind: str) -> None:
    """方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体 by name, each with a twin to fall back on."""
    with zipfile.ZipFile(home.folder / f"{kind}.docx") as archive:
        styles = archive.read("word/styles.xml").decode()
        fonts = archive.read("word/fontTable.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert name in styles
        assert re.search(rf'w:name="{name}"><w:altName', fonts)


@pytest.mark.parametrize("kind", KINDS)
def test_sheets_hold_numbers_and_can_be_printed(home: Home, kind: str) -> None:
    """Counts are numbers, tables have a frozen head that repeats and a print area on A4."""
    book = openpyxl.load_workbook(home.folder / f"{kind}.xlsx")
    frozen = [sheet for sheet in book if sheet.print_title_rows and sheet.freeze_panes]
    tables = [sheet for sheet in frozen if _head(sheet) in ("序号", "名次")]
    for sheet in book:
        if sheet.sheet_state == "visible":
            assert int(sheet.page_setup.paperSize) == 9
    for sheet in tables:
        assert sheet.print_area
        first = int(re.sub("[A-Z]", "", sheet.freeze_panes))
        column = [sheet.cell(row, 1).value for row in range(first, sheet.max_row + 1)]
        assert column[0] == 1, (kind, sheet.title)
    if kind not in ("inspection", "referral", "notice", "assessment"):
        assert tables


def _head(sheet: Any) -> object:
    """What stands in the first cell of the frozen head's first row."""
    first = int(sheet.print_title_rows.split(":")[0].lstrip("$"))
    return sheet.cell(first, 1).value


def test_pages_for_the_browser_stand_alone(home: Home) -> None:
    """No script, nothing fetched."""
    for kind in KINDS:
        page = (home.folder / f"{kind}.html").read_text("utf-8")
        assert "<script" not in page
        assert "default-src 'none'" in page
        assert not re.search(r'\s(?:src|href)="(?!#)', page)
        assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_only_where_there_is_something_to_say(tmp_path: Path) -> None:
    """An empty home refuses in one sentence and leaves no file behind."""
    made = Home(tmp_path)
    made.do("office", "init", "澜渡镇反诈联席办")
    for kind in KINDS:
        if kind in ("notice", "half-year"):
            continue
        code = 2 if kind in ("referral", "standing") else 1
        path = tmp_path / f"{kind}.docx"
        made.do("office", "report", kind, "-o", str(path), code=code)
        assert made.err.count("\n") == 1, kind
        assert not path.exists()
