"""``fieldkit ferry``: a bundle as animated QR codes, and back from pictures of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import JsonFlag, emit, noun

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldkit_sync.ferry.receive import Standing

app = noun(_("摆渡：不能插优盘、没有网时，用屏幕上的二维码传数据包。"))

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("数据包或回执文件。"))]


@app.command("show", help=_("在终端里不停地放二维码，直到对方读完；按键可调快慢和疏密。"))
def show(
    file: File,
    again: Annotated[
        bool, typer.Option("--again", help=_("接着上次放：换一批没放过的码。"))
    ] = False,
) -> None:
    """Draw until somebody stops it."""
    from . import ferry_show

    ferry_show.run(file, again=again)


@app.command("frames", help=_("把要放的二维码写成图片，一屏一张。"))
def frames(
    file: File,
    out: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹。"))],
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, max=100_000, metavar="N", help=_("多少张；不写够用为止。")),
    ] = None,
    cells: Annotated[
        str, typer.Option("--cells", metavar="WxH", help=_("按多少列、多少行的终端画。"))
    ] = "120x40",
    json: JsonFlag = False,
) -> None:
    """Write the screens as pictures."""
    from fieldkit.work import ferrying

    made = ferrying.frames(file, out, count, _cells(cells))
    emit(
        {"frames": made.frames, "bytes": made.bytes, "version": made.version,
         "across": made.across},
        lambda: _("写好 {n} 张，{bytes} 字节，版本 {version}。").format(
            n=made.frames, bytes=made.bytes, version=made.version
        ),
        json,
    )  # fmt: skip


def _cells(typed: str) -> tuple[int, int]:
    from fieldkit.errors import Problem

    found = re.fullmatch(r"([1-9][0-9]{0,3})[x×*]([1-9][0-9]{0,3})", typed.strip())
    if found is None:
        raise Problem(
            "bad-cells",
            _("“{typed}”不是终端的大小").format(typed=shown(typed)[:20]),
            mend=_("写成 120x40：先列数，再行数。"),
        )
    return int(found[1]), int(found[2])


@app.command("read", help=_("从照片、视频、摄像头或扫码枪读回文件；先后、重复、缺漏都不要紧。"))
def read(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE|VIDEO|DIR|camera|-",
            help=_("图片、视频、文件夹；camera 摄像头；- 扫码枪。"),
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=_("写成哪个文件。"))],
    json: JsonFlag = False,
) -> None:
    """Read until it is whole."""
    from fieldkit.work import ferrying

    done = ferrying.read(sources, out, sys.stdin, _progress())
    emit(
        {
            "file": str(done.file),
            "bytes": done.bytes,
            "frames_used": done.frames_used,
            "frames_seen": done.frames_seen,
        },
        lambda: _("读全了：{file}，{bytes} 字节，用了 {used} 个码。").format(
            file=shown(str(done.file)), bytes=done.bytes, used=done.frames_used
        ),
        json,
    )


def _progress() -> Callable[[Standing], None] | None:
    """A bar on stderr that never goes back."""
    from . import progress

    line = progress.line()
    if line is None:
        return None

    def told(now: Standing) -> None:
        cells = int(now.share * 30)
        bar = "#" * cells + "." * (30 - cells)
        text = _("[{bar}] {rank}/{k} 块，{seen} 个码")
        line(text.format(bar=bar, rank=now.rank, k=now.k, seen=now.seen), now.share >= 1)

    return told
