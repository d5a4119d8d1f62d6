"""The certificate of an erasure: plain JSON that says what went, by which rule, signed by the home.

It is made of the journal's own note, so it can be written again at any time.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.domain.retention import RULES
from fieldkit.errors import Problem
from fieldkit.store import retention as reading
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import devices, grants
from .exchange_files import unusable, write_whole
from .workspace import Workspace, home_time

if TYPE_CHECKING:
    from fieldkit_sync.identity import Identity

FORMAT = "fieldkit-erasure-1"


def signer(ws: Workspace) -> Identity:
    """The key that signs, asked for before anything is erased. Raises Problem."""
    return devices.identity(ws)


def place(ws: Workspace, day: object, out: Path | None) -> Path:
    """Where the certificate goes: as told, else among this home's documents. Raises Problem."""
    if out is not None:
        path = out.expanduser().absolute()
        if path.is_dir() or not path.parent.is_dir():
            raise Problem(
                "certificate-place",
                _("证明写不到这里"),
                where=shown(str(out)),
                mend=_("写一个已有文件夹里的文件名。"),
            )
        return path
    folder = ws.home / "documents"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    stamp = ws.now().strftime("%H%M%S")
    return folder / f"{_('清除证明')}-{day}-{ws.today().isoformat()}-{stamp}.json"


def last(ws: Workspace, before: str) -> str:
    """The latest erasure here before that day; empty where there was none."""
    own = [
        event.entity
        for event in reading.applied(ws.store.db)
        if event.device == ws.device.device and (event.body or {})["before"] == before
    ]
    return own[-1] if own else ""


def write(ws: Workspace, run: str, identity: Identity, path: Path) -> Path | None:
    """Write the certificate of one erasure; None where there is none. Raises Problem."""
    from fieldkit_sync import sshsig
    from fieldkit_sync.canon import encode

    doc = _document(ws, run) if run else None
    if doc is None:
        return None
    signature = sshsig.sign(identity.private_key, sshsig.ERASURE, encode(doc))
    whole = {**doc, "signature": signature}
    text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise unusable(path, error) from error
    return path


def verify(raw: bytes) -> dict[str, Any]:
    """What a certificate says, if the key that it names signed it; whose key it is, ask the office.

    Raises Problem ``bad-certificate``.
    """
    from fieldkit_sync import sshsig
    from fieldkit_sync.canon import encode
    from fieldkit_sync.errors import Refusal

    try:
        doc = json.loads(raw)
        signature = doc.pop("signature")
        if doc["format"] != FORMAT:
            raise ValueError(doc["format"])
        sshsig.verify(signature, sshsig.ERASURE, encode(doc), doc["public_key"])
    except (Refusal, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            "bad-certificate",
            _("清除证明的签名不对，或者内容改动过"),
            mend=_("请向出具的单位重新索取。"),
        ) from error
    return dict(doc)


def _document(ws: Workspace, run: str) -> dict[str, Any] | None:
    events = [event for event in reading.applied(ws.store.db) if event.entity == run]
    if not events:
        return None
    first = events[0]
    body = first.body or {}
    trusted = grants.trusted(ws)
    rules = [
        {
            "rule": rule.id,
            "what": _(rule.title),
            "basis": _(rule.basis),
            "months": rule.months,
            "count": body["rules"][rule.id],
        }
        for rule in RULES
        if rule.id in body["rules"]
    ]
    return {
        "format": FORMAT,
        "device": first.device,
        "name": ws.device.name,
        "public_key": ws.device.public_key,
        "office": trusted.office if trusted else "",
        "run": run,
        "event": first.hash,
        "made": home_time(first.hlc),
        "before": body["before"],
        "rules": rules,
        "events": body["events"],
        "files": body["files"],
        "digest": body["digest"],
        "text": _text(ws, body, rules, home_time(first.hlc)),
    }


def _text(ws: Workspace, body: dict[str, Any], rules: list[dict[str, Any]], made: str) -> str:
    what = "；".join(f"{rule['what']} {rule['count']}（{rule['basis']}）" for rule in rules)
    return _(
        "{made}，设备“{name}”按保存期限清除了 {before} 以前的内容：{what}。共 {events} 条记录的"
        "内容、{files} 个文件；记录的编号、指纹和汇总数保留，日志仍可核验。另存的备份、导出的文件"
        "和纸件不在其内，请一并处理；检查记录应先转文书档案。"
    ).format(
        made=made, name=shown(ws.device.name), before=body["before"], what=what,
        events=body["events"], files=body["files"],
    )  # fmt: skip
