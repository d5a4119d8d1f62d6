"""An object store: ``s3://bucket/prefix``.

An object appears whole or not at all, and is put only where there is none, so a part is never seen
and nothing is overwritten. A large one goes up in pieces, each tried again by itself; a put that
was given up starts anew, for stores have no middle that all of them understand alike. Credentials
come from the environment, as the store's own tools take them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from fieldkit_sync import files
from fieldkit_sync.deliver import digest
from fieldkit_sync.errors import Refusal

from .base import OFFICE, Held, Lying, Volume, Watch, bounded, boxed, is_of, named

PIECE = 5 * 1024 * 1024
"""Bytes of one request; the least that stores take for a piece of an object."""
_OPTIONS: dict[str, Any] = {"timeout": "120s", "connect_timeout": "10s"}
"""For one request, so for one piece."""
_RETRIES: Any = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=5), "base": 2,
    },
}  # fmt: skip
"""Whoever puts an object is patient; this is for one piece of many."""


_STATUS = re.compile(r"status(?: code)?:? ?(\d{3})", re.IGNORECASE)


def _is_plain() -> bool:
    """Whether the store's own setting allows a line without TLS: options given here hide it."""
    return os.environ.get("AWS_ALLOW_HTTP", "").strip().lower() in ("1", "true", "yes")


class ObjectStore:
    """A wire to a bucket; the office's box is ``in/``, letters lie in ``letters/<device>/``."""

    def __init__(self, store: Any, prefix: str = "") -> None:
        self._store = store
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    @classmethod
    def at(cls, address: str) -> ObjectStore:
        """The store at an ``s3://bucket/prefix``. `Refusal` "missing-extra", "refused"."""
        try:
            from obstore.exceptions import BaseError
            from obstore.store import S3Store
        except ImportError as error:
            raise Refusal("missing-extra", "s3") from error
        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        try:
            options: Any = _OPTIONS | {"allow_http": _is_plain()}
            return cls(S3Store(bucket, client_options=options, retry_config=_RETRIES), prefix)
        except (BaseError, ValueError) as error:
            raise Refusal("refused", _first_line(error)) from error

    def offer(self, volumes: Sequence[Volume], box: str = OFFICE) -> list[Held]:
        """See `base.Wire`."""
        with _told():
            found = {one.name: one.size for one in self._lying(box)}
        return [
            Held(it.name, it.size, True)
            if found.get(it.name) == it.size
            else Held(it.name, 0, False)
            for it in volumes
        ]

    def put(self, volume: Volume, box: str = OFFICE, watch: Watch | None = None) -> int:
        """See `base.Wire`."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        with _told():
            key = self._key(volume.name, box)
            lying = self._size(key)
            if lying == volume.size:
                return 0
            if lying is not None:
                raise Refusal("other-bytes", "another file has this name")
            if digest(volume.path) != volume.sha256:
                raise Refusal("other-bytes", "the file is no longer what it was")
            with volume.path.open("rb") as source:
                reader: Any = _Watched(source, watch)
                if watch is not None:
                    watch(0)
                try:
                    if volume.size > PIECE:
                        obstore.put(
                            self._store, key, reader, use_multipart=True,
                            chunk_size=PIECE, max_concurrency=1,
                        )  # fmt: skip
                    else:
                        obstore.put(self._store, key, reader, mode="create")
                except (FileExistsError, AlreadyExistsError):
                    # Somebody else was quicker: the same bytes, or what must not be trusted.
                    if self._size(key) != volume.size:
                        raise Refusal("other-bytes", "another file has this name") from None
                except Exception:
                    if reader.stopped is not None:
                        raise reader.stopped from None
                    raise
        return volume.size

    def list(self, box: str) -> list[Lying]:
        """See `base.Wire`."""
        with _told():
            return sorted(self._lying(box))

    def get(self, name: str, box: str, into: Path, watch: Watch | None = None) -> Path:
        """See `base.Wire`."""
        import obstore

        place = into / named(name)
        part = place.with_name(f"{name}.part")
        with _told():
            key = self._key(name, box)
            size = self._size(key)
            if size is None:
                raise Refusal("not-there", "no such object")
            bounded(size)
            done = part.stat().st_size if part.exists() else 0
            done = done if done <= size else 0
            with part.open("ab" if done else "wb") as out:
                while done < size:
                    length = min(PIECE, size - done)
                    out.write(obstore.get_range(self._store, key, start=done, length=length))
                    done += length
                    if watch is not None:
                        watch(done)
                out.flush()
                os.fsync(out.fileno())
            if not is_of(name, digest(part)):
                part.unlink()
                raise Refusal("other-bytes", "the object is not what its name says")
            os.replace(part, place)
            files.fsync_folder(into)
        return place

    def _key(self, name: str, box: str) -> str:
        return f"{self._folder(box)}{named(name)}"

    def _folder(self, box: str) -> str:
        place = OFFICE if boxed(box) == OFFICE else f"letters/{box}"
        return f"{self._prefix}{place}/"

    def _size(self, key: str) -> int | None:
        import obstore

        try:
            return int(obstore.head(self._store, key)["size"])
        except FileNotFoundError:
            return None

    def _lying(self, box: str) -> Iterator[Lying]:
        import obstore

        folder = self._folder(box)
        for page in obstore.list(self._store, folder.rstrip("/")):
            for one in page:
                name = str(one["path"]).removeprefix(folder)
                with suppress(Refusal):
                    yield Lying(named(name), int(one["size"]))


class _Watched:
    """A file that tells how far it was read; ``stopped`` is what the one who watched raised."""

    def __init__(self, source: Any, watch: Watch | None) -> None:
        self._source, self._watch, self._best = source, watch, 0
        self.stopped: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        raw: bytes = self._source.read(size)
        at = self._source.tell()
        if self._watch is not None and at > self._best:
            self._best = at
            try:
                self._watch(at)
            except BaseException as error:
                # The library would tell of it in words only.
                self.stopped = error
                raise
        return raw

    def seek(self, place: int, whence: int = 0) -> int:
        return int(self._source.seek(place, whence))

    def tell(self) -> int:
        return int(self._source.tell())

    def seekable(self) -> bool:
        return True


@contextmanager
def _told() -> Iterator[None]:
    """What the store says, in the words of wires."""
    from obstore.exceptions import (
        BaseError,
        GenericError,
        PermissionDeniedError,
        UnauthenticatedError,
    )

    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError, PermissionError) as error:
        raise Refusal("refused", _first_line(error)) from error
    except GenericError as error:
        raise Refusal(_word(str(error)), _first_line(error)) from error
    except (BaseError, OSError) as error:
        full = isinstance(error, OSError) and error.errno == 28
        raise Refusal("full" if full else "cut", _first_line(error)) from error


def _word(text: str) -> str:
    """The wires' word for what a store answered, or for there being no answer."""
    status = _STATUS.search(text)
    if status is not None:
        known = {"401": "refused", "403": "refused", "429": "busy", "503": "busy", "507": "full"}
        return known.get(status[1], "cut")
    lower = text.lower()
    gone = any(word in lower for word in ("dns", "connect", "resolve", "unreachable"))
    return "unreachable" if gone else "cut"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
