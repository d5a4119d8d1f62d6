"""Taking in what came from the office: a grant, policies, receipts; each file whole or not at all.

A plain grant is the user's word: whoever it comes from is the office from then on. A letter sealed
to this device proves nothing about its sender, so what is in it must come from the office in force,
or from one that it named as its successor.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.store import outgoing, receipts_held
from fieldkit.store.open import transaction
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from . import above, devices, dispatches, grants, outbox
from .exchange_files import unusable
from .grants import Received
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.dispatch import Dispatch
    from fieldkit_sync.letter import Document
    from fieldkit_sync.office import Grant
    from fieldkit_sync.policy import Policy
    from fieldkit_sync.receipt import Receipt

_REASONS = {
    "not-a-letter": N_("这不是办公室的来信，或内容已损坏。"),
    "not-age": N_("这不是办公室的来信，或内容已损坏。"),
    "header-flood": N_("加密文件头异常，拒绝打开。"),
    "truncated": N_("文件不完整，可能没有拷完。"),
    "wrong-office": N_("打不开：不是寄给本机的，或文件已损坏。"),
    "signature": N_("签名不对，不是本机的办公室签的，或内容被改动。"),
    "not-a-grant": N_("信中的授权已损坏。"),
    "bad-grant": N_("信中的授权已损坏。"),
    "certificate": N_("信中的设备证书有问题。"),
    "bad-policy": N_("信中的办公室名册已损坏。"),
    "policy-older": N_("信中的办公室名册比本机已有的旧。"),
    "policy-split": N_("办公室的两份名册版本相同而内容不同。"),
    "bad-receipt": N_("信中的回执已损坏。"),
    "bad-dispatch": N_("信中的下发内容已损坏，或带了不该下发的东西。"),
    "dispatch-for-others": N_("这份下发不是给本机的。"),
    "receipt-split": N_("办公室的两份回执编号相同而内容不同。"),
}


@dataclass(slots=True)
class _Letter:
    """A file's documents, each with the bytes it came in; nothing of it is kept yet."""

    sealed: bool
    grants: list[tuple[Grant, Document]] = field(default_factory=list)
    policies: list[tuple[Policy, Document]] = field(default_factory=list)
    receipts: list[Document] = field(default_factory=list)
    dispatches: list[Document] = field(default_factory=list)


def receive(ws: Workspace, path: Path) -> Received:
    """Take in a file that came from the office.

    Raises Problem, with nothing kept: no such file, not from an office or not from this device's
    one, meant for another device, older than what is known.
    """
    raw = _read(path)
    with _in_words(path):
        found = _opened(ws, raw)
        keys = _line(ws, found)
        office = _in_force(ws, found, keys)
        speakers = _speakers(ws, keys, office)
        receipts = _receipts(ws, found, speakers)
        sent = [_dispatched(ws, it, speakers) for it in found.dispatches]
        # Before the rest: it has a transaction of its own, and says the same when it comes again.
        brought = [dispatches.take(ws, it) for it in sent]
        with transaction(ws.store.db):
            fresh = _keep_policies(ws, found, keys)
            kept = [it for it, raw in receipts if _keep_receipt(ws, it, raw, speakers)]
            # Of several receipts the last one says how things stand.
            new_epoch = bool(kept) and _rewound(ws, kept[-1])
            # Last, since files are not taken back with the transaction.
            for grant, document in found.grants:
                grants.keep(ws, grant.office, document.raw)
    outbox.clean(ws)
    return Received(
        office.office,
        office.office_name,
        receipts=len(kept),
        checklists=sum(it.checklists for it in brought),
        sites=sum(it.sites for it in brought),
        assignments=sum(it.assignments for it in brought),
        returned=sum(it.returned for it in brought),
        policies=fresh,
        grants=len(found.grants),
        old=len(receipts) - len(kept),
        new_epoch=new_epoch,
    )


