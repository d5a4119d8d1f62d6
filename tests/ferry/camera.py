"""A camera before a screen, as bad as offices have them (the hard model): no real one is needed.

The picture is warped (rotation, jittered corners, a barrel), lit unevenly, overlaid with moire and
a glare, blurred, noisy, and squeezed as a camera squeezes it.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter

WIDE, HIGH = 1280, 720
_BLACK = 35
"""What a dark pixel of a screen looks like."""
_GRID = 8


def shoot(
    screen: Image.Image, seed: int, *, fill: float = 0.85, blur: float = 1.3, hard: bool = True
) -> Image.Image:
    """One capture of a screen; ``fill`` is how much of the frame's height the code takes."""
    chance = random.Random(seed)
    grey = screen.convert("L").point(lambda level: _BLACK + level * (235 - _BLACK) // 255)
    scale = min(fill * HIGH / grey.height, 0.94 * WIDE / grey.width)
    size = (round(grey.width * scale), round(grey.height * scale))
    frame = Image.new("L", (WIDE, HIGH), _BLACK)
    frame.paste(
        grey.resize(size, Image.Resampling.LANCZOS),
        ((WIDE - size[0]) // 2, (HIGH - size[1]) // 2),
    )
    seen = _warped(frame, chance, 0.03 if hard else 0.0)
    if hard:
        seen = _lit(seen, chance)
    seen = seen.filter(ImageFilter.GaussianBlur(blur))
    noise = Image.frombytes("L", (WIDE // 2, HIGH // 2), chance.randbytes(WIDE * HIGH // 4))
    noise = noise.resize((WIDE, HIGH)).point(lambda level: 122 + level * 12 // 255)
    seen = ImageChops.add(seen, noise, 1, -128)
    out = io.BytesIO()
    seen.save(out, "JPEG", quality=60 if hard else 70)
    return Image.open(out)


def _warped(frame: Image.Image, chance: random.Random, barrel: float) -> Image.Image:
    """Turned by up to 3 degrees, corners moved by up to 4 %, bent like a cheap lens."""
    turn = math.radians(chance.uniform(-3, 3))
    bend = chance.uniform(-barrel, barrel)
    corners = [
        (chance.uniform(-0.02, 0.02) * WIDE, chance.uniform(-0.02, 0.02) * HIGH) for _c in range(4)
    ]

    def source(x: float, y: float) -> tuple[float, float]:
        u, v = x / WIDE, y / HIGH
        weights = ((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v)
        x += sum(w * c[0] for w, c in zip(weights, corners, strict=True))
        y += sum(w * c[1] for w, c in zip(weights, corners, strict=True))
        dx, dy = x - WIDE / 2, y - HIGH / 2
        radius = (dx * dx + dy * dy) / (WIDE * WIDE / 4)
        dx, dy = dx * (1 + bend * radius), dy * (1 + bend * radius)
        return (
            WIDE / 2 + dx * math.cos(turn) - dy * math.sin(turn),
            HIGH / 2 + dx * math.sin(turn) + dy * math.cos(turn),
        )

    mesh = []
    for i in range(_GRID):
        for j in range(_GRID):
            x0, x1 = i * WIDE // _GRID, (i + 1) * WIDE // _GRID
            y0, y1 = j * HIGH // _GRID, (j + 1) * HIGH // _GRID
            quad: Sequence[float] = (
                *source(x0, y0), *source(x0, y1), *source(x1, y1), *source(x1, y0)
            )  # fmt: skip
            mesh.append(((x0, y0, x1, y1), tuple(quad)))
    return frame.transform(
        (WIDE, HIGH), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=_BLACK
    )


def _lit(seen: Image.Image, chance: random.Random) -> Image.Image:
    """A gradient across, stripes of moire, and the reflection of a lamp."""
    small = Image.new("L", (64, 36))
    slope, start = chance.uniform(-0.25, 0.25), chance.uniform(0.85, 1.0)
    wave, phase = chance.uniform(2, 6), chance.uniform(0, 6)
    for y in range(36):
        for x in range(64):
            light = start + slope * (x / 64 - 0.5) + 0.06 * math.sin(x * wave / 3 + y / 5 + phase)
            small.putpixel((x, y), max(0, min(255, int(255 * light))))
    seen = ImageChops.multiply(seen, small.resize((WIDE, HIGH), Image.Resampling.BICUBIC))
    glare = Image.new("L", (64, 36), 0)
    cx, cy = chance.uniform(0, 64), chance.uniform(0, 36)
    for y in range(36):
        for x in range(64):
            near = math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 30)
            glare.putpixel((x, y), int(45 * near))
    return ImageChops.add(seen, glare.resize((WIDE, HIGH), Image.Resampling.BICUBIC))
