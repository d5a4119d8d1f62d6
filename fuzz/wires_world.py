"""What the trials of wires are made of: devices, sealed files, a receiver that can be killed."""

from __future__ import annotations

import datetime
import hashlib
import json
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
for place in (str(ROOT), str(ROOT / "sync")):
    if place not in sys.path:
        sys.path.insert(0, place)

from fieldkit_sync.identity import Identity  # noqa: E402
from fieldkit_sync.wires.base import Volume, volume  # noqa: E402
from fieldkit_sync.wires.http_client import Http, Signer  # noqa: E402

OFFICE = "0f" * 16
SERVER = Path(__file__).with_name("wires_server.py")


@cache
def devices(count: int) -> tuple[Identity, ...]:
    """So many devices with new keys."""
    with tempfile.TemporaryDirectory(prefix="wires-keys-") as folder:
        return tuple(Identity.create(Path(folder) / str(n), f"设备{n}") for n in range(count))


def sealed(folder: Path, chance: Random, size: int) -> Volume:
    """Random bytes under the name of their digest; a wire never looks inside."""
    step = 1024 * 1024
    raw = b"".join(chance.randbytes(min(step, size - at)) for at in range(0, size, step))
    path = folder / f"{hashlib.sha256(raw).hexdigest()[:16]}.fkb.zip.age"
    path.write_bytes(raw)
    return volume(path)


@cache
def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, as files."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


class Server:
    """A receiver as a subprocess: killed and started again, it has the same port and spool."""

    def __init__(
        self,
        folder: Path,
        known: Sequence[Identity],
        *,
        tls: bool = False,
        **more: Mapping[str, Any],
    ) -> None:
        self.spool, self._arrivals = folder / "spool", folder / "arrivals"
        self.certificate = certificate(folder) if tls else None
        self._order: dict[str, Any] = {
            "root": str(self.spool),
            "arrivals": str(self._arrivals),
            "office": OFFICE,
            "keys": {it.device: it.public_key for it in known},
            **more,
        }
        if self.certificate is not None:
            self._order["certificate"], self._order["key"] = map(str, self.certificate)
        self.process = self._started()

    @property
    def port(self) -> int:
        """Where it listens, for as long as this object is."""
        return int(self._order["port"])

    def arrivals(self) -> list[str]:
        """The names of volumes it was told of as arrived, once for each time."""
        return self._arrivals.read_text("utf-8").split() if self._arrivals.exists() else []

    def kill(self) -> None:
        """As a power cut ends it."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Again, after ``kill``."""
        self.process = self._started()

    def stop(self) -> None:
        """As Ctrl-C ends it."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(self._order) + "\n")
        process.stdin.flush()
        said = process.stdout.readline().split()
        if said[:1] != ["ready"]:
            process.kill()
            raise RuntimeError("the receiver did not start")
        self._order["port"] = int(said[1])
        return process


def wire(server: Server, me: Identity, port: int, timeout: float = 3.0) -> Http:
    """A new client of a device, over the proxy at that port."""
    context = None
    if server.certificate is not None:
        context = ssl.create_default_context(cafile=str(server.certificate[0]))
    scheme = "https" if context else "http"
    signer = Signer(me.device, me.sign)
    return Http(
        f"{scheme}://127.0.0.1:{port}", signer, office=OFFICE, context=context, timeout=timeout
    )
