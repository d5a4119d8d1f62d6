"""What a bad camera sees of a good screen, and what is read of it (FERRY: G6, G7, G11)."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from fieldkit_sync.ferry import draw, plan
from fieldkit_sync.ferry.receive import Receiver
from fieldkit_sync.ferry.scan import Scanner
from fieldkit_sync.ferry.send import Stream, picture

from . import camera

PAYLOAD = random.Random(4).randbytes(60_000)


def _screen(stream: Stream, layout: plan.Layout, wide: int = 8, high: int = 16) -> Image.Image:
    modules, _first = picture(stream, layout)
    return Image.open(io.BytesIO(draw.png(modules, layout.mode, wide, high)))


@pytest.mark.parametrize(
    ("version", "across", "fill", "blur"),
    [(20, 1, 0.85, 2.0), (25, 1, 0.85, 1.5), (15, 1, 0.6, 2.0), (24, 2, 0.9, 1.3)],
)
def test_nearly_every_capture_is_read(version: int, across: int, fill: float, blur: float) -> None:
    """Turned, bent, unevenly lit, blurred, noisy: what is read is right, and it is nearly all."""
    stream, scanner = Stream(PAYLOAD, plan.net(version)), Scanner()
    layout, found = plan.Layout(version, across, "lower"), 0
    receiver = Receiver()
    for seed in range(12):
        for text in scanner.texts(
            camera.shoot(_screen(stream, layout), seed, fill=fill, blur=blur)
        ):
            receiver.take(text)
            found += 1
    assert found >= 0.95 * 12 * across
    assert receiver.standing.broken == 0
    assert receiver.standing.used == found


@pytest.mark.parametrize("mode", plan.MODES)
@pytest.mark.parametrize(("wide", "high"), [(7, 16), (8, 16), (9, 18), (8, 12)])
def test_cells_of_any_shape(mode: plan.Mode, wide: int, high: int) -> None:
    """The three ways of drawing, in terminals whose cells are narrower or wider."""
    stream, scanner = Stream(PAYLOAD, plan.net(10)), Scanner()
    screen = _screen(stream, plan.Layout(10, 1, mode), wide, high)
    assert len(scanner.texts(camera.shoot(screen, 5, blur=1.2))) == 1


def test_dark_seams_are_closed() -> None:
    """Two dark rows of pixels between the rows of cells, as some fonts leave them."""
    stream, scanner = Stream(PAYLOAD, plan.net(10)), Scanner()
    seen = 0
    for seed in range(6):
        screen = _screen(stream, plan.Layout(10, 1, "lower")).convert("L")
        for y in range(16, screen.height, 16):
            screen.paste(0, (0, y - 1, screen.width, y + 1))
        seen += len(scanner.texts(camera.shoot(screen, seed, blur=1.0)))
    assert seen >= 5


def test_light_on_dark_is_read_from_a_photo() -> None:
    """A terminal that turns colours round."""
    stream, scanner = Stream(PAYLOAD, plan.net(10)), Scanner()
    screen = _screen(stream, plan.Layout(10, 1, "lower")).convert("L")
    turned = screen.point(lambda level: 255 - level)
    assert len(scanner.texts(turned, photo=True)) == 1


def test_torn_and_blended_pictures_are_not_read_wrongly() -> None:
    """The upper part of one screen over the lower part of the next, and both at once."""
    stream, scanner, receiver = Stream(PAYLOAD, plan.net(8)), Scanner(), Receiver()
    chance, layout = random.Random(2), plan.Layout(8, 1, "lower")
    before = _screen(stream, layout).convert("L")
    for _n in range(60):
        after = _screen(stream, layout).convert("L")
        seam = chance.randrange(1, after.height)
        torn = before.copy()
        torn.paste(after.crop((0, seam, after.width, after.height)), (0, seam))
        for seen in (torn, Image.blend(before, after, chance.uniform(0.3, 0.7))):
            for text in scanner.texts(seen):
                receiver.take(text)
        before = after
    assert receiver.standing.broken == 0
    assert receiver.standing.falsified == 0
