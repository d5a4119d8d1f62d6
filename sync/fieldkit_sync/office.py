"""An office: the keys with which it enrols devices and opens what they seal for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit_sync import canon, certificate, keyfolder, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Public
from fieldkit_sync.sshkey import device_of, parse_line

MAX_GRANT = 65_536
MAX_RECIPIENTS = 16
GRANT_TYPE = "fieldkit-grant"

_LAYOUT = keyfolder.OFFICE
_GRANT_KEYS = {
    "ca_public_key",
    "certificate",
    "device",
    "office",
    "office_name",
    "policy_version",
    "recipients",
    "type",
    "v",
}


class OfficeKeys(keyfolder.Keys):
    """An office with its private keys. Its signing key is a CA for devices and nothing else."""

    @classmethod
    def create(cls, folder: Path, name: str) -> OfficeKeys:
        """Draw keys for a new office; `Refusal` "office-exists", "folder-not-empty", "bad-name"."""
        keyfolder.create(folder, _LAYOUT, name)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path, passphrase: Callable[[], str] | None = None) -> OfficeKeys:
        """Load the office of ``folder``; ``passphrase`` is asked for only if it is locked.

        `Refusal` "no-office", "bad-identity", "locked", "wrong-passphrase".
        """
        return cls(folder, _LAYOUT, passphrase)

    @property
    def office(self) -> str:
        """The office id: 32 hex digits of the CA key's SHA-256."""
        return self.note.id

    @property
    def ca_public_key(self) -> str:
        """The CA key's public half, one OpenSSH line."""
        return self.note.public_key

    @property
    def ca_key_path(self) -> Path:
        """Where the CA key lies."""
        return self.folder / _LAYOUT.private

    @property
    def age_key_path(self) -> Path:
        """Where the key lies that opens bundles: what an office prints and locks away."""
        return self.folder / _LAYOUT.age

    def certify(
        self, device: Public, *, serial: int, valid_from: int, valid_to: int | None = None
    ) -> str:
        """Return a certificate line for a device (`certificate.issue`)."""
        return certificate.issue_with(
            self.private_key,
            device.public_key,
            device.device,
            self.office,
            serial,
            valid_from,
            valid_to,
        )


@dataclass(frozen=True, slots=True)
class OfficePublic:
    """What everybody may know of an office."""

    office: str
    name: str
    ca_public_key: str
    recipient: str


def public(folder: Path) -> OfficePublic:
    """Read which office lives in ``folder``, loading no cipher library.

    `Refusal` "no-office" or "bad-identity".
    """
    note = keyfolder.read_note(folder, _LAYOUT)
    return OfficePublic(note.id, note.name, note.public_key, note.recipient)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an office tells a device that it has enrolled: its certificate, and whom to seal to."""

    device: str
    office: str
    office_name: str
    ca_public_key: str
    certificate: str
    recipients: tuple[str, ...]
    policy_version: int


def grant(
    keys: OfficeKeys,
    card_public: Public,
    cert_line: str,
    recipients: Sequence[str],
    policy_version: int = 1,
) -> bytes:
    """Return a grant file: one canonical JSON line, then the office's SSHSIG over that line."""
    doc = {
        "ca_public_key": keys.ca_public_key,
        "certificate": cert_line,
        "device": card_public.device,
        "office": keys.office,
        "office_name": keys.name,
        "policy_version": policy_version,
        "recipients": list(recipients),
        "type": GRANT_TYPE,
        "v": 1,
    }
    _check_grant(doc)
    line = canon.encode(doc) + b"\n"
    return line + keys.sign(sshsig.GRANT, line).encode("ascii")


def read_grant(raw: bytes) -> Grant:
    """Read a grant and check that it holds together.

    It proves that the office named in it wrote it, not that this is the right office: which
    office to trust is the user's word. `Refusal` "not-a-grant", "bad-grant", "signature",
    "certificate".
    """
    line, newline, armour = raw.partition(b"\n")
    if len(raw) > MAX_GRANT or not newline or not line.startswith(b'{"ca_public_key":'):
        raise Refusal("not-a-grant", "this file is not a grant")
    try:
        doc = canon.decode(line)
        found = _check_grant(doc)
    except Refusal as fault:
        if fault.code == "certificate":
            raise
        raise Refusal("bad-grant", fault.detail) from None
    if not armour.isascii():
        raise Refusal("signature", "not an armoured SSH signature")
    sshsig.verify(armour.decode("ascii"), sshsig.GRANT, line + newline, found.ca_public_key)
    return found


def _check_grant(doc: object) -> Grant:
    if not isinstance(doc, dict) or doc.keys() != _GRANT_KEYS:
        raise Refusal("bad-grant", "unknown or missing fields")
    texts = ("ca_public_key", "certificate", "device", "office", "office_name")
    if not all(isinstance(doc[key], str) for key in texts):
        raise Refusal("bad-grant", "a field is not text")
    version, recipients = doc["policy_version"], doc["recipients"]
    if doc["type"] != GRANT_TYPE or type(doc["v"]) is not int or doc["v"] != 1:
        raise Refusal("bad-grant", "only grants of version 1 are understood")
    if type(version) is not int or version < 1:
        raise Refusal("bad-grant", "policy_version is malformed")
    if not isinstance(recipients, list) or not 0 < len(recipients) <= MAX_RECIPIENTS:
        raise Refusal("bad-grant", "recipients are missing or too many")
    if not all(isinstance(item, str) for item in recipients):
        raise Refusal("bad-grant", "a recipient is not text")
    ca_line, _ = parse_line(doc["ca_public_key"])
    if ca_line != doc["ca_public_key"] or device_of(ca_line) != doc["office"]:
        raise Refusal("bad-grant", "the office id does not belong to the key")
    if certificate.check(doc["certificate"], ca_line).device != doc["device"]:
        raise Refusal("bad-grant", "the certificate is for another device")
    return Grant(
        device=doc["device"],
        office=doc["office"],
        office_name=keyfolder.check_name(doc["office_name"]),
        ca_public_key=ca_line,
        certificate=doc["certificate"],
        recipients=tuple(keyfolder.check_recipient(item) for item in recipients),
        policy_version=version,
    )
