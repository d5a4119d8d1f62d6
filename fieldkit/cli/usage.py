"""Slips on the command line, told in one sentence in the user's language."""

from __future__ import annotations

from typing import Any

import typer

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

# typer carries its parser privately; the base of its public exception is the door to it.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def sentence(error: Any) -> str:
    """What was wrong with the words, by the kind of slip."""
    kind = type(error).__name__
    where = _command(error)
    text: str
    if kind == "NoSuchOption":
        text = _("没有 {name} 这个选项。").format(name=shown(str(error.option_name)))
    elif kind == "MissingParameter":
        text = _("缺少 {name}。").format(name=_parameter(error))
    elif kind == "NoSuchCommand" or "No such command" in str(error.message):
        text = _("没有这个命令：{name}。").format(name=_quoted(str(error.message)))
    elif kind == "BadParameter":
        text = _("{name} 不对：{why}").format(name=_parameter(error), why=shown(str(error.message)))
    elif "Missing command" in str(error.message):
        text = _("还缺一个子命令。")
    else:
        text = shown(str(error.message))
    return f"{where}: {text}" if where else text


def _command(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else ""


def _parameter(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", "") or "")
    names = [name for name in parameter.opts if name.startswith("--")]
    return names[0] if names else str(parameter.human_readable_name).upper()


def _quoted(message: str) -> str:
    parts = message.split("'")
    return shown(parts[1]) if len(parts) > 2 else shown(message)
