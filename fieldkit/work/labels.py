"""What stands on a label, and which place a scanned or typed label means (DOMAIN §4.7)."""

from __future__ import annotations

from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import labels as store_labels
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, is_control, shown

from .workspace import Workspace

PREFIX = "FK:"
"""What a label's text begins with, so that nobody takes it for a link."""
MOST = 80
"""A longer text is no label."""


def payload(site: Site) -> str:
    """What a place's QR code says: its code and nothing else."""
    return PREFIX + site.code


def resolve(ws: Workspace, text: str) -> Site:
    """The place that a scanned or typed text means: ``FK:`` and a code, or a code alone.

    Full-width signs, the return that a scanner sends, and letters in the wrong case (a scanner
    under Caps Lock) are taken as what was meant. Raises Problem ``unknown-site`` or, where two
    codes differ in case alone, ``ambiguous-site``.
    """
    typed = folded("".join(sign for sign in text[: 2 * MOST] if not is_control(sign)))
    labelled = typed[: len(PREFIX)].upper() == PREFIX
    code = typed[len(PREFIX) :].strip() if labelled else typed
    if not code or len(code) > MOST:
        raise _unknown(text)
    db = ws.store.db
    exact = store_labels.by_code(db, code)
    if exact is not None:
        return exact
    # Whole words in another case are looked up by the index; any mixture only behind the prefix,
    # for that reads the register, and a person typing a search must not wait for it.
    turned = {code.upper(), code.lower(), code.swapcase()}
    found = {s.id: s for s in (store_labels.by_code(db, one) for one in sorted(turned)) if s}
    if not found and labelled:
        found = {site.id: site for site in store_labels.by_any_case(db, code)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise Problem(
            "ambiguous-site",
            _("“{ref}”对应多个对象：{codes}").format(
                ref=shown(code)[:64], codes="、".join(shown(site.code) for site in found.values())
            ),
            mend=_("请写完整编码。"),
        )
    raise _unknown(code)


def meant(ws: Workspace, text: str) -> Site | None:
    """The place that a text in a search line means, if it means one."""
    try:
        return resolve(ws, text)
    except Problem:
        return None


def _unknown(text: str) -> Problem:
    return Problem(
        "unknown-site",
        _("没有编码或编号为“{ref}”的对象").format(ref=shown(text)[:64]),
        mend=_("用 fieldkit site list 查看。"),
    )
