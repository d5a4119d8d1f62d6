"""Choosing a file by keyboard: places, folders, typed paths, and what cannot be read."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual.events import Paste

from fieldkit.text.width import cell_width
from fieldkit.tui.screens.files import FilesScreen
from fieldkit.tui.screens.preview import PreviewScreen
from fieldkit.work import bookmarks, folders

Open = Callable[..., AbstractAsyncContextManager[Any]]
Golden = Callable[[str, list[str]], None]
SIZES = [(80, 24), (120, 40)]
NEWEST = 1_795_401_720  # 2026-11-23 10:42 at +08:00


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> None:
    """A terminal with all colours, a person with a home of their own and no sticks."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    person = tmp_path_factory.mktemp("person")
    monkeypatch.setenv("HOME", str(person))
    (person / "图片").mkdir()
    monkeypatch.setattr(folders, "_MOUNTS", ())
    monkeypatch.setattr(folders, "_phones", list)


@pytest.fixture
def photos(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two pictures, a note, a table and a folder; the note is the newest. The path is short."""
    place = Path(tempfile.mkdtemp(prefix="k"))
    yield filled(place / "照片")
    # A test may have put other functions of the system in place.
    monkeypatch.undo()
    shutil.rmtree(place)


def filled(folder: Path) -> Path:
    """The folder with its files."""
    (folder / "旧的").mkdir(parents=True)
    Image.new("RGB", (40, 20), (200, 30, 40)).save(folder / "b公示栏.png")
    Image.new("RGB", (40, 20), (20, 30, 240)).save(folder / "a门岗.jpg")
    for name in ("b公示栏.png", "a门岗.jpg"):
        # The same size whatever the encoder makes of it; what follows a picture is ignored.
        raw = (folder / name).read_bytes()
        (folder / name).write_bytes(raw.ljust(40 * 1024, b"\0"))
    (folder / "说明.txt").write_text("x", "utf-8")
    (folder / "汇总.xlsx").write_bytes(b"PK\x03\x04")
    (folder / ".hidden.jpg").write_bytes(b"")
    names = ("说明.txt", "b公示栏.png", "a门岗.jpg", "汇总.xlsx")
    for name, age in zip(names, (0, 1, 20, 400), strict=True):
        os.utime(folder / name, (NEWEST - age * 86_400,) * 2)
    return folder


async def settled(hand: Any) -> None:
    """All reading done and shown."""
    for _ in range(4):
        await hand.pilot.pause()
        await hand.app.workers.wait_for_complete()


async def opened_at(hand: Any, folder: Path | None) -> list[Any]:
    """The screen over a folder, and where its choice goes."""
    chosen: list[Any] = []
    hand.app.push_screen(FilesScreen(folder), chosen.append)
    await settled(hand)
    return chosen


def names(hand: Any) -> list[str]:
    """What the list holds."""
    return [row.text for row in hand.screen.picks.rows]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen_looks_as_kept(
    opened: Open, photos: Path, size: tuple[int, int], golden: Golden, monkeypatch: Any
) -> None:
    """The facts stand under the list or beside it; the picture itself is blanks of colour."""
    monkeypatch.chdir(photos.parent)
    async with opened(size) as hand:
        await opened_at(hand, photos)
        await hand.press("down")
        await settled(hand)
        assert hand.screen.preview.has_picture
        tag = f"{size[0]}x{size[1]}"
        where = str(photos)
        lines = [line.replace(where, "/照片") for line in hand.lines]
        golden(f"files-{tag}", lines)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_newest_file_is_found_by_typing(
    opened: Open, photos: Path, size: tuple[int, int]
) -> None:
    """Folders first, then by time; by name on F6; typing narrows; Enter takes."""
    async with opened(size) as hand:
        chosen = await opened_at(hand, photos)
        assert names(hand) == ["..", "旧的", "说明.txt", "b公示栏.png", "a门岗.jpg", "汇总.xlsx"]
        assert hand.screen.picks.current.text == "说明.txt"
        asides = [re.split(r"\s{2,}", row.aside)[0] for row in hand.screen.picks.rows[2:]]
        assert asides == ["今天 10:42", "昨天 10:42", "11月3日", "2025-10-19"]
        await hand.press("f6")
        await settled(hand)
        assert names(hand)[2:] == sorted(names(hand)[2:])
        assert hand.screen.picks.current.text == "说明.txt"
        await hand.type("公示")
        await hand.press("enter")
        await settled(hand)
        assert chosen == [photos / "b公示栏.png"]
        assert folders.places(hand.app.ws)[0].path == photos


@pytest.mark.asyncio
async def test_what_is_no_evidence_is_faint_but_can_be_taken(opened: Open, photos: Path) -> None:
    """The ending dims, it never refuses: the store decides by the bytes."""
    async with opened() as hand:
        chosen = await opened_at(hand, photos)
        assert [row.text for row in hand.screen.picks.rows if row.faint] == ["汇总.xlsx"]
        await hand.type("汇总")
        await settled(hand)
        assert "不能作证据" in hand.text
        await hand.press("enter")
        await settled(hand)
        assert chosen == [photos / "汇总.xlsx"]


@pytest.mark.asyncio
async def test_up_to_the_places_and_down_again(opened: Open, photos: Path) -> None:
    """F4 goes up with the cursor where one was; over the topmost folder are the places."""
    async with opened() as hand:
        chosen = await opened_at(hand, photos)
        await hand.press("up", "enter")
        await settled(hand)
        assert "这里没有文件" in hand.text
        await hand.press("f4")
        await settled(hand)
        assert hand.screen.picks.current.text == "旧的"
        for _ in photos.parents:
            await hand.press("f4")
            await settled(hand)
        await hand.press("f4")
        await settled(hand)
        assert names(hand) == ["图片", "个人文件夹"]
        assert not {"f3", "f4", "f6"} & hand.offered
        await hand.press("enter")
        await settled(hand)
        assert "图片" in hand.lines[1]
        await hand.press("f3")
        await settled(hand)
        assert hand.screen.picks.current.text == "图片"
        await hand.press("f2")
        assert chosen == [None]


@pytest.mark.asyncio
async def test_the_folder_used_last_comes_first(opened: Open, photos: Path) -> None:
    """Taking a file once makes its folder the first place the next time."""
    async with opened() as hand:
        bookmarks.remember(hand.app.ws, folders.LAST, str(photos))
        chosen = await opened_at(hand, None)
        assert names(hand)[0] == "上次用的"
        await hand.press("enter")
        await settled(hand)
        await hand.press("enter")
        await settled(hand)
        assert chosen == [photos / "说明.txt"]


@pytest.mark.asyncio
@pytest.mark.parametrize("spelling", ["{}", "'{}'", "“{}”", "file://{}"])
async def test_a_pasted_path_is_taken(opened: Open, photos: Path, spelling: str) -> None:
    """Pasted as a person or a terminal writes it; its picture is seen before Enter."""
    path = photos / "a门岗.jpg"
    async with opened() as hand:
        chosen = await opened_at(hand, photos / "旧的")
        hand.app.post_message(Paste(spelling.format(path)))
        await settled(hand)
        assert hand.screen.preview.path == path
        assert hand.screen.preview.has_picture
        await hand.press("enter")
        await settled(hand)
        assert chosen == [path]


@pytest.mark.asyncio
async def test_a_typed_folder_is_opened_and_a_wrong_path_told(opened: Open, photos: Path) -> None:
    """Short ones begin where one is; a mistake leaves what is typed to be mended."""
    async with opened() as hand:
        await opened_at(hand, photos)
        await hand.type("旧的/")
        await hand.press("enter")
        await settled(hand)
        assert hand.lines[1].endswith("旧的")
        await hand.type("../没有.jpg")
        await hand.press("enter")
        await settled(hand)
        assert "没有这个文件或文件夹" in hand.text
        assert "没有.jpg" in hand.screen.query_one("#editor").value
        await hand.type("file://elsewhere/a.jpg")
        await hand.press("enter")
        await settled(hand)
        assert "这不是一个文件路径" in hand.text


@pytest.mark.asyncio
async def test_a_folder_that_cannot_be_read_says_so(
    opened: Open, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are shown, the list stays and still works."""
    real = os.scandir

    def denied(folder: Any) -> Any:
        if Path(folder).name == "旧的":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(folder)

    monkeypatch.setattr(folders.os, "scandir", denied)
    async with opened() as hand:
        chosen = await opened_at(hand, photos)
        await hand.press("up", "enter")
        await settled(hand)
        assert "打不开" in hand.screen.status.text
        assert "说明.txt" in names(hand)
        await hand.press("down", "enter")
        await settled(hand)
        assert chosen == [photos / "说明.txt"]


@pytest.mark.asyncio
async def test_a_start_that_is_gone_leads_to_the_places(opened: Open, photos: Path) -> None:
    """A stick that was pulled out: said, and something to go on with."""
    async with opened() as hand:
        await opened_at(hand, photos / "gone")
        assert "没有这个文件或文件夹" in hand.screen.status.text
        assert names(hand) == ["图片", "个人文件夹"]


@pytest.mark.asyncio
async def test_hostile_names_are_only_text(opened: Open, photos: Path) -> None:
    """Markup, escapes, reversed text, bytes that are no text: shown, never obeyed, and taken."""
    hostile = [
        "[red]x[b].jpg",
        "a\x1b[31mb.jpg",
        "\u202egpj.exe",
        "👨‍👩‍👧.jpg",
        "\udcff\udcfe.jpg",
        "长" * 80,
    ]
    for name in hostile:
        (photos / name).write_bytes(b"x")
    async with opened() as hand:
        chosen = await opened_at(hand, photos)
        seen = ""
        hand.screen.picks.move(-99)
        for _ in names(hand):
            seen += hand.text
            assert all(cell_width(line) <= 80 for line in hand.lines)
            await hand.press("down")
            await settled(hand)
        assert "[red]x[b]" in seen
        assert "<U+202E>" in seen
        assert "<U+001B>" in seen
        assert not {"\x1b", "\u202e", "\udcff"} & set(seen)
        place = next(i for i, row in enumerate(hand.screen.picks.rows) if "\udcff" in row.key)
        hand.screen.picks.move(-99)
        hand.screen.picks.move(place)
        await hand.press("enter")
        await settled(hand)
        assert os.fsencode(chosen[0]).endswith(b"/\xff\xfe.jpg")


@pytest.mark.asyncio
async def test_a_click_shows_a_second_one_takes(opened: Open, photos: Path) -> None:
    """A folder opens at once, a file is looked at first."""
    async with opened((120, 40)) as hand:
        chosen = await opened_at(hand, photos)
        row = next(y for y, line in enumerate(hand.lines) if "a门岗.jpg" in line)
        await hand.pilot.click(offset=(10, row))
        await settled(hand)
        assert chosen == []
        assert hand.screen.preview.path == photos / "a门岗.jpg"
        await hand.pilot.click(offset=(10, row), times=1)
        await settled(hand)
        assert chosen == [photos / "a门岗.jpg"]


@pytest.mark.asyncio
async def test_one_file_as_large_as_the_screen_and_back(opened: Open, photos: Path) -> None:
    """F7 there, any way back keeps the list where it was."""
    async with opened() as hand:
        await opened_at(hand, photos)
        await hand.press("down", "f7")
        await settled(hand)
        assert isinstance(hand.screen, PreviewScreen)
        assert "40 x 20" in hand.text
        await hand.press("enter")
        assert isinstance(hand.screen, FilesScreen)
        assert hand.screen.picks.current.text == "b公示栏.png"


def test_a_large_folder_lists_its_newest(tmp_path: Path) -> None:
    """What is left out is counted; by name as well it is the newest that are kept."""
    for number in range(folders.MOST + 5):
        path = tmp_path / f"{number:05}.jpg"
        path.touch()
        os.utime(path, (NEWEST + number,) * 2)
    found = folders.inside(tmp_path)
    assert (len(found.entries), found.more) == (folders.MOST, 5)
    assert found.entries[0].path.name == f"{folders.MOST + 4:05}.jpg"
    named = folders.inside(tmp_path, newest=False)
    assert [one.path.name for one in named.entries[:2]] == ["00005.jpg", "00006.jpg"]


@pytest.mark.asyncio
async def test_a_large_folder_says_that_it_is_cut(opened: Open, tmp_path: Path) -> None:
    """How many there are to see and how many are not."""
    many = tmp_path / "many"
    many.mkdir()
    for number in range(folders.MOST + 3):
        (many / f"{number}.jpg").touch()
    async with opened() as hand:
        await opened_at(hand, many)
        assert f"只列最新的 {folders.MOST} 个，还有 3 个没列" in hand.screen.status.text


def test_reading_a_folder_can_be_given_up(tmp_path: Path) -> None:
    """Whoever leaves does not wait for the rest."""
    for number in range(20):
        (tmp_path / f"{number}.jpg").touch()
    assert folders.inside(tmp_path, stopped=lambda: True).entries == ()


def test_only_folders_and_plain_files_are_listed(tmp_path: Path) -> None:
    """No pipes, which never end, and no links to nothing."""
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nothing")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    (tmp_path / "real.jpg").touch()
    found = {one.path.name for one in folders.inside(tmp_path).entries}
    assert found == {"link.jpg", "real.jpg"}


def test_sticks_and_cameras_are_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """Mounted ones only; the photos of a camera before the whole card."""
    from fieldkit.work.workspace import Workspace

    base = tmp_path / "media"
    (base / "wang" / "EOS" / "DCIM").mkdir(parents=True)
    (base / "wang" / "left behind").mkdir()
    monkeypatch.setattr(folders, "_MOUNTS", (str(base),))
    monkeypatch.setattr(folders.os.path, "ismount", lambda path: Path(path).name == "EOS")
    with Workspace.open(home) as ws:
        found = [(one.title, one.path.name) for one in folders.places(ws)]
    assert found[:2] == [("相机或手机照片", "DCIM"), ("U 盘或外接盘", "EOS")]
    assert "left behind" not in [name for _title, name in found]


def test_a_folder_without_a_name_in_text_is_not_remembered(home: Path, tmp_path: Path) -> None:
    """It is used all the same; only the bookmark is left as it was."""
    from fieldkit.work.workspace import Workspace

    with Workspace.open(home) as ws:
        folders.remember(ws, tmp_path / "好" / "a.jpg")
        folders.remember(ws, tmp_path / "\udcff" / "a.jpg")
        assert bookmarks.recall(ws, folders.LAST) == str(tmp_path / "好")
