"""The wire to an office's receiver over HTTP(S), with the standard library alone."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fieldkit_sync import files
from fieldkit_sync.deliver import digest
from fieldkit_sync.errors import Refusal

from . import http_auth, http_words
from .base import OFFICE, Held, Lying, Volume, Watch, bounded, boxed, is_of, named
from .http_auth import Asked
from .spool import Upload

PIECE = 4 * 1024 * 1024
"""Bytes of one request: what a cut can cost at most is what the line held, see ``_Body``."""
_CHUNK = 64 * 1024
_MOST_TEXT = 1024 * 1024
_HELD_BACK = 256 * 1024
TIMEOUT = 30.0
"""Seconds without a byte after which a line is dead."""


class Signer(NamedTuple):
    """Who asks: the device's id and ``Identity.sign``."""

    device: str
    sign: Callable[[str, bytes], str]


class _Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    ours: bool = True
    """Whether a receiver gave it, to the very request that was asked."""

    @property
    def code(self) -> str:
        """Which refusal this is; empty for none."""
        if self.status < 400:
            return ""
        said = self.headers.get(http_words.CODE_HEADER, "")
        if said in http_words.STATUS:
            return said
        # No receiver said this, or it did not understand what was garbled under way.
        return "busy" if self.status >= 500 or self.status == 400 else "refused"


