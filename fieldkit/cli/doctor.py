"""``fieldkit doctor``: the terminal, the installation and the home, each with its mend."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import N_, _
from fieldkit.text.width import pad

from .declaring import typer
from .output import SETTINGS, JsonFlag, emit

if TYPE_CHECKING:
    from fieldkit.work.doctor import Check

STATES = {"good": N_("好"), "warn": N_("注意"), "bad": N_("坏")}
_LEAST_SQLITE = (3, 37, 0)
"""See `fieldkit.store.open.connect`."""


def register(root: typer.Typer) -> None:
    """Put ``doctor`` on the root."""
    root.command("doctor", help=_("体检：终端、输入法、数据库、时钟、磁盘，逐项给出办法。"))(doctor)


def doctor(
    keys: Annotated[bool, typer.Option("--keys", help=_("试一试哪些功能键收得到。"))] = False,
    typing: Annotated[bool, typer.Option("--input", help=_("试一试输入法。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Look at everything that goes wrong in the field; exit 1 when anything is bad."""
    from . import doctor_terminal as here

    checks: list[Check] = []
    for check in _checks(keys and not json, typing and not json):
        checks.append(check)
        if not json:
            emit(None, lambda check=check: line(check), False)  # type: ignore[misc]
    ok = all(check.state != "bad" for check in checks)
    told = [
        {"id": check.id, "state": check.state, "said": check.said, "mend": check.mend}
        for check in checks
    ]
    emit({"ok": ok, "checks": told}, lambda: _end(ok, here.ruler()), json)
    if not ok:
        raise typer.Exit(1)


def _checks(keys: bool, typing: bool) -> Iterator[Check]:
    from fieldkit.work import doctor as work

    from . import doctor_terminal as here

    yield from here.of_environment(os.environ)
    yield here.width()
    yield here.keys(keys)
    yield here.typing(typing)
    yield _textual()
    yield _sqlite()
    yield _extras()
    yield from work.of_home(SETTINGS.home)


def line(check: Check) -> str:
    """One check in one line: the verdict first, as a word, and the mend at the end."""
    text = f"{pad(_(STATES[check.state]), 6)}{check.title}{_('：')}{check.said}"
    return text + _("  办法：{mend}").format(mend=check.mend) if check.mend else text


def _end(ok: bool, ruler: list[str]) -> str:
    head = _("标尺（右边的竖线应当对齐；不齐的那一行，终端画的宽度和这里算的不一样）：")
    last = _("没有发现要紧的问题。") if ok else _("有“坏”的项，请先处理。")
    return "\n".join([head, *ruler, last])


def _textual() -> Check:
    from importlib import metadata

    from fieldkit.work.doctor import GOOD, WARN, Check

    title, mend = _("界面库"), _("重新安装 fieldkit。")
    try:
        installed = metadata.version("textual")
    except metadata.PackageNotFoundError:
        return Check("textual", title, WARN, _("没有装 textual，打不开界面"), mend)
    pinned = _pinned()
    if pinned and pinned != installed:
        said = _("textual {installed}，应为 {pinned}").format(installed=installed, pinned=pinned)
        return Check("textual", title, WARN, said, mend)
    return Check("textual", title, GOOD, f"textual {installed}")


def _pinned() -> str:
    """The version of textual that this package was released with."""
    from importlib import metadata

    try:
        wanted = metadata.requires("fieldkit") or []
    except metadata.PackageNotFoundError:
        return ""
    return next((one.partition("==")[2] for one in wanted if one.startswith("textual==")), "")


def _sqlite() -> Check:
    from fieldkit.store.health import library_version
    from fieldkit.work.doctor import BAD, GOOD, Check

    version = library_version()
    if tuple(map(int, version.split("."))) < _LEAST_SQLITE:
        mend = _("请换用较新的 Python。")
        return Check(
            "sqlite", "SQLite", BAD, _("{version}，至少要 3.37").format(version=version), mend
        )
    return Check("sqlite", "SQLite", GOOD, version)


def _extras() -> Check:
    from fieldkit.work.doctor import EXTRAS, GOOD, Check

    said = []
    for name, (modules, purpose) in EXTRAS.items():
        there = all(find_spec(module) is not None for module in modules)
        state = _("已装") if there else _("没有装")
        said.append(
            _("{name} {state}（{purpose}）").format(name=name, state=state, purpose=_(purpose))
        )
    return Check("extras", _("可选部分"), GOOD, _("，").join(said))
