"""``send``, ``office fetch`` and ``office post`` by command line, over folders."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from .line import Line

REGISTER = "kind,code,name,parent,registered\nbuilding,B1,1栋（演示）,,\ndoor,D1,101室,B1,1\n"


class Pair:
    """An office and a device that it enrolled, with a visit that nobody has but the device."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.office, self.device = (Line(folder / it, capture) for it in ("office", "device"))
        (folder / "r.csv").write_text(REGISTER, "utf-8")
        self.office.json("office", "init", "听枫街道（演示）")
        self.device.json("site", "import", str(folder / "r.csv"))
        self.device.json("visit", "log", "D1", "met")
        self.device.words("device", "card", "-o", str(folder / "d.card"))
        grant = str(folder / "d.grant")
        self.office.json("office", "enrol", str(folder / "d.card"), "-o", grant)
        self.device.json("receive", grant)
        self.id = self.device.json("device", "show")["device"]

    @property
    def stick(self) -> Path:
        """A folder to hand in to."""
        place = self.folder / "stick"
        place.mkdir(exist_ok=True)
        return place

    def letters(self) -> list[Path]:
        """Those that lie there for the device."""
        return sorted((self.stick / "letters" / self.id).glob("*.age"))

    def answered(self) -> None:
        """The office takes in what lies there and posts its receipt."""
        self.office.json("office", "merge", str(self.stick))
        self.office.json("office", "post", str(self.stick))


@pytest.fixture
def pair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Pair:
    """On one computer, with a clock that stands still."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    return Pair(tmp_path, capsys)


def test_there_and_back_again(pair: Pair) -> None:
    """Sent, merged, acknowledged, and then there is nothing more to send."""
    sent = pair.device.json("send", str(pair.stick))
    (file,) = pair.stick.glob("*.age")
    assert sent == {
        "sent": 1,
        "bytes": file.stat().st_size,
        "resumed": 0,
        "events": 4,
        "letters": 0,
        "receipts": 0,
    }
    pair.answered()
    assert len(pair.letters()) == 1
    back = pair.device.json("send", str(pair.stick))
    assert (back["sent"], back["events"], back["letters"], back["receipts"]) == (0, 0, 1, 1)
    assert "没有待交的记录" in pair.device.words("send", str(pair.stick))
    status = pair.office.json("office", "status")
    assert status["events"] == 4


def test_a_second_send_does_no_harm(pair: Pair) -> None:
    """Without a receipt the same file is offered again, and not a byte goes across."""
    pair.device.json("send", str(pair.stick))
    before = {it.name: it.read_bytes() for it in pair.stick.glob("*")}
    again = pair.device.json("send", str(pair.stick))
    assert (again["sent"], again["bytes"], again["events"]) == (1, 0, 4)
    assert {it.name: it.read_bytes() for it in pair.stick.glob("*")} == before
    merged = pair.office.json("office", "merge", str(pair.stick))
    assert (merged["bundles"], merged["events_new"]) == (1, 4)
    twice = pair.office.json("office", "merge", str(pair.stick))
    assert (twice["already_known"], twice["events_new"]) == (1, 0)


def test_half_a_file_is_gone_on_with(pair: Pair) -> None:
    """The stick was pulled; what lies there counts as across."""
    pair.device.json("send", str(pair.stick))
    (file,) = pair.stick.glob("*.age")
    raw = file.read_bytes()
    file.unlink()
    file.with_name(f"{file.name}.part").write_bytes(raw[:1000])
    again = pair.device.json("send", str(pair.stick))
    assert (again["resumed"], again["bytes"]) == (1, len(raw) - 1000)
    assert file.read_bytes() == raw
    assert "断后接着发" not in pair.device.words("send", str(pair.stick))


def test_a_letter_is_taken_in_before_anything_is_sealed(pair: Pair) -> None:
    """The office has had it by another way; what it acknowledges is not sent once more."""
    usb = pair.folder / "usb"
    pair.device.json("bundle", "create", "-o", str(usb))
    pair.office.json("office", "merge", str(usb))
    pair.office.json("office", "post", str(pair.stick))
    sent = pair.device.json("send", str(pair.stick))
    assert (sent["sent"], sent["receipts"]) == (0, 1)
    assert list(pair.stick.glob("*.age")) == []


def test_what_it_says(pair: Pair) -> None:
    """To people: what went, and that only a receipt is an answer."""
    text = pair.device.words("send", str(pair.stick))
    assert "已送到：4 条记录，1 个文件" in text
    assert "有回执才算交到" in text
    pair.answered()
    assert "收下来信 1 封" in pair.device.words("send", str(pair.stick))


def test_a_spoilt_letter_stops_nothing(pair: Pair) -> None:
    """It is named on stderr; the records go all the same, and the good letter is read."""
    pair.device.json("send", str(pair.stick))
    pair.answered()
    box = pair.letters()[0].parent
    (box / f"{'0' * 16}.age").write_bytes(b"damaged under way")
    pair.device.json("visit", "log", "D1", "absent")
    sent = pair.device.json("send", str(pair.stick))
    assert (sent["sent"], sent["letters"]) == (1, 1)
    assert pair.device.err.count("一封来信没有收下") == 1
    assert "0000000000000000.age" in pair.device.err
    assert len(list(pair.stick.glob("*.age"))) == 2


def test_a_letter_that_is_none_is_told_once(pair: Pair) -> None:
    """Whole, but not from the office: it will never be another, so it is not asked about again."""
    box = pair.stick / "letters" / pair.id
    box.mkdir(parents=True)
    raw = b"not sealed to anybody"
    (box / f"{hashlib.sha256(raw).hexdigest()[:16]}.age").write_bytes(raw)
    pair.device.json("send", str(pair.stick))
    assert "一封来信没有收下" in pair.device.err
    pair.device.json("send", str(pair.stick))
    assert pair.device.err == ""


def test_a_letter_to_somebody_else(pair: Pair) -> None:
    """Another device's receipt in this box is refused and changes nothing."""
    pair.device.json("send", str(pair.stick))
    pair.answered()
    other = Line(pair.folder / "other", pair.device.capture)
    card, grant = pair.folder / "e.card", pair.folder / "e.grant"
    other.words("device", "card", "-o", str(card))
    pair.office.json("office", "enrol", str(card), "-o", str(grant))
    other.json("receive", str(grant))
    other_id = other.json("device", "show")["device"]
    pair.letters()[0].parent.rename(pair.stick / "letters" / other_id)
    done = other.json("send", str(pair.stick))
    assert done["receipts"] == 0
    assert "一封来信没有收下" in other.err


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("nowhere", 1, "对方连不上"),
        ("gopher://x", 2, "不认识这种地址"),
        ("http://127.0.0.1:9", 1, "对方连不上"),
        ("http://", 1, "对方连不上"),
    ],
)
def test_where_nobody_is(pair: Pair, target: str, code: int, said: str) -> None:
    """One sentence with the mend; the records wait."""
    if "://" not in target:
        target = str(pair.folder / target)
    pair.device.words("send", target, "--patience", "0", code=code)
    assert said in pair.device.err
    assert len(pair.device.err.strip().splitlines()) == 1
    assert not (pair.folder / "nowhere").exists()
    assert pair.device.json("send", str(pair.stick))["events"] == 4


