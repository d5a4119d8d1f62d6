"""The office's word for a device key: an OpenSSH user certificate, useless for logging in.

It has no extensions and no critical options; its one principal is ``<device>@<office>``.
``ssh-keygen -L -f`` shows it and checks its signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit_sync.errors import Refusal
from fieldkit_sync.sshkey import device_of, parse_line

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import SSHCertificate

FOREVER = 2**64 - 1
MAX_LINE = 2048
_TYPE = "ssh-ed25519-cert-v01@openssh.com"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a checked certificate says. Times are seconds since 1970; None means for ever."""

    device: str
    office: str
    public_key: str
    ca_public_key: str
    serial: int
    valid_from: int
    valid_to: int | None


def issue(
    ca_key_path: Path,
    public_key: str,
    device: str,
    office: str,
    serial: int,
    valid_from: int,
    valid_to: int | None = None,
) -> str:
    """Return the certificate line for a device, signed with the key file of the office.

    `Refusal` "bad-key" if the device id is not the key's or the CA file holds no ed25519 key,
    "bad-validity" if the times are out of order.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        ca_key = load_ssh_private_key(ca_key_path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise Refusal("bad-key", "the office's key file is damaged") from None
    if not isinstance(ca_key, Ed25519PrivateKey):
        raise Refusal("bad-key", "the office's key is not ed25519")
    return issue_with(ca_key, public_key, device, office, serial, valid_from, valid_to)


def issue_with(
    ca_key: Ed25519PrivateKey,
    public_key: str,
    device: str,
    office: str,
    serial: int,
    valid_from: int,
    valid_to: int | None = None,
) -> str:
    """As `issue`, with the office's key already loaded."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import (
        SSHCertificateBuilder,
        SSHCertificateType,
    )

    _, raw = parse_line(public_key)
    if device_of(public_key) != device:
        raise Refusal("bad-key", "the device id does not belong to the key")
    until = FOREVER if valid_to is None else valid_to
    if not 0 <= valid_from < until <= FOREVER:
        raise Refusal("bad-validity", "a certificate ends after it begins")
    built = (
        SSHCertificateBuilder()
        .public_key(Ed25519PublicKey.from_public_bytes(raw))
        .serial(serial)
        .type(SSHCertificateType.USER)
        .key_id(device.encode("ascii"))
        .valid_principals([_principal(device, office)])
        .valid_after(valid_from)
        .valid_before(until)
        .sign(ca_key)
    )
    return built.public_bytes().decode("ascii")


def check(cert_line: str, ca_public_key: str) -> Certificate:
    """Return what the certificate says if the office of ``ca_public_key`` issued it.

    Whether it was valid at some moment is the caller's question: a bundle may travel for
    weeks, so "now" is the wrong moment. `Refusal` "certificate".
    """
    from cryptography.exceptions import InvalidSignature

    cert = _load(cert_line)
    try:
        cert.verify_cert_signature()
    except InvalidSignature:
        raise Refusal("certificate", "the office's signature does not match") from None
    ca_line, public_key = _openssh(cert.signature_key()), _openssh(cert.public_key())
    if ca_line != parse_line(ca_public_key)[0]:
        raise Refusal("certificate", "issued by another office")
    device, office = device_of(public_key), device_of(ca_line)
    if cert.critical_options or cert.extensions:
        raise Refusal("certificate", "carries options that a device does not need")
    if list(cert.valid_principals) != [_principal(device, office)]:
        raise Refusal("certificate", "names another device or office")
    return Certificate(
        device=device,
        office=office,
        public_key=public_key,
        ca_public_key=ca_line,
        serial=cert.serial,
        valid_from=cert.valid_after,
        valid_to=None if cert.valid_before == FOREVER else cert.valid_before,
    )


def issuer(cert_line: str) -> str:
    """Return the public key of the office that a certificate names; nothing is proved by it."""
    return _openssh(_load(cert_line).signature_key())


def _load(cert_line: str) -> SSHCertificate:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        SSHCertificate,
        SSHCertificateType,
        load_ssh_public_identity,
    )

    parts = cert_line.split(" ")
    if len(cert_line) > MAX_LINE or len(parts) != 2 or parts[0] != _TYPE:
        raise Refusal("certificate", "not an ed25519 certificate on one line")
    try:
        cert = load_ssh_public_identity(cert_line.encode("ascii"))
        if isinstance(cert, SSHCertificate):
            # The library reads the keys inside only when they are asked for.
            cert.public_key()
            cert.signature_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Refusal("certificate", "malformed") from None
    if not isinstance(cert, SSHCertificate) or cert.type is not SSHCertificateType.USER:
        raise Refusal("certificate", "not a user certificate")
    return cert


def _openssh(key: object) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if not isinstance(key, Ed25519PublicKey):
        raise Refusal("certificate", "a key in it is not ed25519")
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


def _principal(device: str, office: str) -> bytes:
    return f"{device}@{office}".encode("ascii")
