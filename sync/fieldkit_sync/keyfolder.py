"""A folder with one signing key, one age key and a plain JSON note that says whose they are.

Used alike for devices and offices. The folder appears whole, by one rename, so a crash while
it is made leaves no half identity behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldkit_sync import canon, files, keylock, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.sshkey import device_of, parse_line

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAX_NAME = 40


class Layout(NamedTuple):
    """The file names of one kind of key folder; ``id_key`` names the id in its note."""

    stem: str
    id_key: str
    missing: str
    exists: str

    @property
    def note(self) -> str:
        """The note's file name."""
        return f"{self.stem}.json"

    @property
    def private(self) -> str:
        """The signing key's file name, OpenSSH format."""
        return f"{self.stem}_ed25519"

    @property
    def age(self) -> str:
        """The age identity's file name."""
        return f"{self.stem}.age"

    @property
    def locked_private(self) -> str:
        """The signing key's file name while a passphrase locks it (`keylock`)."""
        return f"{self.private}.locked.age"

    @property
    def locked_age(self) -> str:
        """The age identity's file name while a passphrase locks it."""
        return f"{self.stem}.locked.age"


DEVICE = Layout("device", "device", "no-identity", "identity-exists")
OFFICE = Layout("office", "office", "no-office", "office-exists")


class Note(NamedTuple):
    """What the note says; nothing in it is secret."""

    id: str
    name: str
    public_key: str
    recipient: str


def check_name(name: str) -> str:
    """Return the name; `Refusal` ("bad-name") unless it is 1-40 printable characters."""
    if not (0 < len(name) <= MAX_NAME and name.isprintable() and name == name.strip()):
        raise Refusal("bad-name", f"a name has 1-{MAX_NAME} printable characters")
    return name


def check_recipient(recipient: str) -> str:
    """Return an age X25519 recipient; `Refusal` ("bad-recipient") if it does not look like one."""
    body = recipient.removeprefix("age1")
    alphabet = set("qpzry9x8gf2tvdw0s3jn54khce6mua7l")
    if len(recipient) != 62 or len(body) != 58 or not set(body) <= alphabet:
        raise Refusal("bad-recipient", "an age recipient is age1 and 58 letters and digits")
    return recipient


def create(folder: Path, layout: Layout, name: str) -> Note:
    """Draw new keys and put them at ``folder`` (0700, files 0600).

    `Refusal` ``layout.exists`` if keys are there already, "folder-not-empty" if something else
    is, "bad-name".
    """
    check_name(name)
    # In this order: another process may put its whole folder here at any moment.
    full = folder.is_dir() and any(folder.iterdir())
    if (folder / layout.note).exists():
        raise Refusal(layout.exists, str(folder))
    if full:
        raise Refusal("folder-not-empty", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.urandom(6).hex()}")
    fresh.mkdir(mode=0o700)
    try:
        note = _fill(fresh, layout, name)
        files.fsync_folder(fresh)
        if os.name == "nt" and folder.is_dir():
            folder.rmdir()
        _move(fresh, folder, layout)
    except BaseException:
        import shutil

        shutil.rmtree(fresh, ignore_errors=True)
        raise
    files.fsync_folder(folder.parent)
    return note


def _move(fresh: Path, folder: Path, layout: Layout) -> None:
    try:
        os.rename(fresh, folder)
    except OSError:
        # Another process was quicker: its keys stand, ours were never used.
        if (folder / layout.note).exists():
            raise Refusal(layout.exists, str(folder)) from None
        raise


def _fill(folder: Path, layout: Layout, name: str) -> Note:
    import pyrage
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
    line = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    age = pyrage.x25519.Identity.generate()
    note = Note(device_of(line.decode()), name, line.decode(), str(age.to_public()))
    files.write_new(folder / layout.private, private)
    files.write_new(folder / f"{layout.private}.pub", line + b"\n", 0o644)
    files.write_new(folder / layout.age, f"# public key: {note.recipient}\n{age}\n".encode())
    write_note(folder, layout, note)
    return note


def write_note(folder: Path, layout: Layout, note: Note) -> None:
    """Write the note, atomically."""
    doc = {
        layout.id_key: note.id,
        "name": check_name(note.name),
        "public_key": note.public_key,
        "recipient": note.recipient,
    }
    files.replace(folder / layout.note, canon.encode(doc) + b"\n")


def read_note(folder: Path, layout: Layout) -> Note:
    """Read the note, without any cipher library.

    `Refusal` ``layout.missing`` if there is none, "bad-identity" if it does not hold together.
    """
    try:
        raw = files.read_small(folder / layout.note, 4096)
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal(layout.missing, str(folder)) from None
    try:
        doc = canon.decode((raw or b"").removesuffix(b"\n"))
        return note_of(doc, layout.id_key)
    except Refusal as fault:
        raise Refusal("bad-identity", f"{layout.note}: {fault.detail}") from None


def note_of(doc: object, id_key: str) -> Note:
    """Check the four facts of a note or a card; `Refusal` ("bad-card" and the like)."""
    keys = {id_key, "name", "public_key", "recipient"}
    if not isinstance(doc, dict) or doc.keys() != keys:
        raise Refusal("bad-card", "unknown or missing fields")
    if not all(isinstance(value, str) for value in doc.values()):
        raise Refusal("bad-card", "a field is not text")
    line, _ = parse_line(doc["public_key"])
    if line != doc["public_key"] or device_of(line) != doc[id_key]:
        raise Refusal("bad-card", f"the {id_key} id does not belong to the key")
    return Note(doc[id_key], check_name(doc["name"]), line, check_recipient(doc["recipient"]))


def signing_key(raw: bytes, layout: Layout, note: Note) -> Ed25519PrivateKey:
    """Read an OpenSSH signing key; `Refusal` ("bad-identity") unless it is the one of the note."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = form.load_ssh_private_key(raw, password=None)
    except (ValueError, TypeError):
        raise Refusal("bad-identity", f"{layout.private} is damaged") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refusal("bad-identity", f"{layout.private} is not an ed25519 key")
    line = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    if line.decode() != note.public_key:
        raise Refusal("bad-identity", f"{layout.private} is not the key of {layout.note}")
    return key


def age_secret(raw: bytes, layout: Layout) -> str:
    """Return the AGE-SECRET-KEY line; `Refusal` ("bad-identity") unless there is one."""
    rows = raw.decode("ascii", errors="replace").splitlines()
    secrets_ = [row for row in rows if row.startswith("AGE-SECRET-KEY-1")]
    if len(secrets_) != 1:
        raise Refusal("bad-identity", f"{layout.age} must hold one key")
    return secrets_[0]


class Keys:
    """The loaded keys of a folder; signs in the name of its owner.

    ``passphrase`` is asked for only if the files are locked. `Refusal` ``layout.missing``,
    "bad-identity", "locked" (there is nobody to ask), "wrong-passphrase".
    """

    def __init__(
        self, folder: Path, layout: Layout, passphrase: Callable[[], str] | None = None
    ) -> None:
        self.folder = folder
        self.note = read_note(folder, layout)
        private, age = keylock.read(folder, layout, passphrase)
        self._key = signing_key(private, layout, self.note)
        self.age_identity = age_secret(age, layout)

    @property
    def name(self) -> str:
        """The owner's name as people call it."""
        return self.note.name

    @property
    def recipient(self) -> str:
        """The age recipient to which files for the owner are sealed."""
        return self.note.recipient

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The signing key."""
        return self._key

    def sign(self, namespace: str, data: bytes) -> str:
        """Return an armoured SSHSIG of ``data``."""
        return sshsig.sign(self._key, namespace, data)
