"""Theirs to ours: bundles that somebody makes with stock tools alone are read and believed.

Keys come from ssh-keygen and age-keygen, the bag from the Library of Congress's program and
sha256sum, the ZIP from Info-ZIP or Python, the seal from age. The lines follow PROTOCOL §2 with
nothing but json and hashlib.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldkit_sync import bundle, certificate
from fieldkit_sync.errors import Refusal

TOOLS = ("age", "age-keygen", "bsdtar", "sha256sum", "ssh-keygen", "unzip", "zip")
# Lists the bag anew and signs the list, whatever stands in the bag by now.
SIGN = """
export LC_ALL=C; cd fk1; rm -f tagmanifest-sha256.txt*
sort -k2 manifest-sha256.txt > ../sorted; mv ../sorted manifest-sha256.txt
find . -type f ! -path './data/*' | cut -c3- | sort | xargs sha256sum > ../tags
mv ../tags tagmanifest-sha256.txt
ssh-keygen -q -Y sign -f ../device -n bundle.v1@fieldkit tagmanifest-sha256.txt
"""
PHOTO = b"\xff\xd8\xff" + b"a photo that packs well " * 40


@pytest.fixture(autouse=True)
def _tools() -> None:
    """Skip, loudly, where a stock tool is not installed; in CI a skip is a failure."""
    if lost := [tool for tool in TOOLS if shutil.which(tool) is None]:
        pytest.skip(f"STOCK TOOL MISSING: {lost}: interoperation not tested")


def run(*args: str | Path, cwd: Path, data: bytes | None = None) -> str:
    """Run a tool; its failure is the test's failure."""
    done = subprocess.run([str(a) for a in args], cwd=cwd, input=data, capture_output=True)
    assert done.returncode == 0, (args, done.stderr.decode(errors="replace"))
    return done.stdout.decode()


def shell(script: str, cwd: Path) -> str:
    """Run a few lines of shell that stop at the first fault."""
    return run("sh", "-eu", "-c", script, cwd=cwd)


