"""Pictures as the texts of the codes in them (extra ``[ferry]``: zxing-cpp, pillow).

A quick look first; pictures in which nothing is found are looked at again with the dark seams
closed that some terminals draw between rows, and now and then with everything the reader can do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit_sync.errors import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff")
VIDEOS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v")
MOST_PIXELS = 64 * 10**6
_SEAM = 2
"""Rows of pixels on each side that closing a seam looks at."""
_THOROUGH = 10
"""Every so many pictures without a code everything is tried."""


class Scanner:
    """Reads codes in pictures, and remembers how it went to choose how hard to look."""

    def __init__(self) -> None:
        try:
            import zxingcpp
            from PIL import Image
        except ImportError as error:
            raise Refusal("no-scanner", "zxing-cpp and pillow are not installed") from error
        self._zxing: Any = zxingcpp
        self._Image = Image
        self._missed = 0
        self.looked = 0

    def texts(self, picture: Image, *, photo: bool = False) -> list[str]:
        """The texts of all codes in a picture; ``photo`` looks as hard as can be at once."""
        self.looked += 1
        grey = picture.convert("L")
        found = self._quick(grey)
        if found:
            self._missed = 0
            return found
        self._missed += 1
        found = self._quick(_closed(grey))
        if not found and (photo or self._missed % _THOROUGH == 0):
            found = self._read(grey, try_invert=True, try_rotate=True)
        return found

    def _quick(self, grey: Image) -> list[str]:
        return self._read(grey, try_invert=False, try_rotate=False)

    def _read(self, grey: Image, *, try_invert: bool, try_rotate: bool) -> list[str]:
        found = self._zxing.read_barcodes(
            grey,
            formats=self._zxing.BarcodeFormat.QRCode,
            try_rotate=try_rotate,
            try_invert=try_invert,
            try_downscale=True,
        )
        return [one.text for one in found if one.valid]

    def file(self, path: Path) -> Iterator[str]:
        """The texts in one file: a picture, or the pictures of a video.

        `Refusal` ("ferry-picture") for one that cannot be read, ("no-video") without OpenCV.
        """
        if path.suffix.lower() in VIDEOS:
            yield from self.video(str(path))
            return
        try:
            with self._Image.open(path) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refusal("ferry-picture", "too large")
                for n in range(min(getattr(picture, "n_frames", 1), 100_000)):
                    picture.seek(n)
                    yield from self.texts(picture, photo=True)
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            self._Image.DecompressionBombError,
        ) as e:
            raise Refusal("ferry-picture", "not a picture that can be read") from e

    def video(self, source: str | int) -> Iterator[str]:
        """The texts in a video's pictures, or a camera's by its number. `Refusal`."""
        try:
            import cv2
        except ImportError as error:
            raise Refusal("no-video", "opencv is not installed") from error
        capture = cv2.VideoCapture(source)
        try:
            if not capture.isOpened():
                raise Refusal("ferry-picture", "not a video or a camera that can be opened")
            if isinstance(source, int):
                capture.set(cv2.CAP_PROP_FRAME_WIDTH, 1280)
                capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 720)
                capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            while True:
                there, picture = capture.read()
                if not there:
                    return
                grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
                yield from self.texts(self._Image.fromarray(grey))
        finally:
            capture.release()


def _closed(grey: Image) -> Image:
    """Dark seams of a few rows made light again: the lightest near, then the darkest of those."""
    from PIL import Image as Images
    from PIL import ImageChops

    affine = Images.Transform.AFFINE

    def near(picture: Image, choose: Any) -> Image:
        found = picture
        for by in range(1, _SEAM + 1):
            for way in (-by, by):
                moved = picture.transform(picture.size, affine, (1, 0, 0, 0, 1, way), fillcolor=255)
                found = choose(found, moved)
        return found

    return near(near(grey, ImageChops.lighter), ImageChops.darker)
