"""Previews: pictures small and upright, facts without them, and nothing that breaks."""

from __future__ import annotations

import builtins
import os
import struct
import zlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fieldkit.tui import pictures
from fieldkit.tui.screens.files import FilesScreen
from fieldkit.tui.widgets import preview
from fieldkit.tui.widgets.preview import size

Open = Callable[..., AbstractAsyncContextManager[Any]]
RED, BLUE = (210, 30, 30), (30, 30, 210)


def photo(path: Path, *, turn: int = 1, across: int = 400, down: int = 200, **more: Any) -> Path:
    """Left half red, right half blue, as the sensor saw it."""
    image = Image.new("RGB", (across, down), RED)
    image.paste(BLUE, (across // 2, 0, across, down))
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x0132] = "2024:05:06 07:08:09"
    image.save(path, exif=exif, **more)
    return path


def near(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    """The same colour but for what JPEG makes of it."""
    return all(abs(a - b) < 25 for a, b in zip(found, wanted, strict=True))


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with all colours."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


async def looked(hand: Any, folder: Path) -> str:
    """The screen over a folder with the preview of its newest file; returns the colours' text."""
    hand.app.push_screen(FilesScreen(folder))
    for _ in range(4):
        await hand.pilot.pause()
        await hand.app.workers.wait_for_complete()
    return str(hand.text)


def painted(hand: Any) -> set[tuple[int, int, int]]:
    """All backgrounds on the screen."""
    return {
        tuple(segment.style.bgcolor.triplet)
        for strip in hand.screen._compositor.render_strips()
        for segment in strip
        if segment.style and segment.style.bgcolor and segment.style.bgcolor.triplet
    }


# Decoding


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_a_picture_fits_and_keeps_its_proportions(tmp_path: Path, ending: str) -> None:
    """As wide as there is room, half as high."""
    path = photo(tmp_path / f"a.{ending}")
    found = pictures.read(path, 20, 20)
    assert found is not None
    assert (found.kind, found.width, found.height) == (ending, 400, 200)
    assert (len(found.rows[0]), len(found.rows)) == (20, 10)
    assert near(found.rows[5][1], RED)
    assert near(found.rows[5][18], BLUE)


@pytest.mark.parametrize(
    ("turn", "red_at"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"),
     (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)  # fmt: skip
def test_pictures_stand_upright(tmp_path: Path, turn: int, red_at: str) -> None:
    """Each way a camera can be held, with the size as it is seen."""
    found = pictures.read(photo(tmp_path / "a.jpg", turn=turn, quality=95), 20, 20)
    assert found is not None
    lying = turn >= 5
    assert (found.width, found.height) == ((200, 400) if lying else (400, 200))
    rows = found.rows
    sides = {"left": rows[5][1], "right": rows[5][-2], "top": rows[1][5], "bottom": rows[-2][5]}
    assert near(sides[red_at], RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_is_drawn(tmp_path: Path, mode: str) -> None:
    """Palettes, greys, holes, print colours."""
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (30, 30)).save(path)
    found = pictures.read(path, 10, 10)
    assert found is not None
    assert len(found.rows) == 10
    assert all(0 <= value < 256 for row in found.rows for pixel in row for value in pixel)


def test_holes_are_grey(tmp_path: Path) -> None:
    """What lies under a hole is not the picture's colour."""
    path = tmp_path / "a.png"
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(path)
    found = pictures.read(path, 10, 10)
    assert found is not None
    assert found.rows[0][0] == (128, 128, 128)


def bomb(path: Path, across: int, down: int) -> Path:
    """A small file that says it is a large picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + crc

    head = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def test_bombs_are_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoder is not even asked, however large the file says it is."""

    def never(*_args: Any, **_more: Any) -> Any:
        raise AssertionError("asked")

    monkeypatch.setattr(Image, "open", never)
    for across in (10_000, 60_000, 2**31 - 1):
        found = pictures.read(bomb(tmp_path / "bomb.png", across, 9_000), 10, 10)
        assert found == pictures.Picture("png", across, 9_000)


def test_a_photo_cut_short_is_no_picture(tmp_path: Path) -> None:
    """Half a copy: no pixels, no fault, and the facts that can be had."""
    path = photo(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes()[:-400])
    assert pictures.read(path, 10, 10) is None
    assert (pictures.facts(path).width, pictures.facts(path).height) == (400, 200)


def test_other_files_have_facts_only(tmp_path: Path) -> None:
    """The bytes tell what it is, whatever the name says."""
    for content, kind in [
        (b"%PDF-1.7\n", "pdf"),
        ("说明".encode(), "txt"),
        (b"\0\0\0\x18ftypheic\0\0", "heic"),
        (b"PK\x03\x04\0", ""),
        (b"", ""),
    ]:
        path = tmp_path / "a.jpg"
        path.write_bytes(content)
        assert pictures.facts(path) == pictures.Facts(kind, len(content))
        assert pictures.read(path, 10, 10) is None


def test_pipes_and_folders_are_refused(tmp_path: Path) -> None:
    """Nobody waits for the end of a pipe."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nothing"):
        with pytest.raises(OSError):
            pictures.facts(path)
        assert pictures.read(path, 10, 10) is None


HEADS = st.sampled_from(
    [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBPVP8X", b"RIFF....WEBPVP8L",
     b"RIFF....WEBP", b"\xff\xd8\xff\xe1\0\x04..\xff\xc0", b""]
)  # fmt: skip


@given(HEADS, st.binary(max_size=300))
def test_any_bytes_give_facts(tmp_path_factory: Any, head: bytes, rest: bytes) -> None:
    """Whatever follows a proper beginning: an answer, never a fault."""
    path = tmp_path_factory.getbasetemp() / "any.jpg"
    path.write_bytes(head + rest)
    found = pictures.facts(path)
    assert found.size == len(head + rest)
    assert found.width >= 0
    picture = pictures.read(path, 8, 8)
    assert picture is None or len(picture.rows) <= 8


def test_without_the_decoder_there_are_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is not installed: type, pixels and size all the same."""
    path = photo(tmp_path / "a.jpg")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    real = builtins.__import__

    def absent(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith("PIL"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    assert not pictures.available()
    assert pictures.read(path, 10, 10) is None
    found = pictures.facts(path)
    assert (found.kind, found.width, found.height) == ("jpg", 400, 200)


# On the screen


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_the_picture_is_drawn_in_blanks(
    opened: Open, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Colours of the picture on the screen; its date nowhere, and no block characters."""
    folder = tmp_path / "f"
    folder.mkdir()
    photo(folder / "a.png")
    os.utime(folder / "a.png", (1_700_000_000,) * 2)
    async with opened(size) as hand:
        text = await looked(hand, folder)
        assert {RED, BLUE} <= painted(hand)
        assert "400 x 200 像素" in text
        assert "PNG" in text
        assert "07:08" not in text
        assert not any("\u2580" <= sign <= "\u259f" for sign in text)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("environ", "theme"),
    [({"NO_COLOR": "1"}, ""), ({}, "field-plain"), ({"COLORTERM": "", "TERM": "xterm"}, ""),
     ({"COLORTERM": "", "TERM": "linux"}, "")],
)  # fmt: skip
async def test_few_colours_show_facts_only(
    opened: Open, tmp_path: Path, environ: dict[str, str], theme: str, monkeypatch: Any
) -> None:
    """Without colours, with sixteen, or in the plain theme nothing is painted."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "f"
    folder.mkdir()
    photo(folder / "a.png")
    async with opened() as hand:
        if theme:
            hand.app.theme = theme
        assert "400 x 200 像素" in await looked(hand, folder)
        assert not hand.screen.preview.has_picture


@pytest.mark.asyncio
async def test_the_picture_follows_the_window(
    opened: Open, tmp_path: Path, monkeypatch: Any
) -> None:
    """256 colours are enough, and a larger window gets a larger picture."""
    monkeypatch.setenv("COLORTERM", "")
    folder = tmp_path / "f"
    folder.mkdir()
    photo(folder / "a.png")
    async with opened() as hand:
        await looked(hand, folder)
        small = len(hand.screen.preview._rows[0])
        await hand.pilot.resize_terminal(120, 40)
        for _ in range(4):
            await hand.pilot.pause()
            await hand.app.workers.wait_for_complete()
        assert len(hand.screen.preview._rows[0]) > small > 0


@pytest.mark.asyncio
async def test_a_broken_picture_is_told_in_words(opened: Open, tmp_path: Path) -> None:
    """A sentence beside the facts; the screen goes on."""
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "坏.jpg").write_bytes(b"\xff\xd8\xff\xe0broken")
    bomb(folder / "炸.png", 50_000, 50_000)
    (folder / "iphone.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    for age, name in enumerate(("坏.jpg", "炸.png", "iphone.jpg")):
        os.utime(folder / name, (1_790_000_000 - age,) * 2)
    async with opened() as hand:
        assert "可能已损坏" in await looked(hand, folder)
        for words in ("这张图太大", "请先另存为 JPEG"):
            await hand.press("down")
            for _ in range(3):
                await hand.pilot.pause()
                await hand.app.workers.wait_for_complete()
            assert words in hand.text


@pytest.mark.asyncio
async def test_only_the_last_wish_is_read(opened: Open, tmp_path: Path, monkeypatch: Any) -> None:
    """Who runs through a list waits for one picture, not for all of them."""
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(20):
        photo(folder / f"{number:02}.png", across=40, down=20)
        os.utime(folder / f"{number:02}.png", (1_790_000_000 - number,) * 2)
    async with opened() as hand:
        await looked(hand, folder)
        read: list[str] = []
        real = pictures.read

        def counted(path: Path, *room: int) -> Any:
            read.append(path.name)
            return real(path, *room)

        monkeypatch.setattr(preview.pictures, "read", counted)
        for number in range(1, 20):
            hand.screen.preview.look(folder / f"{number:02}.png")
        for _ in range(4):
            await hand.pilot.pause()
            await hand.app.workers.wait_for_complete()
        assert read == ["01.png", "19.png"]
        assert hand.screen.preview.has_picture


def test_sizes_in_words() -> None:
    """Cut off, never rounded up."""
    assert [size(n) for n in (0, 1023, 1024, 1_048_575, 5 << 30)] == [
        "0 字节", "1023 字节", "1 KB", "1023.9 KB", "5 GB",
    ]  # fmt: skip