def spelled(value: Any) -> bytes:
    """Canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def key_line(path: Path) -> str:
    """A public key without its comment."""
    return " ".join(path.read_text("ascii").split()[:2])


def id_of(line: str) -> str:
    """A device's or an office's id (PROTOCOL §5)."""
    return hashlib.sha256(base64.b64decode(line.split()[1])).hexdigest()[:32]


@dataclass
class Stranger:
    """Somebody with a folder, a key pair, and no program of ours."""

    folder: Path
    device: str
    office: str
    recipient: str

    def read(self, packed: Path, identity: str) -> bundle.Opened:
        """Seal a ZIP with age and open it with our reader."""
        sealed = packed.with_suffix(".age")
        run("age", "-r", self.recipient, "-o", sealed, packed, cwd=self.folder)
        return bundle.read(sealed, [identity])


def lines_of(folder: Path, device: str) -> tuple[list[bytes], list[str]]:
    """Three events and their seal, signed by ssh-keygen, and their hashes."""
    lines: list[bytes] = []
    hashes = ["0" * 64]

    def add(kind: str, entity: str, body: dict[str, Any]) -> None:
        salt = hashlib.sha256(bytes([len(lines)])).hexdigest()[:32]
        digest = hashlib.sha256(bytes.fromhex(salt) + spelled(body)).hexdigest()
        header = {
            "a": "", "d": device, "e": "01a0c5e7f8000001", "h": digest, "k": kind, "n": entity,
            "p": hashes[-1], "s": len(lines) + 1, "t": f"01a0c5e7f80{len(lines) + 1:05x}", "v": 1,
        }  # fmt: skip
        hashes.append(hashlib.sha256(spelled(header)).hexdigest())
        lines.append(spelled({**header, "b": body, "x": salt}))

    for number in range(3):
        add("stranger.noted", f"{number:032x}", {"note": "无人在家 \u2028 \U0001f3e0", "n": number})
    claim = {"device": device, "epoch": "01a0c5e7f8000001", "seq": 3, "head": hashes[-1]}
    seal = run("ssh-keygen", "-Y", "sign", "-f", "device", "-n", "seal.v1@fieldkit", cwd=folder,
               data=spelled(claim))  # fmt: skip
    add("seal", device, {**claim, "sig": seal})
    return lines, hashes


def make_bag(folder: Path, certificate_line: str, office: str, recipient: str) -> None:
    """Build ``fk1`` of PROTOCOL §7: bagit makes the bag, sha256sum lists it, ssh-keygen signs."""
    device_line = key_line(folder / "device.pub")
    device = id_of(device_line)
    lines, hashes = lines_of(folder, device)
    photo = hashlib.sha256(PHOTO).hexdigest()
    top = folder / "fk1"
    (top / "evidence").mkdir(parents=True)
    (top / "evidence" / f"{photo}.jpg").write_bytes(PHOTO)
    (top / "events.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    # Moves what is there into data/ and writes bagit.txt, bag-info.txt and the manifests.
    run(sys.executable, "-m", "bagit", "--sha256", "--quiet", "fk1", cwd=folder)
    chain = {"dev": device, "epoch": "01a0c5e7f8000001", "from_seq": 1, "to_seq": len(lines),
             "prev": hashes[0], "head": hashes[-1], "n": len(lines)}  # fmt: skip
    header = {
        "v": 1, "kind": "events", "bundle_id": "ab" * 16, "volume": "1/1", "dev": device,
        "pub": device_line, "name": "别家", "ranges": [chain], "n": len(lines), "to": [recipient],
        "office": office, "office_name": "", "made_hlc": "01a0c5e7f8010000", "tool": "sh",
        "evidence": [{"sha256": photo, "size": len(PHOTO), "ext": "jpg"}],
    }  # fmt: skip
    (top / "fieldkit").mkdir()
    (top / "fieldkit" / "header.json").write_bytes(spelled(header))
    (top / "fieldkit" / "device.pub").write_text(device_line + "\n", "ascii")
    (top / "fieldkit" / "device-cert.pub").write_text(certificate_line + "\n", "ascii")
    (top / "fieldkit" / "README.txt").write_text("made by hand\n", "ascii")
    (top / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    shell(SIGN, folder)
    run(sys.executable, "-m", "bagit", "--validate", "--quiet", "fk1", cwd=folder)


@pytest.fixture
def stranger(world, tmp_path: Path) -> Stranger:
    """A bag made by hand for our office, whose CA certified the key with ssh-keygen -s."""
    shutil.copy(world.office.ca_key_path, tmp_path / "ca")
    (tmp_path / "ca").chmod(0o600)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "device", cwd=tmp_path)
    device, office = id_of(key_line(tmp_path / "device.pub")), id_of(world.office.ca_public_key)
    run("ssh-keygen", "-q", "-s", "ca", "-I", device, "-n", f"{device}@{office}", "-O", "clear",
        "-z", "7", "device.pub", cwd=tmp_path)  # fmt: skip
    make_bag(tmp_path, key_line(tmp_path / "device-cert.pub"), office, world.office.recipient)
    return Stranger(tmp_path, device, office, world.office.recipient)


def info_zip(*options: str) -> Callable[[Path], None]:
    """Pack with Info-ZIP; jpg files are stored, as evidence must be."""
    return lambda folder: shell(f"zip -q -X -D -n .jpg {' '.join(options)} -r x.zip fk1", folder)


def python_zip(folder: Path) -> None:
    """Pack with Python's zipfile, dates and permissions as on the disk."""
    with zipfile.ZipFile(folder / "x.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for path in (folder / "fk1").rglob("*"):
            if path.is_file():
                packing = zipfile.ZIP_STORED if path.suffix == ".jpg" else zipfile.ZIP_DEFLATED
                out.write(path, path.relative_to(folder), packing)


def python_strings(folder: Path) -> None:
    """Pack with zipfile from memory: no type of file is said at all."""
    with zipfile.ZipFile(folder / "x.zip", "w") as out:
        for path in (folder / "fk1").rglob("*"):
            if path.is_file():
                out.writestr(str(path.relative_to(folder)), path.read_bytes())


def in_two_goes(folder: Path) -> None:
    """Info-ZIP at its hardest, which stores nothing by name: so the evidence is added after."""
    shell("zip -q -X -D -9 -r x.zip fk1 -x '*.jpg'; zip -q -X -D -0 -r x.zip fk1", folder)


def read_only(folder: Path) -> None:
    """Info-ZIP over files that may not be written: another mode, and a DOS attribute."""
    shell("find fk1 -type f -exec chmod 444 {} +; touch -d 2031-02-03 fk1/*.txt", folder)
    info_zip()(folder)


PACKERS = {
    "Info-ZIP": info_zip(),
    "Info-ZIP -1": info_zip("-1"),
    "Info-ZIP in two goes": in_two_goes,
    "Info-ZIP -0": info_zip("-0"),
    "Info-ZIP, read-only files": read_only,
    "zipfile": python_zip,
    "zipfile from memory": python_strings,
}


@pytest.mark.parametrize("packer", PACKERS)
def test_a_bundle_made_by_hand_is_believed(world, stranger: Stranger, packer: str) -> None:
    """Every line, the signer, the office's certificate and the evidence arrive."""
    PACKERS[packer](stranger.folder)
    with stranger.read(stranger.folder / "x.zip", world.office.age_identity) as opened:
        assert opened.device == stranger.device
        assert opened.certificate
        checked = certificate.check(opened.certificate, world.office.ca_public_key)
        assert (checked.device, checked.serial) == (stranger.device, 7)
        lines = (stranger.folder / "fk1/data/events.jsonl").read_bytes().splitlines()
        assert [found.line for found in opened.events()] == lines
        assert [found.kind for found in opened.events()] == ["stranger.noted"] * 3 + ["seal"]
        ((digest, ext, source),) = opened.evidence()
        with source() as stream:
            assert stream.read() == PHOTO
        assert (digest, ext) == (hashlib.sha256(PHOTO).hexdigest(), "jpg")


def test_an_office_takes_it_in(world, tmp_path: Path, monkeypatch, capsysbinary) -> None:
    """From a card made with printf to `office merge`: a device without our program is enrolled."""
    from fieldkit.cli import run as fieldkit

    def call(*words: str) -> Any:
        assert fieldkit(["--home", "office", *words, "--json"]) == 0, words
        return json.loads(capsysbinary.readouterr().out)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    call("office", "init", "澜渡镇联席办（演示）")
    shell(
        """ssh-keygen -q -t ed25519 -N '' -f device; age-keygen -o device.age 2>keygen
        KEY=$(cut -d' ' -f1,2 device.pub)
        ID=$(cut -d' ' -f2 device.pub | base64 -d | sha256sum | cut -c1-32)
        printf 'fieldkit-card 1\\ndevice: %s\\nname: %s\\npublic_key: %s\\nrecipient: %s\\n' \
          "$ID" 别家 "$KEY" "$(age-keygen -y device.age)" > body
        { cat body; printf 'check: %s\\n' "$(sha256sum < body | cut -c1-8)"; } > card.txt""",
        tmp_path,
    )
    call("office", "enrol", "card.txt", "-o", "device.grant")
    grant = json.loads((tmp_path / "device.grant").read_bytes().splitlines()[0])
    make_bag(tmp_path, grant["certificate"], grant["office"], grant["recipients"][0])
    info_zip()(tmp_path)
    to = [word for recipient in grant["recipients"] for word in ("-r", recipient)]
    run("age", *to, "-o", "x.fkb.zip.age", "x.zip", cwd=tmp_path)
    merged = call("office", "merge", "x.fkb.zip.age")
    assert (merged["rejected"], merged["merged"], merged["events_new"]) == ([], 1, 4)
    assert call("journal", "verify")["problems"] == []


@pytest.mark.parametrize(
    ("packer", "code"),
    [
        ("zip -q -X -r x.zip fk1", "name-path"),  # folders as members of their own
        ("zip -q -D -r x.zip fk1", "zip-extra"),  # times and owners in extra fields
        ("zip -q -X -D -y -r x.zip fk1", "zip-attributes"),  # a link kept as a link
        ("zip -q -X -D -P x -r x.zip fk1", "zip-flags"),  # encrypted
        ("zip -q -X -D -r - fk1 | cat > x.zip", "zip-flags"),  # streamed: sizes after the data
        ("zip -q -X -D -fz -r x.zip fk1", "zip-directory"),  # ZIP64
        ("zip -q -X -D -Z bzip2 -r x.zip fk1", "zip-method"),
        ("zip -q -X -D -r x.zip fk1; echo why | zip -q -z x.zip", "zip-directory"),
        ("zip -q -X -D -r y.zip fk1; { echo '#!/bin/sh'; cat y.zip; } > x.zip", "zip-overlap"),
        ("bsdtar --format zip -cf x.zip $(find fk1 -type f)", "zip-flags"),
        ("zip -q -X -D -r x.zip fk1 office", "name-form"),
        ("cd fk1; zip -q -X -D -r ../x.zip .", "name-form"),  # without the top folder
    ],
)
def test_what_else_stock_tools_can_do_is_refused(
    world, stranger: Stranger, packer: str, code: str
) -> None:
    """Links, folders, streams, ciphers, comments, ZIP64 and other packings: each by its code."""
    if "-y" in packer:
        shell("mv fk1/bag-info.txt away; ln -s ../away fk1/bag-info.txt", stranger.folder)
    (stranger.folder / "office").write_text("not of the bag", "ascii")
    (stranger.folder / "office").rename(stranger.folder / "Office")
    shell(packer.replace(" office", " Office"), stranger.folder)
    with pytest.raises(Refusal) as no:
        stranger.read(stranger.folder / "x.zip", world.office.age_identity)
    assert no.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("echo more >> fk1/data/events.jsonl", "hash-mismatch"),
        ("echo more > fk1/data/more.txt", "extra-file"),
        ("echo more >> fk1/tagmanifest-sha256.txt", "signature"),
        ("rm fk1/data/evidence/*", "missing-file"),
        ("sed -i s/1.0/0.97/ fk1/bagit.txt;" + SIGN, "header-mismatch"),
        ("sed -i s/ed25519/ED25519/ fk1/fieldkit/device-cert.pub;" + SIGN, "certificate"),
    ],
)  # fmt: skip
def test_a_bag_that_was_changed_is_not_believed(
    world, stranger: Stranger, change: str, code: str
) -> None:
    """The same bag with one change: refused, so the belief above is not for show."""
    shell(change, stranger.folder)
    info_zip()(stranger.folder)
    with pytest.raises(Refusal) as no:
        stranger.read(stranger.folder / "x.zip", world.office.age_identity)
    assert no.value.code == code
