"""Photos lose where they were taken and nothing that shows."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from fieldkit.store import exif

ORIENTATION, GPS, ARTIST = 0x0112, 0x8825, 0x013B
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>24,53.5N</exif:GPSLatitude></x:xmpmeta>'
)
TRACES = (b"GPSLatitude", b"ZhangSan", b"2026:11:12", b"Apple", b"Picsel", b"LOCATION", b"ftypmp42")


def _exif(orientation: int | None = 6) -> Image.Exif:
    block = Image.Exif()
    if orientation is not None:
        block[ORIENTATION] = orientation
    block[ARTIST] = "ZhangSan"
    block[0x010F] = "Apple"
    block[0x0132] = "2026:11:12 09:30:00"
    block.get_ifd(GPS).update({1: "N", 2: (24.0, 53.0, 30.0), 3: "E", 4: (118.0, 40.0, 12.0)})
    return block


def _picture(mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (37, 23))
    image.putdata([(x * 7 % 256, x * 13 % 256, x * 29 % 256) for x in range(37 * 23)])
    return image.convert(mode)


def _saved(kind: str, mode: str = "RGB", orientation: int | None = 6, **more: Any) -> bytes:
    out = io.BytesIO()
    _picture(mode).save(out, kind, exif=_exif(orientation), **more)
    return out.getvalue()


def _jpeg(**more: Any) -> bytes:
    return _saved("JPEG", xmp=XMP, comment=b"LOCATION 24.89,118.67", **more)


def _png(**more: Any) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "LOCATION 24.89,118.67")
    info.add_text("Source", "LOCATION zipped", zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    info.add(b"tIME", bytes((7, 234, 11, 12, 9, 30, 0)))
    return _saved("PNG", pnginfo=info, **more)


def _webp(**more: Any) -> bytes:
    return _saved("WEBP", xmp=XMP, **more)


def _rgba(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw)) as image:
        return image.convert("RGBA").tobytes()


CASES = [
    ("jpg", _jpeg()),
    ("jpg", _jpeg(progressive=True)),
    ("jpg", _jpeg(mode="CMYK")),
    ("jpg", _jpeg(mode="L", restart_marker_blocks=2)),
    ("jpg", _jpeg(icc_profile=b"x" * 70000)),
    ("png", _png()),
    ("png", _png(mode="P")),
    ("png", _png(mode="LA")),
    ("webp", _webp()),
    ("webp", _webp(lossless=True)),
    ("webp", _webp(mode="RGBA")),
]


@pytest.mark.parametrize(("ext", "raw"), CASES)
def test_location_goes_and_pixels_stay(ext: str, raw: bytes) -> None:
    """No trace of place, owner or time is left; pixels, colour profile and turn survive."""
    assert exif.has_location(ext, raw)
    clean = exif.cleaned(ext, raw)
    assert not exif.has_location(ext, clean)
    assert [trace for trace in TRACES if trace in clean] == []
    assert _rgba(clean) == _rgba(raw)
    with Image.open(io.BytesIO(clean)) as image, Image.open(io.BytesIO(raw)) as before:
        assert dict(image.getexif()) == {ORIENTATION: 6}
        assert not image.getexif().get_ifd(GPS)
        assert image.mode == before.mode
        assert image.info.get("icc_profile") == before.info.get("icc_profile")
        assert "xmp" not in image.info
        assert "comment" not in image.info


@pytest.mark.parametrize(("ext", "raw"), CASES)
def test_cleaning_twice_changes_nothing(ext: str, raw: bytes) -> None:
    """A cleaned photo is a fixed point, so its digest is stable when it is added again."""
    clean = exif.cleaned(ext, raw)
    assert exif.cleaned(ext, clean) == clean


@pytest.mark.parametrize("turn", [None, 1, 2, 3, 4, 5, 7, 8])
@pytest.mark.parametrize("make", [_jpeg, _png, _webp])
def test_each_turn_survives(turn: int | None, make: Any) -> None:
    """Only a real turn is written back; an upright photo carries no EXIF at all."""
    ext = {"_jpeg": "jpg", "_png": "png", "_webp": "webp"}[make.__name__]
    with Image.open(io.BytesIO(exif.cleaned(ext, make(orientation=turn)))) as image:
        expected = {} if turn in (None, 1) else {ORIENTATION: turn}
        assert dict(image.getexif()) == expected


def test_big_endian_and_nonsense_orientation() -> None:
    """Cameras write either byte order; a turn out of range counts as none."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, 8, 0)
    block = b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    assert exif.orientation_of(block) == 8
    assert exif.orientation_of(b"Exif\0\0" + block) == 8
    assert exif.orientation_of(block.replace(b"\x00\x08\x00\x00\0", b"\x00\x63\x00\x00\0")) == 1
    assert exif.orientation_of(b"II*\x00\xff\xff\xff\xff") == 1
    assert exif.orientation_of(b"") == 1