def _read(path: Path) -> bytes:
    from fieldkit_sync import age, letter

    where = shown(str(path))
    most = letter.MAX_DISPATCH + letter.MAX_DISPATCH // 4096 + 2 * age.MAX_HEADER
    try:
        if not path.is_file():
            what = _("这不是一个文件。") if path.exists() else _("没有这个文件。")
            raise Problem("no-file", what, where=where, mend=_("检查路径。"))
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise unusable(path, error) from error
    if len(raw) > most:
        raise Problem("file-too-large", _("文件太大，不是办公室的来信。"), where=where)
    return raw


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say refusals as a Problem about this file."""
    from fieldkit_sync.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        words = _(_REASONS[refusal.code]) if refusal.code in _REASONS else _("来信不合规。")
        raise _refused(refusal.code, words, path) from refusal
    except Problem as problem:
        if problem.where:
            raise
        where = shown(str(path))
        raise Problem(problem.code, problem.what, where=where, mend=problem.mend) from None


def _refused(code: str, words: str, path: Path | None = None) -> Problem:
    return Problem(
        code,
        words,
        where=shown(str(path)) if path else "",
        mend=_("什么也没有收下；请办公室重新发一份。"),
    )


def _opened(ws: Workspace, raw: bytes) -> _Letter:
    from fieldkit_sync import dispatch, letter, office, policy, receipt
    from fieldkit_sync.errors import Refusal

    keys = devices.age_identities(ws)
    sealed, most = raw.startswith(b"age-encryption.org/"), letter.MAX_DISPATCH
    if dispatch.is_shared(raw):
        found = _Letter(True)
        documents = letter.split(dispatch.unseal_shared(raw, keys), most)
        sealed = True
    elif not sealed:
        try:
            documents = letter.split(raw)
            first = office.read_grant(documents[0].raw)
        except Refusal as refusal:
            raise _not_a_grant() from refusal
        found = _Letter(False, [(first, documents.pop(0))])
    else:
        found = _Letter(True)
        documents = letter.split(letter.unseal(raw, keys, most), most)
    for document in documents:
        if document.type == policy.TYPE:
            found.policies.append((policy.read(document), document))
        elif document.type == office.GRANT_TYPE and sealed and not found.grants:
            found.grants.append((office.read_grant(document.raw), document))
        elif document.type == receipt.TYPE and sealed:
            found.receipts.append(document)
        elif document.type == dispatch.TYPE and sealed and not found.dispatches:
            found.dispatches.append(document)
        else:
            raise _refused("not-a-letter", _("信中有本程序不认识的内容，可能由更新的版本写成。"))
    return found


def _not_a_grant() -> Problem:
    return Problem(
        "not-a-grant",
        _("这不是办公室发来的授权文件，或内容已损坏。"),
        mend=_("请办公室用 fieldkit office enrol 登记卡 -o 文件 重新生成。"),
    )


def _line(ws: Workspace, found: _Letter) -> list[str]:
    """The keys that may speak: of the office in force, its successor, the successor of that …"""
    from fieldkit_sync.sshkey import device_of

    trusted = grants.trusted(ws)
    if not found.sealed or trusted is None:
        if not found.grants:
            raise Problem(
                "no-office",
                _("本机还没有被任何办公室登记，不知道来信可不可信。"),
                mend=_("请办公室登记本机，先接收授权。"),
            )
        keys = [found.grants[0][0].ca_public_key]
    else:
        keys = [trusted.ca_public_key]
    while True:
        said = [it for it, _document in found.policies if it.ca_public_key == keys[-1]]
        held = above.policy(ws, device_of(keys[-1]))
        newest = max([*said, *([held] if held else [])], key=lambda it: it.version, default=None)
        if newest is None or not newest.successor or newest.successor in keys:
            return keys
        keys.append(newest.successor)


def _in_force(ws: Workspace, found: _Letter, keys: list[str]) -> Grant:
    """The grant that is in force once the letter is taken in."""
    for grant, _document in found.grants:
        if grant.ca_public_key not in keys:
            raise _other_office()
        if grant.device != ws.device.device:
            raise Problem(
                "grant-for-another",
                _("这份授权是给设备 {other} 的，本机是 {own}。").format(
                    other=shown(grant.device)[:8], own=ws.device.device[:8]
                ),
                mend=_("请在那台设备上接收，或请办公室登记本机。"),
            )
        return grant
    trusted = grants.trusted(ws)
    assert trusted is not None
    return trusted


def _other_office() -> Problem:
    return Problem(
        "other-office",
        _("这封信来自另一个办公室，本机的办公室没有说由它接任。"),
        mend=_("确要改换办公室，请它用 fieldkit office enrol 登记卡 -o 文件 给出授权文件。"),
    )


def _speakers(ws: Workspace, keys: list[str], office: Grant) -> dict[str, str]:
    """The offices whose receipts count, with their keys: the one in force, and those before it."""
    from fieldkit_sync.sshkey import device_of

    found = {}
    for key in keys:
        found[device_of(key)] = key
        if key == office.ca_public_key:
            break
    trusted = grants.trusted(ws)
    if trusted is not None and trusted.office in found:
        found |= above.speakers(ws, trusted)
    return found


def _keep_policies(ws: Workspace, found: _Letter, keys: list[str]) -> int:
    from fieldkit_sync.policy import newer

    fresh = 0
    before = _predecessors(found, keys)
    for policy, document in sorted(found.policies, key=lambda it: it[0].version):
        if policy.ca_public_key in before:
            # The last word of a key that this device has left behind already.
            continue
        if policy.ca_public_key not in keys:
            raise _other_office()
        if newer(policy, above.policy(ws, policy.office)):
            receipts_held.keep_policy(ws.store.db, policy.office, policy.version, document.raw)
            fresh += 1
    return fresh


def _predecessors(found: _Letter, keys: list[str]) -> set[str]:
    """Keys that, by the policies of this letter, handed over to the first of these."""
    known = {keys[0]}
    while (
        more := {it.ca_public_key for it, _raw in found.policies if it.successor in known} - known
    ):
        known |= more
    return known - set(keys)


def _past(found: _Letter, keys: list[str]) -> set[str]:
    """The keys that by the letter's policies were the office's before: their word is over.

    An office sends the last words of its former keys along for devices that have still to follow.
    Anybody could claim to have been the office once, so nothing is kept of them.
    """
    past: set[str] = set()
    while True:
        more = {
            policy.ca_public_key
            for policy, _document in found.policies
            if policy.successor in past.union(keys) and policy.ca_public_key not in keys
        }
        if more <= past:
            return past
        past |= more


def _receipts(
    ws: Workspace, found: _Letter, speakers: dict[str, str]
) -> list[tuple[Receipt, bytes]]:
    """The letter's receipts in their order, each signed by the office, for this device."""
    from fieldkit_sync.receipt import read

    own = {ws.device.device, *devices.former(ws)}
    receipts = []
    for document in found.receipts:
        key = speakers.get(str(document.doc.get("office")))
        if key is None:
            raise _other_office()
        receipt = read(document, key)
        if receipt.device not in own and found.dispatches:
            # A dispatch brings each of its devices a receipt.
            continue
        if receipt.device not in own:
            raise _refused(
                "receipt-for-another",
                _("信中的回执是给设备 {other} 的，不是给本机的。").format(other=receipt.device[:8]),
            )
        receipts.append((receipt, document.raw))
    return sorted(receipts, key=lambda it: it[0].place)


