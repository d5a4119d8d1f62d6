"""Fixed keys, and one good example of every kind of document signed with them.

The keys are drawn from constants, so that kept inputs stay valid for ever; they guard nothing.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldkit_sync import canon, certificate, event, policy, receipt, sshsig
from fieldkit_sync.sshkey import device_of, wire

RECIPIENT = "age1" + "q" * 58
OTHER_RECIPIENT = "age1" + "p" * 58
EPOCH = "01a0c5e7f8000001"
HLC = "01a0c5e7f8010000"


def _key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def _line(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


DEVICE_KEY, OFFICE_KEY, OTHER_KEY = _key("fuzz device"), _key("fuzz office"), _key("fuzz other")
DEVICE_LINE, OFFICE_LINE, OTHER_LINE = map(_line, (DEVICE_KEY, OFFICE_KEY, OTHER_KEY))
DEVICE, OFFICE, OTHER = map(device_of, (DEVICE_LINE, OFFICE_LINE, OTHER_LINE))


def office_signs(namespace: str, data: bytes) -> str:
    """Sign as the office does."""
    return sshsig.sign(OFFICE_KEY, namespace, data)


def certificate_line() -> str:
    """A certificate for the device; its nonce is fixed, unlike that of an issued one."""
    issued = certificate.issue_with(OFFICE_KEY, DEVICE_LINE, DEVICE, OFFICE, 7, 1_790_000_000)
    kind, _, text = issued.partition(" ")
    blob = bytearray(base64.b64decode(text))
    nonce = 4 + len(kind) + 4
    blob[nonce : nonce + 32] = bytes(32)
    return certified(bytes(blob[: -(4 + 83)]))


def certified(body: bytes) -> str:
    """A certificate line with the office's signature over any body."""
    signature = wire(b"ssh-ed25519") + wire(OFFICE_KEY.sign(body))
    text = base64.b64encode(body + wire(signature)).decode()
    return f"ssh-ed25519-cert-v01@openssh.com {text}"


def chain(count: int) -> list[event.Event]:
    """A chain of the device, with a seal at its end."""
    found: list[event.Event] = []
    for seq in range(1, count + 1):
        body: dict[str, Any] = {"n": seq, "note": "无人在家", "rows": [1, {"a": None}, True]}
        found.append(_event(found, seq, "visit.logged", body))
    claim = {"device": DEVICE, "epoch": EPOCH, "seq": count, "head": found[-1].hash}
    seal = {**claim, "sig": sshsig.sign(DEVICE_KEY, sshsig.SEAL, canon.encode(claim))}
    return [*found, _event(found, count + 1, "seal", seal)]


def _event(before: list[event.Event], seq: int, kind: str, body: dict[str, Any]) -> event.Event:
    return event.make(
        device=DEVICE,
        epoch=EPOCH,
        seq=seq,
        prev=before[-1].hash if before else event.GENESIS,
        hlc=HLC,
        kind=kind,
        entity=f"{seq:032x}",
        division="990101",
        body=body,
        salt=f"{seq:032x}",
    )


def grant_doc() -> dict[str, Any]:
    """What a good grant says."""
    return {
        "ca_public_key": OFFICE_LINE,
        "certificate": certificate_line(),
        "device": DEVICE,
        "office": OFFICE,
        "office_name": "示例街道",
        "policy_version": 1,
        "recipients": [RECIPIENT],
        "type": "fieldkit-grant",
        "v": 1,
    }


def policy_raw() -> bytes:
    """A good policy with everything in it that one may have."""
    last = (policy.LastGood(EPOCH, 3, "a" * 64), policy.LastGood("f" * 16, 0))
    return policy.write(
        policy.Policy(
            office=OFFICE,
            office_name="示例街道",
            ca_public_key=OFFICE_LINE,
            version=3,
            issued=HLC,
            recipients=(RECIPIENT, OTHER_RECIPIENT),
            devices=(
                policy.Member(DEVICE, DEVICE_LINE),
                policy.Member(OTHER, OTHER_LINE, OTHER_LINE),
            ),
            revoked=(policy.Revoked(OTHER, last),),
            successor=OTHER_LINE,
        ),
        office_signs,
    )


def receipt_raw() -> bytes:
    """A good receipt with everything in it that one may have."""
    pieces = ((1, 3, "3" * 64), (4, 4, "4" * 64), (4, 5, "5" * 64), (7, 9, "c" * 64))
    held = receipt.ChainHeld(DEVICE, EPOCH, ((1, 5), (7, 9)), ((1, 3),), "c" * 64, pieces)
    return receipt.write(
        receipt.Receipt(
            office=OFFICE,
            office_epoch=EPOCH,
            receipt_seq=2,
            prev="b" * 64,
            issued=HLC,
            device=DEVICE,
            policy_version=3,
            chains=(held,),
            evidence_missing=("d" * 64,),
            forks=((DEVICE, EPOCH, 4),),
        ),
        office_signs,
    )
