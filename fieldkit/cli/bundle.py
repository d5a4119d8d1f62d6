"""``fieldkit bundle`` and ``fieldkit receive``: sealed files out, the office's files in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.bundles import Checked, Created
    from fieldkit.work.grants import Received

app = noun(_("数据包：生成、查看、核验。"))

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=_("数据包文件。"))]


@app.command("create", help=_("把办公室还没有确认的全部记录封成一个数据包。"))
def create(
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹。"))
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="age1…", help=_("直接指定收件公钥。"))] = "",
    as_json: JsonFlag = False,
) -> None:
    """Seal what is pending."""
    from fieldkit.work import bundles

    with workspace() as ws:
        created = bundles.create(ws, out, to)
        if created.missing:
            tell(_("有 {n} 个证据文件不在本机，没有装入。").format(n=created.missing))
        emit(_created(created), lambda: _created_text(created), as_json)


def _created(created: Created) -> Json:
    if created.path is None:
        return {"file": None, "events": 0, "evidence": 0, "bytes": 0}
    return {
        "file": str(created.path),
        "events": created.events,
        "evidence": created.evidence,
        "bytes": created.bytes,
        "files": [str(created.path), *map(str, created.extra)],
    }


def _created_text(created: Created) -> str:
    if created.path is None:
        return _("没有待交的记录。")
    lines = [
        _("数据包已写好：{path}").format(path=shown(str(created.path))),
        *(_("续卷：{path}").format(path=shown(str(path))) for path in created.extra),
        _("{events} 条记录，{evidence} 个证据文件，{bytes} 字节。").format(
            events=created.events, evidence=created.evidence, bytes=created.bytes
        ),
    ]
    if created.office_name:
        lines.append(_("只有{office}能打开。").format(office=f"“{shown(created.office_name)}”"))
    return "\n".join(lines)


@app.command("show", help=_("看一个数据包：有密钥看内容，没有密钥看外观。"))
def show(file: FileArgument, as_json: JsonFlag = False) -> None:
    """What can be read of a bundle here."""
    from fieldkit.work import bundles

    with workspace() as ws:
        seen = bundles.show(ws, file)
        emit(_checked(seen), lambda: _checked_text(seen), as_json)


@app.command("verify", help=_("核验数据包：是否完整、签名对不对、签名设备可不可信。"))
def verify(file: FileArgument, as_json: JsonFlag = False) -> None:
    """Exit 1 when the bundle is not whole, signed and trusted."""
    from fieldkit.work import bundles

    with workspace() as ws:
        seen = bundles.verify(ws, file)
        emit(_checked(seen), lambda: _checked_text(seen), as_json)
    if not seen.ok:
        raise typer.Exit(1)


def _checked(seen: Checked) -> Json:
    return {
        "ok": seen.ok,
        "device": seen.device,
        "name": seen.name or None,
        "office_name": seen.office_name or None,
        "made": seen.made or None,
        "volume": seen.volume or None,
        "events": seen.events,
        "first_seq": seen.first_seq,
        "last_seq": seen.last_seq,
        "evidence": seen.evidence,
        "size": seen.size,
        "sha256": seen.sha256,
        "problems": seen.problems,
    }


def _checked_text(seen: Checked) -> str:
    verdict = {True: _("完整，签名可信。"), False: _("不可信。"), None: _("已加密，本机没有密钥。")}
    lines = [verdict[seen.ok], _("大小  {n} 字节").format(n=seen.size)]
    if seen.sha256:
        lines.append(_("指纹  {digest}").format(digest=seen.sha256))
    if seen.device:
        lines.append(
            _("设备  {name} {device}").format(name=shown(seen.name), device=shown(seen.device))
        )
        lines.append(_("制作  {made}").format(made=seen.made))
    if seen.events is not None:
        lines.append(
            _("记录  {n} 条，编号 {first}—{last}；证据 {evidence} 个").format(
                n=seen.events,
                first=seen.first_seq if seen.first_seq is not None else "—",
                last=seen.last_seq if seen.last_seq is not None else "—",
                evidence=seen.evidence if seen.evidence is not None else 0,
            )
        )
    return "\n".join([*lines, *(_("问题  {text}").format(text=text) for text in seen.problems)])


def register(root: typer.Typer) -> None:
    """Add ``fieldkit receive`` beside the nouns."""

    @root.command("receive", help=_("收下办公室发来的文件。"))
    def receive(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=_("办公室给的文件。"))],
        as_json: JsonFlag = False,
    ) -> None:
        """Take in a grant, policies, receipts."""
        from fieldkit.work import letters

        with workspace() as ws:
            received = letters.receive(ws, file)
            if received.new_epoch:
                tell(
                    _("办公室持有本机不记得的记录：本工作目录是副本，或从旧备份恢复过。")
                    + _("今后的记录另起编号，什么也不会被覆盖；请再交一次数据包。")
                )
            if received.old:
                tell(_("有 {n} 份回执是旧的，没有采用。").format(n=received.old))
            emit(_received(received), lambda: _received_text(received), as_json)


def _received(received: Received) -> Json:
    return {
        "receipts": received.receipts,
        "checklists": received.checklists,
        "sites": received.sites,
        "assignments": received.assignments,
        "returned": received.returned,
        "policies": received.policies,
        "grants": received.grants,
        "new_epoch": received.new_epoch,
        "office": received.office,
        "office_name": received.office_name,
    }


def _received_text(received: Received) -> str:
    office = f"“{shown(received.office_name)}”"
    lines = []
    if received.grants:
        lines.append(_("已收下{office}的授权，以后的数据包都封给它。").format(office=office))
    if received.policies:
        lines.append(_("已收下{office}的名册。").format(office=office))
    if received.receipts:
        lines.append(_("已收下{office}的回执。").format(office=office))
    brought = (
        (received.checklists, _("检查表 {n} 张")),
        (received.sites, _("底册 {n} 条")),
        (received.assignments, _("交办 {n} 件")),
        (received.returned, _("退回的检查 {n} 次")),
    )
    lines += [_("新收到{what}。").format(what=words.format(n=n)) for n, words in brought if n]
    return "\n".join(lines) or _("没有新的内容。")