def _dispatched(ws: Workspace, document: Document, speakers: dict[str, str]) -> Dispatch:
    """The dispatch in a letter, signed by an office that may speak, for this device."""
    key = speakers.get(str(document.doc.get("office")))
    if key is None:
        raise _other_office()
    return dispatches.checked(ws, document, key)


def _keep_receipt(ws: Workspace, receipt: Receipt, raw: bytes, speakers: dict[str, str]) -> bool:
    """Keep a receipt unless it is earlier than the one held, or that very one."""
    from fieldkit_sync.errors import Refusal

    held = above.newest_receipt(ws, speakers)
    if held is not None and receipt.place <= held.place:
        if receipt.place == held.place and receipt.office == held.office and receipt != held:
            raise Refusal("receipt-split", f"two receipts of number {receipt.receipt_seq}")
        return False
    place = (receipt.office, receipt.office_epoch, receipt.receipt_seq)
    receipts_held.keep_receipt(ws.store.db, *place, raw)
    return True


def _rewound(ws: Workspace, receipt: Receipt) -> bool:
    """Open a new epoch if the office holds of this device what this home does not remember.

    Then this home is a copy, or came back from a backup with all that lay beside it, and the next
    numbers of its chain may be used already. Once for each such chain is enough.
    """
    db, device = ws.store.db, ws.device.device
    known = {it.epoch: it.runs[-1][1] for it in outgoing.chains(db, device)}
    newest = max(known, default="")
    strange = receipts_held.strange_epochs(db)
    found = set()
    for held in receipt.chains:
        if held.device != device:
            continue
        if held.epoch not in known:
            found |= {held.epoch} - strange
        elif held.epoch == newest:
            last = held.received[-1][1]
            if not outgoing.holds(db, device, held.epoch, last, held.head):
                found.add(held.epoch)
    if not found:
        return False
    receipts_held.keep_strange_epochs(db, strange | (found - known.keys()))
    ws.store.reopen_epoch("receipt")
    return True
