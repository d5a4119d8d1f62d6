"""What people type freely, checked before it is kept: length, hidden characters, privacy."""

from __future__ import annotations

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, first_control, shown
from fieldkit.text.privacy import leaks, rewritten


def checked_note(typed: str, limit: int) -> str:
    """The note as it is kept, at most ``limit`` characters.

    Raises Problem ``note-long``, ``note-control`` or ``personal-data`` (DOMAIN §5.2).
    """
    note = composed(typed)
    where = _("备注")
    if len(note) > limit:
        raise Problem(
            "note-long",
            _("有 {n} 个字，最多 {limit} 个字").format(n=len(note), limit=limit),
            where=where,
            mend=_("请写短一些。"),
        )
    check_text(note, where)
    return note


def check_text(text: str, where: str, *, allow: str = "") -> None:
    """Refuse steering or hidden characters and whatever identifies or judges a person.

    Raises Problem ``note-control`` or ``personal-data``.
    """
    place = first_control(text, allow=allow)
    if place is not None:
        raise Problem(
            "note-control",
            _("第 {n} 个字符是控制字符或隐藏字符").format(n=place + 1),
            where=where,
            mend=_("请删去后重输。"),
        )
    found = leaks(text)
    if found:
        labels = "、".join(dict.fromkeys(_(leak.label) for leak in found))
        raise Problem(
            "personal-data",
            _("含有{labels}，不能保存").format(labels=shown(labels)),
            where=where,
            mend=_rewrite(text),
        )


def _rewrite(text: str) -> str:
    proposed = rewritten(text)
    if not proposed or len(proposed) > 60:
        return _("请只写场所和事实，不写能认出个人的内容。")
    return _("请只写场所和事实，可改成：{text}").format(text=shown(proposed))
