"""``fieldkit office prove``: a record down to its author's own signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.proving import Proof, Proven


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``office``."""
    app.command("prove", help=_("查证一次检查：谁记的、谁作保、封存签名对不对，不用问下级。"))(
        prove
    )


def prove(
    inspection: Annotated[
        str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))
    ],
    json: JsonFlag = False,
) -> None:
    """Check the author's signature; exit 1 where it cannot be proved."""
    from fieldkit.work import proving

    with workspace() as ws:
        found = proving.prove(ws, inspection)
    emit(_json(found), lambda: _text(found), json)
    if not found.is_proven:
        raise typer.Exit(1)


def _json(found: Proven) -> Json:
    return {
        "inspection": found.inspection,
        "proven": found.is_proven,
        "path": [{"office": link.office, "name": link.name} for link in found.path],
        "events": [proof._asdict() for proof in found.proofs],
    }


def _text(found: Proven) -> str:
    path = " → ".join(shown(link.name) for link in found.path)
    lines = [_("作保：{path}").format(path=path)]
    lines += [_line(proof) for proof in found.proofs]
    lines.append(_("查证属实。") if found.is_proven else _("不能查证。"))
    return "\n".join(lines)


def _line(proof: Proof) -> str:
    kinds = {"inspection.started": _("开始"), "inspection.finished": _("办结")}
    told = _("{kind}  {at}  设备 {device} 第 {seq} 条").format(
        kind=kinds.get(proof.kind, proof.kind),
        at=proof.at[:16].replace("T", " "),
        device=proof.device[:8],
        seq=proof.seq,
    )
    if proof.fault:
        return f"{told}  {proof.fault}"
    return told + _("，由第 {seq} 条封存签名作证").format(seq=proof.seal_seq)