class Http:
    """A wire to ``http(s)://host[:port][/prefix]``. Its letters are those to this device."""

    def __init__(
        self,
        url: str,
        signer: Signer,
        *,
        office: str = "",
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
        piece: int = PIECE,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise Refusal("unreachable", "an address is http://host or https://host")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._signer, self._context, self._timeout = signer, context, timeout
        self._piece = piece
        self._wanted, self._office = office, ""
        self._nonce = ""
        self._line: http.client.HTTPConnection | None = None

    def offer(self, volumes: Sequence[Volume], box: str = OFFICE) -> list[Held]:
        """See `base.Wire`."""
        self._for_office(box)
        return [self._held(it) for it in volumes]

    def put(self, volume: Volume, box: str = OFFICE, watch: Watch | None = None) -> int:
        """See `base.Wire`."""
        self._for_office(box)
        wanted = _upload(volume)
        if digest(volume.path) != volume.sha256:
            raise Refusal("other-bytes", "the file is no longer what it was")
        out = 0
        # A large one is announced first, so that a refusal need not overtake its bytes.
        first = volume.size if volume.size <= http_words.SMALL else 0
        held = self._held(volume)
        if held.whole:
            return 0
        done = held.size
        if watch is not None:
            watch(done)
        if not done:
            answer = self._send("POST", wanted, volume, 0, first, watch)
            out += first
            done = _advanced(answer, volume, first)
        while done < volume.size:
            length = min(volume.size - done, self._piece)
            try:
                answer = self._send("PATCH", wanted, volume, done, length, watch)
            except Refusal as refusal:
                if refusal.code != "not-there":
                    raise
                raise Refusal("cut", "the receiver has dropped what it had") from refusal
            out += length
            done = _advanced(answer, volume, done + length)
        if watch is not None:
            watch(done)
        return out

    def list(self, box: str) -> list[Lying]:
        """See `base.Wire`; of other boxes than its own a device sees nothing."""
        if boxed(box) != self._signer.device:
            return []
        answer = self._checked(self._ask("GET", http_words.LETTERS))
        try:
            found = json.loads(answer.body)
            return sorted(Lying(named(str(it["name"])), int(it["size"])) for it in found)
        except (ValueError, TypeError, KeyError) as error:
            raise Refusal("cut", "the list of letters is malformed") from error

    def get(self, name: str, box: str, into: Path, watch: Watch | None = None) -> Path:
        """See `base.Wire`; goes on where it broke off."""
        named(name)
        if boxed(box) != self._signer.device:
            raise Refusal("not-there", "that is not this device's box")
        place = into / name
        part = place.with_name(f"{name}.part")
        with _told():
            start = part.stat().st_size if part.exists() else 0
            more = {"Range": f"bytes={start}-"} if start else {}
            self._fetch(f"{http_words.LETTERS}/{name}", more, part, watch)
            if not is_of(name, digest(part)):
                part.unlink()
                raise Refusal("other-bytes", "the letter is not what its name says")
            os.replace(part, place)
            files.fsync_folder(into)
        return place

    def close(self) -> None:
        """Hang up; the next verb dials again."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError):
                line.close()

    def _for_office(self, box: str) -> None:
        if boxed(box) != OFFICE:
            raise Refusal("refused", "letters are the office's to send")

    def _held(self, volume: Volume) -> Held:
        answer = self._ask("HEAD", f"{http_words.UPLOADS}/{_upload(volume).id}")
        if answer.code == "not-there":
            return Held(volume.name, 0, False)
        size = _offset(self._checked(answer), volume)
        return Held(volume.name, size, size == volume.size)

    def _send(
        self, method: str, wanted: Upload, volume: Volume, start: int, length: int,
        watch: Watch | None,
    ) -> _Answer:  # fmt: skip
        more = {http_words.TUS: http_words.VERSION, "Content-Length": str(length)}
        if method == "POST":
            more["Upload-Length"] = str(wanted.size)
        else:
            more |= {"Upload-Offset": str(start), "Content-Type": http_words.BODY}
        path = f"{http_words.UPLOADS}/{wanted.id}"

        def body() -> Iterator[bytes]:
            return _body(volume.path, start, length, watch)

        return self._checked(
            self._ask(method, path, more, body, start if method == "PATCH" else -1)
        )

    def _checked(self, answer: _Answer) -> _Answer:
        code = answer.code
        if not code:
            return answer
        detail = answer.body[:200].decode("utf-8", "replace").strip()
        if code in http_words.LATER:
            code = "busy"
        elif code in http_words.GARBLED:
            code = "cut"
        raise Refusal(code, detail or str(answer.status))

    def _ask(
        self,
        method: str,
        path: str,
        more: dict[str, str] | None = None,
        body: Callable[[], Iterator[bytes]] | None = None,
        offset: int = -1,
    ) -> _Answer:
        """One signed request; with another word where this one was not accepted.

        An answer that is no receiver's may mean that the request was not understood.
        """
        answer = self._once(method, path, more or {}, body, offset)
        if answer.code in http_words.NEW_WORD or (answer.code == "refused" and not answer.ours):
            answer = self._once(method, path, more or {}, body, offset)
        if not answer.ours and not answer.code:
            self.close()
            raise Refusal("cut", "the answer is not that to this request")
        return answer

    def _once(
        self,
        method: str,
        path: str,
        more: dict[str, str],
        body: Callable[[], Iterator[bytes]] | None,
        offset: int,
    ) -> _Answer:
        with _told(), self._hung_up_on_failure():
            signed, nonce = self._signed(method, path, int(more.get("Content-Length", 0)), offset)
            line = self._dialled()
            # A receiver that refuses may hang up before it has all; its answer still says why.
            with suppress(BrokenPipeError, ConnectionResetError):
                said = body() if body else None
                line.request(method, self._prefix + path, said, {**more, **signed})
            answer = self._answer(line, method)
        shown = answer.headers.get(http_auth.ANSWER_HEADER)
        held = answer.headers.get("Upload-Offset", "")
        if shown is not None and shown != http_auth.answer(nonce, answer.status, held):
            # Something between here and there mixes answers up: nothing on this line is believed.
            self.close()
            raise Refusal("cut", "the answer is to another request")
        return answer._replace(ours=shown is not None)

    def _fetch(self, path: str, more: dict[str, str], part: Path, watch: Watch | None) -> None:
        for again in (True, False):
            with self._hung_up_on_failure():
                signed, _nonce = self._signed("GET", path)
                line = self._dialled()
                line.request("GET", self._prefix + path, None, {**more, **signed})
                response = line.getresponse()
                self._nonce = response.headers.get(http_auth.NONCE_HEADER, "")
                if response.status in {200, 206}:
                    _store(response, part, "ab" if response.status == 206 else "wb", watch)
                    return
                answer = _Answer(response.status, response.headers, response.read(_MOST_TEXT))
            if answer.status == 416:
                return
            if not (again and answer.code in http_words.NEW_WORD):
                self._checked(answer)

    def _signed(
        self, method: str, path: str, length: int = 0, offset: int = -1
    ) -> tuple[dict[str, str], str]:
        """The header of a request, and the word in it."""
        if not self._nonce or not self._office:
            self._greet()
        asked = Asked(self._office, method, path, length, offset)
        nonce, self._nonce = self._nonce, ""
        device, sign = self._signer
        header = http_auth.authorization(asked, device, nonce, sign)
        return {"Authorization": header}, nonce

    def _greet(self) -> None:
        """Ask for a word, and whose receiver this is."""
        line = self._dialled()
        line.request("GET", self._prefix + http_words.ROOT)
        answer = self._checked(self._answer(line, "GET"))
        try:
            office = str(json.loads(answer.body)["office"])
        except (ValueError, TypeError, KeyError) as error:
            if http_words.TUS in answer.headers:
                raise Refusal("cut", "the greeting is garbled") from error
            raise Refusal("refused", "there is no receiver at this address") from error
        if self._wanted and office != self._wanted:
            raise Refusal("refused", "that is another office's receiver")
        self._office = office

    def _answer(self, line: http.client.HTTPConnection, method: str) -> _Answer:
        response = line.getresponse()
        self._nonce = response.headers.get(http_auth.NONCE_HEADER, "")
        raw = b"" if method == "HEAD" else response.read(_MOST_TEXT)
        _whole(response)
        if response.will_close:
            self.close()
        else:
            response.close()
        return _Answer(response.status, response.headers, raw)

    def _dialled(self) -> http.client.HTTPConnection:
        if self._line is None:
            if self._secure:
                context = self._context or ssl.create_default_context()
                self._line = http.client.HTTPSConnection(
                    self._host, self._port, timeout=self._timeout, context=context
                )
            else:
                self._line = http.client.HTTPConnection(
                    self._host, self._port, timeout=self._timeout
                )
            self._line.connect()
            # What the system holds back is lost when the line breaks, so it may not hold much.
            self._line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HELD_BACK)
            if lowest := getattr(socket, "TCP_NOTSENT_LOWAT", 0):
                self._line.sock.setsockopt(socket.IPPROTO_TCP, lowest, _CHUNK)
        return self._line

    @contextmanager
    def _hung_up_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # Whatever was under way, the line is in the middle of it.
            self.close()
            self._nonce = ""
            raise


def _upload(volume: Volume) -> Upload:
    return Upload(volume.sha256, volume.size, named(volume.name)[16:])


def _offset(answer: _Answer, volume: Volume) -> int:
    text = answer.headers.get("Upload-Offset", "")
    if not (text.isascii() and text.isdigit()) or int(text) > volume.size:
        raise Refusal("cut", "the receiver does not say how much it has")
    return int(text)


def _advanced(answer: _Answer, volume: Volume, expected: int) -> int:
    """How much is over there after a request that ended well."""
    done = _offset(answer, volume)
    if done not in (expected, volume.size):
        raise Refusal("cut", "the receiver has other than was sent")
    return done


def _body(path: Path, start: int, length: int, watch: Watch | None) -> Iterator[bytes]:
    with path.open("rb") as source:
        source.seek(start)
        done = 0
        while done < length:
            chunk = source.read(min(_CHUNK, length - done))
            if not chunk:
                raise Refusal("other-bytes", "the file has become shorter")
            yield chunk
            done += len(chunk)
            if watch is not None:
                watch(start + done)


def _store(response: Any, part: Path, mode: str, watch: Watch | None) -> None:
    if response.length is None and not response.chunked:
        raise http.client.IncompleteRead(b"")
    with part.open(mode) as out:
        done = out.tell()
        bounded(done + (response.length or 0))
        while chunk := response.read(_CHUNK):
            out.write(chunk)
            done += len(chunk)
            bounded(done)
            if watch is not None:
                watch(done)
        out.flush()
        os.fsync(out.fileno())
    _whole(response)


def _whole(response: http.client.HTTPResponse) -> None:
    """A body that ends early reads like one that is all there, and so does a head."""
    if response.length != 0 and not response.chunked:
        raise http.client.IncompleteRead(b"", response.length)


@contextmanager
def _told() -> Iterator[None]:
    """What the net says, in the words of wires."""
    try:
        yield
    except (ssl.SSLCertVerificationError, ssl.CertificateError) as error:
        raise Refusal("refused", f"the certificate is not trusted: {error}") from error
    except (socket.gaierror, ConnectionRefusedError) as error:
        raise Refusal("unreachable", str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise Refusal("cut", str(error) or type(error).__name__) from error
