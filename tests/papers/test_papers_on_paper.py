"""Door form, labels, slip and ledger as LibreOffice lays them out, and the codes as a scanner
reads them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
import zxingcpp
from PIL import Image

from fieldkit.start import run

TOOLS = ("soffice", "pdftotext", "pdftoppm")
TOWER = "20栋 2单元 18层 每层4户 跳4层"
BUILDING = "990121101001-XQ01-20"


class Papers(NamedTuple):
    """A folder of papers and the text of each one's pages."""

    folder: Path
    pages: dict[str, list[str]]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """The papers of the demo town, with a tower and a slip made by the commands."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool} is not installed, the paper was not looked at")
    folder = tmp_path_factory.mktemp("papers")
    home = str(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDKIT_STATE", str(folder / "state"))
        patch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
        patch.delenv("FIELDKIT_LANG", raising=False)
        slip = folder / "list.json"
        for words in (
            ["demo", "--no-tui"],
            ["site", "generate", "990121101001-XQ01", TOWER],
            ["referral", "make", BUILDING, "--to", "market", "--matter", "vacant",
             "--facts", "九层整层挂牌无人办公", "--unit", "鹭汀县市场监督管理局"],
            ["site", "form", BUILDING, "-o", str(folder / "form.docx")],
            ["site", "form", BUILDING, "-o", str(folder / "form.html")],
            ["site", "labels", "-o", str(folder / "labels.docx")],
            ["site", "labels", "-o", str(folder / "labels.html")],
            ["site", "sweeps", "-o", str(folder / "ledger.docx")],
            ["office", "units"],
            ["office", "ledger", "submissions", "-o", str(folder / "submissions.docx")],
            ["office", "worklist", "-o", str(folder / "work.docx")],
        ):  # fmt: skip
            assert run(["--home", home, *words]) == 0, words
        with slip.open("w", encoding="utf-8") as out, pytest.MonkeyPatch.context() as inner:
            inner.setattr("sys.stdout", out)
            assert run(["--home", home, "referral", "list", "--json"]) == 0
        ref = json.loads(slip.read_text("utf-8"))[0]["id"]
        assert run(["--home", home, "referral", "paper", ref, "-o", str(folder / "slip.docx")]) == 0
    names = ("form", "labels", "ledger", "slip", "submissions", "work")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(folder / f"{name}.docx") for name in names]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    return Papers(folder, {name: _text(folder / f"{name}.pdf") for name in names})


def _text(pdf: Path) -> list[str]:
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return ["".join(page.split()) for page in text.split("\f") if page.strip()]


def _codes(pdf: Path, page: int) -> list[str]:
    """What a scanner reads on a printed page, at the 150 dots per inch of an office printer."""
    command = ["pdftoppm", "-r", "150", "-f", str(page), "-l", str(page), "-png", str(pdf)]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(raw)))]


def test_every_door_is_on_the_form_once(papers: Papers) -> None:
    """Two units of 17 floors and four doors; each page says where it belongs and its number."""
    pages = papers.pages["form"]
    whole = "".join(pages)
    for floor in [n for n in range(1, 19) if n != 4]:
        for door in range(1, 5):
            assert whole.count(f"{floor}{door:02}室") >= 2
    assert "401室" not in re.sub(r"1401室", "", whole)
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "20栋入户宣传登记表" in page
        assert "结果码：1" in page
        assert "演示数据" in page


def test_the_form_has_no_place_for_persons(papers: Papers) -> None:
    """It says itself that no name and no telephone number is written."""
    whole = "".join(papers.pages["form"])
    assert "不写姓名、电话" in whole
    assert not any(
        word in whole.replace("不写姓名、电话", "") for word in ("姓名", "电话", "身份证")
    )


def test_the_codes_can_be_scanned(papers: Papers) -> None:
    """From the printed page: the form's building, and 24 labels on a sheet."""
    assert _codes(papers.folder / "form.pdf", 1) == [f"FK:{BUILDING}"]
    found = _codes(papers.folder / "labels.pdf", 1)
    assert len(found) == len(set(found)) == 24
    assert all(text.startswith("FK:9901") for text in found)


def test_a_sheet_holds_24_labels(papers: Papers) -> None:
    """Three across and eight down, no empty page after the last."""
    labels = sum(page.count("9901") for page in papers.pages["labels"])
    assert len(papers.pages["labels"]) == -(-labels // 24)


def test_pages_for_the_browser_stand_alone(papers: Papers) -> None:
    """No script, nothing fetched; the same doors and the same labels."""
    form = (papers.folder / "form.html").read_text("utf-8")
    labels = (papers.folder / "labels.html").read_text("utf-8")
    for page in (form, labels):
        assert "<script" not in page
        assert "default-src 'none'" in page
        assert not re.search(r'(?:src|href)="', page)
        assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert form.count("1803室") == 2
    printed = sum(page.count("9901") for page in papers.pages["labels"])
    assert labels.count('class="label"') == printed


def test_the_slip_is_one_page_of_premises(papers: Papers) -> None:
    """Number, receiver, matter, facts, day, and the part that comes back; no title of a law."""
    (page,) = papers.pages["slip"]
    for words in (
        "移交单", "鹭汀县市场监督管理局", "挂牌无人办公、地址查无", "九层整层挂牌无人办公",
        "2026年11月22日", "反馈结论", "反馈函文号", "听枫社区", "不写住户", "演示数据",
    ):  # fmt: skip
        assert words in page, words


def test_the_ledger_lists_every_building(papers: Papers) -> None:
    """Swept ones with their grade, the others as not swept, the slip that waits, the sums."""
    whole = "".join(papers.pages["ledger"])
    assert "2026年11月扫楼台账" in whole
    assert whole.count("未扫") == 23
    for words in ("达标", "不达标", "待反馈1", "楼栋25，已扫2，办结2"):
        assert words in whole, words
    for number, page in enumerate(papers.pages["ledger"], 1):
        assert f"第{number}页共{len(papers.pages['ledger'])}页" in page
        assert "序号楼栋编码" in page or number == len(papers.pages["ledger"])


def test_the_half_year_ledger_lists_who_has_not_reported(papers: Papers) -> None:
    """Nine villages and 26 units across the page, heads again on each, the sums at the end."""
    pages = papers.pages["submissions"]
    whole = "".join(pages)
    assert "2026年下半年工作情况报送台账" in pages[0]
    assert whole.count("未报，未到期") == 35
    for words in ("宣传部（网信办）", "各乡镇街道、经开区", "檐铃社区（演示）", "演示数据", "合计"):
        assert words in whole, words
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "序号对象编码" in page


def test_the_work_list_says_what_comes_next(papers: Papers) -> None:
    """Each open finding with its unit, its working days and the next step."""
    whole = "".join(papers.pages["work"])
    for words in ("整改督办清单", "责任单位", "个工作日", "可提级", "由人决定", "催责任单位"):
        assert words in whole, words


@pytest.mark.parametrize("name", ["form", "labels", "ledger", "slip", "submissions", "work"])
def test_the_files_name_no_machine(papers: Papers, name: str) -> None:
    """Every part is well-formed and dated as the rest; nothing tells who wrote it where."""
    with zipfile.ZipFile(papers.folder / f"{name}.docx") as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            raw = archive.read(info)
            assert str(papers.folder).encode() not in raw
