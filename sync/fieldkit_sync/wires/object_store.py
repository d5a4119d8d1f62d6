"""An object store: ``s3://bucket/prefix``, or a folder of addresses that somebody signed.

An object appears whole or not at all, and is created only where there is none, so a part is never
seen and nothing is overwritten. A put that broke off starts anew: stores have no middle that all of
them understand alike. Credentials come from the environment, as the store's own tools take them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from fieldkit_sync import files
from fieldkit_sync.deliver import digest
from fieldkit_sync.errors import Refusal

from .base import OFFICE, Held, Lying, Volume, Watch, boxed, is_of, named

_CHUNK = 1024 * 1024


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
            return cls(S3Store(bucket), prefix)
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
            if self._size(key) == volume.size:
                return 0
            if digest(volume.path) != volume.sha256:
                raise Refusal("other-bytes", "the file is no longer what it was")
            with volume.path.open("rb") as source:
                reader: Any = _Watched(source, watch)
                try:
                    obstore.put(self._store, key, reader, mode="create")
                except (FileExistsError, AlreadyExistsError):
                    # Somebody else was quicker: the same bytes, or what must not be trusted.
                    if self._size(key) != volume.size:
                        raise Refusal("other-bytes", "another file has this name") from None
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
        hashed, done = hashlib.sha256(), 0
        with _told():
            try:
                found = obstore.get(self._store, self._key(name, box))
                with part.open("wb") as out:
                    for piece in found.stream(min_chunk_size=_CHUNK):
                        raw = bytes(piece)
                        hashed.update(raw)
                        out.write(raw)
                        done += len(raw)
                        if watch is not None:
                            watch(done)
                    out.flush()
                    os.fsync(out.fileno())
                if not is_of(name, hashed.hexdigest()):
                    raise Refusal("other-bytes", "the object is not what its name says")
                os.replace(part, place)
            except FileNotFoundError as error:
                raise Refusal("not-there", "no such object") from error
            finally:
                with suppress(FileNotFoundError):
                    part.unlink()
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
    """A file that tells how far it was read."""

    def __init__(self, source: Any, watch: Watch | None) -> None:
        self._source, self._watch, self._best = source, watch, 0

    def read(self, size: int = -1) -> bytes:
        raw: bytes = self._source.read(size)
        at = self._source.tell()
        if self._watch is not None and at > self._best:
            self._best = at
            self._watch(at)
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
        text = _first_line(error)
        gone = any(word in text.lower() for word in ("dns", "connect", "resolve"))
        raise Refusal("unreachable" if gone else "cut", text) from error
    except (BaseError, OSError) as error:
        full = isinstance(error, OSError) and error.errno == 28
        raise Refusal("full" if full else "cut", _first_line(error)) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
