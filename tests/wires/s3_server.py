"""An object store of the tests' own: as much of S3 as the wire uses, with ways to fail."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION = "AKIDEXAMPLE", "not-a-secret-at-all", "us-east-1"


class Store:
    """One server with its buckets' objects, and what it does wrong next."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        """By ``bucket/key``."""
        self.cuts = 1
        """So many requests in a row are cut: the client tries each piece again by itself."""
        self.cut_after: int | None = None
        """The next body upwards breaks off after so many bytes, once."""
        self.cut_down: int | None = None
        """The next body downwards breaks off after so many bytes, once."""
        self.status: int | None = None
        """What every request is answered with."""
        self.asked: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """No more connections."""
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """How a client finds it."""
        return {
            "AWS_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
        }

    def _handler(store) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_given: object) -> None:
                """Nobody reads it."""

            def do_GET(self) -> None:
                store._get(self, body=True)

            def do_HEAD(self) -> None:
                store._get(self, body=False)

            def do_PUT(self) -> None:
                store._put(self)

        return Handler

    def _refused(self, asked: BaseHTTPRequestHandler) -> bool:
        """Whether it was answered already: by a fault, or because it is not signed right."""
        self.asked.append((asked.command, asked.path))
        if self.status is not None:
            _say(asked, self.status, _error("Planned"))
        elif not _signed(asked):
            _say(asked, 403, _error("SignatureDoesNotMatch"))
        else:
            return False
        return True

    def _get(self, asked: BaseHTTPRequestHandler, *, body: bool) -> None:
        if self._refused(asked):
            return
        parts = urlsplit(asked.path)
        key, said = unquote(parts.path).strip("/"), dict(parse_qsl(parts.query, True))
        if "list-type" in said:
            _say(asked, 200, self._listed(key, said.get("prefix", "")))
        elif key not in self.objects:
            _say(asked, 404, _error("NoSuchKey") if body else b"")
        else:
            whole, cut = self.objects[key], self.cut_down
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", asked.headers.get("Range", ""))
            raw = whole[int(part[1]) : int(part[2]) + 1] if part else whole
            asked.send_response(206 if part else 200)
            if part:
                span = f"bytes {part[1]}-{int(part[1]) + len(raw) - 1}/{len(whole)}"
                asked.send_header("Content-Range", span)
            asked.send_header("Content-Length", str(len(raw)))
            asked.send_header("ETag", f'"{hashlib.md5(raw).hexdigest()}"')
            asked.send_header("Last-Modified", formatdate(1.8e9, usegmt=True))
            asked.end_headers()
            if body:
                asked.wfile.write(raw if cut is None else raw[:cut])
                if cut is not None:
                    self.cut_down = None
                    asked.close_connection = True

    def _put(self, asked: BaseHTTPRequestHandler) -> None:
        length = int(asked.headers["Content-Length"])
        if self.cut_after is not None:
            asked.rfile.read(min(self.cut_after, length))
            self.cuts -= 1
            if self.cuts < 1:
                self.cut_after = None
            asked.close_connection = True
            return
        raw = asked.rfile.read(length)
        if self._refused(asked):
            return
        key = unquote(urlsplit(asked.path).path).strip("/")
        if asked.headers.get("If-None-Match") == "*" and key in self.objects:
            _say(asked, 412, _error("PreconditionFailed"))
            return
        self.objects[key] = raw
        _say(asked, 200, b"", ETag=f'"{hashlib.md5(raw).hexdigest()}"')

    def _listed(self, bucket: str, prefix: str) -> bytes:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-22T00:00:00.000Z"
            f"</LastModified><ETag>&quot;x&quot;</ETag><Size>{len(raw)}</Size></Contents>"
            for key, raw in sorted(
                (whole.removeprefix(f"{bucket}/"), raw)
                for whole, raw in self.objects.items()
                if whole.startswith(f"{bucket}/{prefix}")
            )
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>{bucket}</Name>'
            f"<Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>{rows}"
            "</ListBucketResult>"
        ).encode()


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>as planned</Message></Error>".encode()


def _say(asked: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    asked.send_response(status)
    for name, value in headers.items():
        asked.send_header(name, value)
    asked.send_header("Content-Length", str(len(body)))
    asked.end_headers()
    if asked.command != "HEAD":
        asked.wfile.write(body)


def _signed(asked: BaseHTTPRequestHandler) -> bool:
    """Whether the request has the right AWS4-HMAC-SHA256 signature in its header."""
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
        r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        asked.headers.get("Authorization", ""),
    )
    if found is None or found[1] != KEY or found[3] != REGION:
        return False
    day, names, signature = found[2], found[4], found[5]
    parts = urlsplit(asked.path)
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
        for name, value in sorted(parse_qsl(parts.query, True))
    )
    heads = "".join(f"{it}:{' '.join(asked.headers[it].split())}\n" for it in names.split(";"))
    digest = asked.headers["x-amz-content-sha256"]
    request = "\n".join([asked.command, parts.path, query, heads, names, digest])
    scope = f"{day}/{REGION}/s3/aws4_request"
    text = "\n".join([
        "AWS4-HMAC-SHA256", asked.headers["x-amz-date"], scope,
        hashlib.sha256(request.encode()).hexdigest(),
    ])  # fmt: skip
    key = f"AWS4{SECRET}".encode()
    for word in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature)
