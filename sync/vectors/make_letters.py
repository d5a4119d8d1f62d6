"""Complete the golden letters: ``python sync/vectors/make_letters.py`` (needs sync/ on the path).

``letters/`` holds policies and receipts as they stand in a letter before it is sealed, good and
bad ones by code (``<code>--<case>.letter``), and one parcel of the small form. Ed25519 signs the
same every time, so the letters are the same on every run; the parcel is sealed at random and
written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldkit_sync import canon, clock, letter, lite, policy, receipt, seal, sshsig
from fieldkit_sync.event import Event, make
from fieldkit_sync.identity import Identity
from fieldkit_sync.office import OfficeKeys

HERE = Path(__file__).resolve().parent
EPOCH = clock.pack(1_790_000_000_000, 1)
AT = clock.pack(1_790_000_500_000, 0)

Change = Callable[[dict[str, Any]], object]

BAD_POLICIES: dict[str, Change] = {
    "bad-policy--version-zero": lambda doc: doc.update(version=0),
    "bad-policy--version-text": lambda doc: doc.update(version="3"),
    "bad-policy--another-key": lambda doc: doc.update(office="0" * 32),
    "bad-policy--no-recipient": lambda doc: doc.update(recipients=[]),
    "bad-policy--unknown-field": lambda doc: doc.update(note=""),
    "bad-policy--device-twice": lambda doc: doc["devices"].append(doc["devices"][0]),
    "bad-policy--device-of-another-key": lambda doc: doc["devices"][0].update(device="0" * 32),
    "bad-policy--revoked-below-zero": lambda doc: doc["revoked"][0]["chains"][0].update(seq=-1),
}
BAD_RECEIPTS: dict[str, Change] = {
    "bad-receipt--number-zero": lambda doc: doc.update(receipt_seq=0),
    "bad-receipt--runs-touch": lambda doc: doc["chains"][0].update(received=[[1, 4], [5, 9]]),
    "bad-receipt--run-backwards": lambda doc: doc["chains"][0].update(received=[[4, 1]]),
    "bad-receipt--durable-beyond": lambda doc: doc["chains"][0].update(durable=[[1, 99]]),
    "bad-receipt--nothing-received": lambda doc: doc["chains"][0].update(received=[], durable=[]),
    "bad-receipt--fork-of-two-fields": lambda doc: doc.update(forks=[["0" * 32, 1]]),
    "bad-receipt--no-pieces": lambda doc: doc["chains"][0].update(pieces=[]),
    "bad-receipt--pieces-of-other-numbers": lambda doc: doc["chains"][0].update(
        pieces=[[1, 4, "1" * 64], [7, 8, "7" * 64]]
    ),
    "bad-receipt--piece-without-a-head": lambda doc: doc["chains"][0].update(
        pieces=[[1, 4], [7, 9, "7" * 64]]
    ),
    "bad-receipt--true-for-one": lambda doc: doc.update(v=True),
}


def policy_of(device: Identity, office: OfficeKeys) -> policy.Policy:
    """A policy with one device, revoked from its tenth event on."""
    last = policy.LastGood(EPOCH, 9)
    return policy.Policy(
        office=office.office,
        office_name=office.name,
        ca_public_key=office.ca_public_key,
        version=3,
        issued=AT,
        recipients=(office.recipient,),
        devices=(policy.Member(device.device, device.public_key),),
        revoked=(policy.Revoked(device.device, (last,)),),
    )


def receipt_of(device: Identity, office: OfficeKeys) -> receipt.Receipt:
    """A receipt with a gap, a file that is missing and a number that was used twice."""
    held = receipt.ChainHeld(device.device, EPOCH, ((1, 4), (7, 9)), ((1, 3),), "7" * 64)
    return receipt.Receipt(
        office=office.office,
        office_epoch=clock.pack(1_790_000_400_000, 7),
        receipt_seq=2,
        prev="5" * 64,
        issued=AT,
        device=device.device,
        policy_version=3,
        chains=(held,),
        evidence_missing=("e" * 64,),
        forks=((device.device, EPOCH, 8),),
    )


def receipt_of_a_fork(device: Identity, office: OfficeKeys) -> receipt.Receipt:
    """A receipt that names the pieces of a chain whose eighth number was used twice."""
    made = receipt_of(device, office)
    pieces = ((1, 4, "1" * 64), (7, 7, "2" * 64), (8, 8, "8" * 64), (8, 9, "7" * 64))
    return replace(made, chains=(replace(made.chains[0], pieces=pieces),))


def letters(device: Identity, office: OfficeKeys) -> dict[str, bytes]:
    """Every letter by its file name."""
    good = {
        "good--policy": (policy.write(policy_of(device, office), office.sign), sshsig.POLICY),
        "good--receipt": (receipt.write(receipt_of(device, office), office.sign), sshsig.RECEIPT),
    }
    forked = receipt.write(receipt_of_a_fork(device, office), office.sign)
    found = {name: raw for name, (raw, _space) in good.items()} | {
        "good--receipt-in-pieces": forked
    }
    for kind, changes in (("policy", BAD_POLICIES), ("receipt", BAD_RECEIPTS)):
        raw, space = good[f"good--{kind}"]
        for name, change in changes.items():
            doc = canon.decode(raw.partition(b"\n")[0])
            change(doc)
            found[name] = letter.write(doc, office.sign, space)
        wrong = sshsig.GRANT if kind == "policy" else sshsig.POLICY
        doc = canon.decode(raw.partition(b"\n")[0])
        found[f"signature--{kind}-of-another-namespace"] = letter.write(doc, office.sign, wrong)
        found[f"signature--{kind}-by-the-device"] = letter.write(doc, device.sign, space)
        found[f"not-a-letter--{kind}-cut-short"] = raw[:-40]
        found[f"not-a-letter--{kind}-with-more-behind"] = raw + b"{}\n"
        found[f"not-a-letter--{kind}-with-a-blank"] = raw.replace(b'"v":1', b'"v": 1')
    return {f"{name}.letter": raw for name, raw in found.items()}


def chain(device: Identity) -> list[Event]:
    """Two visits and their seal."""
    events: list[Event] = []
    for seq in (1, 2, 3):
        last = events[-1] if events else None
        body: dict[str, Any] = {"note": "无人在家", "n": seq}
        if seq == 3 and last is not None:
            body = seal.seal_body(device, EPOCH, 2, last.hash)
        events.append(
            make(
                device=device.device,
                epoch=EPOCH,
                seq=seq,
                prev=last.hash if last else "0" * 64,
                hlc=clock.pack(1_790_000_000_000 + seq, 0),
                kind="seal" if seq == 3 else "visit.noted",
                entity=f"{seq:032x}",
                division="990101",
                body=body,
                salt=f"{seq:032x}",
            )
        )
    return events


def main() -> None:
    """Write what is missing, and every letter anew."""
    device, office = (
        Identity.load(HERE / "keys" / "device"),
        OfficeKeys.load(HERE / "keys" / "office"),
    )
    folder = HERE / "letters"
    folder.mkdir(exist_ok=True)
    for name, raw in letters(device, office).items():
        (folder / name).write_bytes(raw)
    parcel = folder / "good--three-events.fkl.age"
    if not parcel.exists():
        written = lite.write(
            folder,
            identity=device,
            lines=[event.line for event in chain(device)],
            recipients=[office.recipient],
            made_hlc=AT,
            tool="vectors",
        )
        written.path.rename(parcel)


if __name__ == "__main__":
    main()
