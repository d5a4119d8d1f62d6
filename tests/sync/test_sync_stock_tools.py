"""Stock tools as judges, both ways: age, ssh-keygen, sha256sum, unzip, bsdtar, BagIt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit_sync import age, bundle, certificate, sshsig

SYNC = Path(__file__).resolve().parents[2] / "sync"
VECTORS = SYNC / "vectors"


def need(*tools: str) -> None:
    """Skip, loudly, where a stock tool is not installed."""
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool} is not installed, interoperation not tested")


def run(*args: str | Path, cwd: Path, data: bytes | None = None) -> str:
    """Run a tool; its failure is the test's failure."""
    done = subprocess.run([str(a) for a in args], cwd=cwd, input=data, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script that stops at the first fault; python3 is the one that runs this."""
    tools = cwd / ".bin"
    tools.mkdir(exist_ok=True)
    if not (tools / "python3").exists():
        (tools / "python3").symlink_to(sys.executable)
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    env.pop("PYTHONPATH", None)
    return subprocess.run(
        ["sh", "-eu", "-c", script], cwd=cwd, env=env, capture_output=True, text=True
    )


def protocol_script() -> str:
    """Every command block of PROTOCOL.md, in order."""
    text = (SYNC / "PROTOCOL.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)
    assert len(blocks) >= 6
    return "\n".join(blocks)


def parcel(folder: Path, name: str = "good--six-events") -> None:
    """Lay out what an office person would have: the file, the key, the signers."""
    source = VECTORS / "bundles" / f"{name}.fkb.zip.age"
    shutil.copy(source, folder / "parcel.fkb.zip.age")
    for extra in ("office-key.txt", "allowed_signers", "device.grant"):
        shutil.copy(VECTORS / extra, folder)


def test_the_commands_of_the_protocol_work(tmp_path: Path) -> None:
    """PROTOCOL.md's commands open and check the golden bundle, without this program."""
    need("age", "bsdtar", "ssh-keygen", "sha256sum", "sh")
    parcel(tmp_path)
    done = shell(protocol_script(), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'Good "bundle.v1@fieldkit" signature' in done.stdout
    assert 'Good "seal.v1@fieldkit" signature' in done.stdout
    assert 'Good "grant.v1@fieldkit" signature' in done.stdout
    assert "6 events, chain whole" in done.stdout


@pytest.mark.parametrize(
    "name",
    ["truncated--tail", "not-age--zip", "signature--namespace", "signature--edited",
     "hash-mismatch--header-edited", "hash-mismatch--evidence-swapped", "missing-file--evidence",
     "extra-file--not-listed", "bad-event--body-edited", "chain-broken--event-left-out",
     "wrong-office--forwarded", "missing-file--bagit-row-climbs", "zip-data--wrong-crc"],
)  # fmt: skip
def test_the_commands_of_the_protocol_find_what_is_wrong(name: str, tmp_path: Path) -> None:
    """The same commands fail on bad bundles: the check is not for show."""
    need("age", "bsdtar", "ssh-keygen", "sha256sum", "sh")
    parcel(tmp_path, name)
    assert shell(protocol_script(), tmp_path).returncode != 0


def test_the_readme_in_the_bundle_works(tmp_path: Path) -> None:
    """The five commands that travel with every bundle are true."""
    need("age", "bsdtar", "ssh-keygen", "sha256sum", "sh")
    parcel(tmp_path)
    run("age", "-d", "-i", "office-key.txt", "-o", "y.zip", "parcel.fkb.zip.age", cwd=tmp_path)
    text = run("bsdtar", "-xOf", "y.zip", "fk1/fieldkit/README.txt", cwd=tmp_path)
    device = (tmp_path / "allowed_signers").read_text().split()[0]
    script = text[text.index("age -d") : text.index("data/events.jsonl holds")]
    script = script.replace("THIS-FILE", "parcel").replace("<device id>", device)
    script = re.sub(r" +\(or: .*", "", script)
    done = shell(script, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Good" in done.stdout


def test_a_fresh_bundle_opens_with_unzip_and_is_a_valid_bag(
    world, written, photo, tmp_path: Path
) -> None:
    """unzip unpacks it, BagIt's own library calls it valid, content is the same."""
    need("age", "unzip")
    bagit = pytest.importorskip("bagit")
    run("age", "-d", "-i", world.office.age_key_path, "-o", "x.zip", written.path, cwd=tmp_path)
    run("unzip", "-q", "x.zip", cwd=tmp_path)
    bagit.Bag(str(tmp_path / "fk1")).validate()
    lines = (tmp_path / "fk1/data/events.jsonl").read_bytes().splitlines()
    assert lines == [found.line for found in world.events]
    sent = tmp_path / "fk1/data/evidence" / f"{photo.sha256}.png"
    assert sent.read_bytes() == photo.path.read_bytes()


def test_stock_age_seals_for_us(world, tmp_path: Path) -> None:
    """What the age program seals, we open."""
    need("age")
    (tmp_path / "plain").write_bytes(os.urandom(200_000))
    run("age", "-r", world.office.recipient, "-o", "x.age", "plain", cwd=tmp_path)
    age.decrypt_file(tmp_path / "x.age", tmp_path / "again", [world.office.age_identity])
    assert (tmp_path / "again").read_bytes() == (tmp_path / "plain").read_bytes()


def test_a_bundle_sealed_anew_by_stock_age_is_read(world, written, tmp_path: Path) -> None:
    """Opened and sealed again by the age program, the bundle is as good as before."""
    need("age")
    run("age", "-d", "-i", world.office.age_key_path, "-o", "x.zip", written.path, cwd=tmp_path)
    run("age", "-r", world.office.recipient, "-o", "again.age", "x.zip", cwd=tmp_path)
    with bundle.read(tmp_path / "again.age", [world.office.age_identity]) as opened:
        assert list(opened.events()) == world.events


def test_ssh_keygen_signs_the_same_bytes(world, tmp_path: Path) -> None:
    """ssh-keygen's signature of the same data is ours, byte for byte."""
    need("ssh-keygen")
    key = tmp_path / "key"
    shutil.copy(world.device.folder / "device_ed25519", key)
    key.chmod(0o600)
    data = "无人在家\n".encode() * 50
    theirs = run("ssh-keygen", "-Y", "sign", "-f", key, "-n", sshsig.SEAL, cwd=tmp_path, data=data)
    assert theirs == world.device.sign(sshsig.SEAL, data)
    sshsig.verify(theirs, sshsig.SEAL, data, world.device.public_key)


def test_ssh_keygen_reads_our_keys_and_certificates(world, tmp_path: Path) -> None:
    """Key files, device ids and certificates mean the same to OpenSSH."""
    need("ssh-keygen")
    key = tmp_path / "key"
    shutil.copy(world.device.folder / "device_ed25519", key)
    key.chmod(0o600)
    assert run("ssh-keygen", "-y", "-f", key, cwd=tmp_path).split()[:2] == (
        world.device.public_key.split()
    )
    (tmp_path / "cert.pub").write_text(world.certificate + "\n")
    shown = run("ssh-keygen", "-L", "-f", "cert.pub", cwd=tmp_path)
    assert f"{world.device.device}@{world.office.office}" in shown
    assert "Critical Options: (none)" in shown
    assert "Extensions: (none)" in shown


def test_a_certificate_from_ssh_keygen_is_accepted(world, tmp_path: Path) -> None:
    """An office may issue certificates with OpenSSH alone."""
    need("ssh-keygen")
    (tmp_path / "device.pub").write_text(world.device.public_key + "\n")
    ca = tmp_path / "ca"
    shutil.copy(world.office.ca_key_path, ca)
    ca.chmod(0o600)
    principal = f"{world.device.device}@{world.office.office}"
    run("ssh-keygen", "-q", "-s", ca, "-I", world.device.device, "-n", principal, "-O", "clear",
        "-z", "5", "device.pub", cwd=tmp_path)  # fmt: skip
    line = " ".join((tmp_path / "device-cert.pub").read_text().split()[:2])
    found = certificate.check(line, world.office.ca_public_key)
    assert (found.device, found.serial) == (world.device.device, 5)