def test_what_follows_the_picture_is_left_behind() -> None:
    """Second images and film clips glued to a photo carry positions of their own."""
    tail = b"\x00\x00\x00\x18ftypmp42LOCATION" + _jpeg()
    for ext, raw in CASES:
        assert exif.cleaned(ext, raw + tail) == exif.cleaned(ext, raw)


def test_makers_segments_go() -> None:
    """Photoshop, C2PA, multi-picture and unknown segments are not copied."""
    raw = _jpeg()
    for marker in (0xED, 0xEB, 0xE2, 0xE5, 0xEF, 0xE0):
        extra = bytes((0xFF, marker, 0, 18)) + b"LOCATION:24.89.."
        assert b"LOCATION" not in exif.cleaned("jpg", raw[:2] + extra + raw[2:])


def test_metadata_between_scans_goes() -> None:
    """A progressive photo has segments between its scans; metadata there is found too."""
    raw = _jpeg(progressive=True)
    second = raw.index(b"\xff\xda", raw.index(b"\xff\xda") + 2)
    extra = b"\xff\xe1\x00\x12" + b"LOCATION:24.89.."
    clean = exif.cleaned("jpg", raw[:second] + extra + raw[second:])
    assert b"LOCATION" not in clean
    assert _rgba(clean) == _rgba(raw)


def test_moving_webp_keeps_its_frames() -> None:
    """An animated WebP keeps every frame and loses the metadata."""
    out = io.BytesIO()
    frames = [_picture(), _picture().rotate(90), _picture().rotate(180)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], exif=_exif(), xmp=XMP)
    clean = exif.cleaned("webp", out.getvalue())
    with Image.open(io.BytesIO(clean)) as image:
        assert getattr(image, "n_frames", 1) == 3
    assert b"GPSLatitude" not in clean
    assert not exif.has_location("webp", clean)


@pytest.mark.parametrize(("ext", "raw"), CASES)
def test_every_cut_is_noticed(ext: str, raw: bytes) -> None:
    """A photo cut at any place is refused, never taken for whole and never a crash."""
    whole = exif.cleaned(ext, raw)
    step = max(1, len(whole) // 150)
    for end in [*range(0, len(whole), step), len(whole) - 1]:
        with pytest.raises(exif.Damaged):
            exif.cleaned(ext, whole[:end])


def test_png_with_wrong_checksum_is_damaged() -> None:
    """One flipped bit in a PNG is noticed by its checksum."""
    raw = bytearray(_png())
    raw[raw.index(b"IDAT") + 9] ^= 1
    with pytest.raises(exif.Damaged):
        exif.cleaned("png", bytes(raw))


@settings(max_examples=50, deadline=None)
@given(
    case=st.sampled_from(CASES),
    changes=st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(max_size=6)), max_size=6),
)
def test_crafted_pictures_never_crash(
    case: tuple[str, bytes], changes: list[tuple[int, bytes]]
) -> None:
    """Damage anywhere ends in a clean picture or in ``Damaged``, and GPS never gets through."""
    ext, raw = case
    for place, new in changes:
        at = place % len(raw)
        raw = raw[:at] + new + raw[at + len(new) // 2 :]
    try:
        clean = exif.cleaned(ext, raw)
    except exif.Damaged:
        return
    assert not exif.has_location(ext, clean)
    assert exif.cleaned(ext, clean) == clean


@settings(max_examples=50, deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"\xff\xd8\xff", exif.PNG_SIGNATURE, b"RIFF\xff\0\0\0WEBPVP8X", b"\xff\xd8\xff\xe1"]
    ),
    rest=st.binary(max_size=300),
)
def test_noise_never_crashes(start: bytes, rest: bytes) -> None:
    """Bytes that only look like pictures end in ``Damaged`` or a result, for each kind."""
    for ext in ("jpg", "png", "webp"):
        exif.has_location(ext, start + rest)
        try:
            exif.cleaned(ext, start + rest)
        except exif.Damaged:
            continue