def test_a_file_is_no_folder(pair: Pair) -> None:
    """What lies there is not touched."""
    (pair.folder / "x").write_text("mine")
    pair.device.words("send", str(pair.folder / "x"), code=1)
    assert (pair.folder / "x").read_text() == "mine"


def test_without_the_extra(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    pair.device.words("send", "s3://bucket/town", code=2)
    assert "fieldkit[s3]" in pair.device.err


def test_nobody_enrolled_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how to be; nothing is put anywhere."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    (tmp_path / "stick").mkdir()
    alone = Line(tmp_path / "alone", capsys)
    alone.json("site", "import", str(tmp_path / "r.csv"))
    alone.words("send", str(tmp_path / "stick"), code=2)
    assert "还没有被任何办公室登记" in alone.err
    assert list((tmp_path / "stick").iterdir()) == []


class TestOffice:
    """The other side of a folder."""

    def test_fetch_and_merge(self, pair: Pair) -> None:
        """Once each; over there nothing changes."""
        pair.device.json("send", str(pair.stick))
        before = {it.name for it in pair.stick.iterdir()}
        done = pair.office.json("office", "fetch", str(pair.stick))
        assert (done["fetched"], done["already_here"], len(done["files"])) == (1, 0, 1)
        assert Path(done["files"][0]).read_bytes() == next(pair.stick.glob("*.age")).read_bytes()
        again = pair.office.json("office", "fetch", str(pair.stick))
        assert (again["fetched"], again["already_here"]) == (0, 1)
        assert {it.name for it in pair.stick.iterdir()} == before
        merged = pair.office.json("office", "merge", done["folder"])
        assert merged["events_new"] == 4
        assert "取回 0 个，1 个本来就在" in pair.office.words("office", "fetch", str(pair.stick))

    def test_a_spoilt_volume_is_not_fetched(self, pair: Pair) -> None:
        """What is not what its name says never lies there, and stops none of the others."""
        (pair.stick / f"{'0' * 16}.fkb.zip.age").write_bytes(b"damaged under way")
        pair.device.json("send", str(pair.stick))
        done = pair.office.json("office", "fetch", str(pair.stick), code=1)
        assert (done["fetched"], len(done["failed"])) == (1, 1)
        assert "文件名和内容对不上" in pair.office.err
        incoming = pair.office.home / "incoming"
        assert [str(it) for it in incoming.iterdir()] == done["files"]

    def test_post_to_one(self, pair: Pair) -> None:
        """By name or id; a stranger is none."""
        done = pair.office.json("office", "post", str(pair.stick), "--device", pair.id)
        assert [it["device"] for it in done["letters"]] == [pair.id]
        assert [it.name for it in pair.letters()] == [done["letters"][0]["file"]]
        assert "放好 1 封回执" in pair.office.words("office", "post", str(pair.stick))
        pair.office.words("office", "post", str(pair.stick), "--device", "f" * 32, code=2)

    @pytest.mark.parametrize("verb", ["fetch", "post"])
    def test_over_the_net_it_is_the_one_that_is_called(self, pair: Pair, verb: str) -> None:
        """An office's receiver is its own; nothing is dialled."""
        pair.office.words("office", verb, "http://127.0.0.1:9", code=2)
        assert "收件端" in pair.office.err
        pair.office.words("office", verb, str(pair.folder / "nowhere"), code=1)
        assert "对方连不上" in pair.office.err
        pair.device.words("office", verb, str(pair.stick), code=2)
