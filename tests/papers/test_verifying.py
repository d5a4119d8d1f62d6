"""A document is checked against the journal: what moved, what was typed over, where it is from."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import docx
import openpyxl
import pytest

from fieldkit.report.phrases import one_decimal

from .filed import Home, town

FORMS = ("docx", "xlsx", "html")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A town that may be changed."""
    with town(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A town that stays as it is."""
    with town(tmp_path_factory.mktemp("still")) as made:
        for form in FORMS:
            made.report("bulletin", f"b.{form}")
        yield made


def _scores(home: Home) -> dict[str, Fraction]:
    """Every finished inspection's score of a hundred, from the answers' points alone."""
    found = {}
    for row in home.json("inspect", "list"):
        if row["state"] == "finished":
            told = home.json("inspect", "show", row["inspection"])
            found[told["site_name"]] = Fraction(str(told["score"])) / Fraction(
                str(told["max_score"])
            )
    return {name: ratio * 100 for name, ratio in found.items()}


def test_one_amended_answer_moves_just_its_figures(home: Home) -> None:
    """The score, the mean, the counts of that item and of findings; nothing else is named."""
    before = _scores(home)
    files = [home.report("bulletin", f"b.{form}") for form in FORMS]
    home.amend(home.inspection("A座"), "SL04", "fail", "--note", "前台登记有空项")
    after = _scores(home)
    changed_scores = [name for name in before if before[name] != after[name]]
    assert changed_scores == ["A座"]
    means = [one_decimal(sum(it.values(), Fraction(0)) / len(it)) for it in (before, after)]
    for path in files:
        found = home.json("report", "verify", str(path), code=1)
        moved = {one["label"]: (one["then"], one["now"]) for one in found["changed"]}
        own = "榆火大厦（演示） A座"
        expected = {
            f"{own}　得分": (one_decimal(before["A座"]), one_decimal(after["A座"])),
            f"{own}　问题数": ("2", "3"),
            "平均分": (means[0], means[1]),
            "问题数": ("16", "17"),
            "SL04的问题数": ("1", "2") if "SL04的问题数" in moved else ("", ""),
        }
        best = 90
        passes = [sum(1 for it in scores.values() if it >= best) for scores in (before, after)]
        if passes[0] != passes[1]:
            expected["达标次数"] = (str(passes[0]), str(passes[1]))
            expected["达标率"] = (moved["达标率"][0], moved["达标率"][1])
        if expected["SL04的问题数"] == ("", ""):
            del expected["SL04的问题数"]
        assert moved == expected, path.name
        assert not found["edited"]
        assert not found["gone"]
        states = {one["label"] for one in found["new"]} - {"SL04的问题数"}
        assert len(states) == 1
        assert states.pop().endswith("的状态")


def test_the_change_taken_back_is_no_change(home: Home) -> None:
    """The same values again are the same document, whatever the journal went through."""
    path = home.report("coverage", "c.docx")
    assert home.json("report", "verify", str(path))["ok"]
    inspection = home.inspection("A座")
    record = home.report("inspection", "i.docx", "--inspection", inspection)
    home.amend(inspection, "SL14", "fail", "--note", "没有交付提示")
    moved = home.json("report", "verify", str(record), code=1)["changed"]
    assert any("SL14" in one["label"] for one in moved)
    home.amend(inspection, "SL14", "pass")
    assert home.json("report", "verify", str(record))["ok"]


def test_a_figure_leads_to_its_records(still: Home) -> None:
    """A score to the answers, a count to the findings; by the code or its beginning."""
    path = still.folder / "b.docx"
    codes = still.json("report", "codes", str(path))
    by_label = {one["label"]: one["code"] for one in codes}
    whole = still.json("report", "trace", str(path), by_label["问题数"])
    listed = still.json("finding", "list")
    counted = [one for one in listed if one["inspection"] != "" and one["state"] != "withdrawn"]
    assert int(whole["value"]) == len(whole["records"]) <= len(counted)
    assert {one["kind"] for one in whole["records"]} == {"finding"}
    known = {one["finding"] if "finding" in one else one["id"] for one in listed}
    assert {one["id"] for one in whole["records"]} <= known
    score = still.json("report", "trace", str(path), by_label["榆火大厦（演示） A座　得分"][:6])
    assert {one["kind"] for one in score["records"]} == {"answer"}
    points = [Fraction(one["said"].split("　")[-1].split("/")[0]) for one in score["records"]]
    most = sum(int(one["said"].rsplit("/", 1)[1]) for one in score["records"])
    assert most
    assert one_decimal(sum(points) * 100 / _counted(score["records"])) == score["value"]
    still.do("report", "trace", str(path), "zzzzzzzz", code=2)
    assert "codes" in still.err


def _counted(records: list[dict[str, str]]) -> int:
    """Points that count: an item that does not apply has none."""
    return sum(
        int(one["said"].rsplit("/", 1)[1]) for one in records if not one["said"].startswith("na")
    )


def _with_docx(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                raw = old.read(name)
                new.writestr(name, change(raw) if name == "word/document.xml" else raw)
        path.write_bytes(out.getvalue())

    return apply


def _retype_docx(raw: bytes) -> bytes:
    """The first bookmarked number becomes 99."""
    return re.sub(
        rb'(<w:bookmarkStart [^>]*w:name="fk_[a-z2-7]{8}"/><w:r><w:t xml:space="preserve">)[^<]*',
        rb"\g<1>99", raw, count=1,
    )  # fmt: skip


def test_what_was_typed_over_is_named(still: Home, tmp_path: Path) -> None:
    """In each kind of file: what was printed, what stands there now."""
    for form in FORMS:
        path = tmp_path / f"typed.{form}"
        shutil.copy(still.folder / f"b.{form}", path)
        if form == "docx":
            _with_docx(_retype_docx)(path)
        elif form == "html":
            page = path.read_text("utf-8")
            path.write_text(re.sub(r'(class="fk" value="[^"]*">)[^<]*', r"\g<1>99", page, count=1),
                            "utf-8")  # fmt: skip
        else:
            book = openpyxl.load_workbook(path)
            sheet = book["得分汇总"]
            cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 100)
            cell.value = 99
            book.save(path)
        found = still.json("report", "verify", str(path), code=1)
        assert not found["changed"]
        assert [float(one["written"]) for one in found["edited"]] == [99], form
        assert found["edited"][0]["printed"] not in ("99", "99.0")


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_other_programs_may_save_it_again(still: Home, tmp_path: Path, form: str) -> None:
    """A word processor and a library rewrite the file; every figure is found again."""
    path = tmp_path / f"again.{form}"
    source = still.folder / f"b.{form}"
    if form == "docx":
        docx.Document(str(source)).save(str(path))
        assert still.json("report", "verify", str(path))["ok"]
        if shutil.which("soffice") is None:
            pytest.skip("STOCK TOOL MISSING: soffice is not installed")
        profile = f"-env:UserInstallation={(still.folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir",
                   str(tmp_path / "out"), str(source)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        path = tmp_path / "out" / "b.docx"
    else:
        openpyxl.load_workbook(source).save(path)
    found = still.json("report", "verify", str(path))
    assert found["ok"]
    assert found["figures"] == still.json("report", "verify", str(source))["figures"]


def test_a_lost_manifest_leaves_the_figures(still: Home, tmp_path: Path) -> None:
    """The recipe and the bookmarks are enough to count again."""
    path = tmp_path / "bare.docx"
    with (
        zipfile.ZipFile(still.folder / "b.docx") as old,
        zipfile.ZipFile(path, "w") as new,
    ):
        for name in old.namelist():
            if not name.startswith("customXml/"):
                new.writestr(name, old.read(name))
    found = still.json("report", "verify", str(path))
    assert found["made"] is None
    assert found["ok"]


def test_what_is_no_document_of_ours_is_one_sentence(still: Home, tmp_path: Path) -> None:
    """Foreign, broken, missing, a folder: code 2, one line, no traceback."""
    foreign = tmp_path / "f.docx"
    docx.Document().save(str(foreign))
    broken = tmp_path / "b.docx"
    broken.write_bytes((still.folder / "b.docx").read_bytes()[:3000])
    other = tmp_path / "x.pdf"
    other.write_bytes(b"%PDF-1.4")
    for path in (foreign, broken, other, tmp_path / "none.docx", tmp_path):
        for words in (["verify", str(path)], ["codes", str(path)], ["trace", str(path), "a"]):
            still.do("report", *words, code=2)
            assert still.err.strip().count("\n") == 0
            assert "Traceback" not in still.err


def test_a_document_may_not_choose_what_is_read(still: Home, tmp_path: Path) -> None:
    """A recipe that names a file, or a kind that is none, is foreign."""
    raw = (still.folder / "b.html").read_text("utf-8")
    for old, new in (
        ('&quot;kind&quot;:&quot;bulletin&quot;', '&quot;kind&quot;:&quot;poster&quot;'),
        ('&quot;first&quot;:', '&quot;basis&quot;:&quot;/etc/passwd&quot;,&quot;first&quot;:'),
    ):  # fmt: skip
        path = tmp_path / "h.html"
        changed = raw.replace(old, new)
        assert changed != raw
        path.write_text(changed, "utf-8")
        still.do("report", "verify", str(path), code=2)
