"""Whose standing it is, and what is said of single units: delistings, and units made of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fieldkit.domain import kinds_standing
from fieldkit.domain.kinds_standing import carry_id, delisting_id, unit_id
from fieldkit.domain.standing import window
from fieldkit.domain.standing.window import Month
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.store import standing as store
from fieldkit.store.open import Database
from fieldkit.store.standing import Word
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import above, devices, grants, office_line, offices
from .notes import check_text
from .standing_import import Unit
from .workspace import Workspace

REASON_LIMIT, NUMBER_LIMIT = 500, 60


def scopes(ws: Workspace) -> list[str]:
    """Whose months are read here, the one under which new ones are written first.

    An office's own, under all its keys; a device's office; else, and for what was entered before
    there was an office, this laptop's.
    """
    found: list[str] = []
    if offices.is_office(ws):
        found += [offices.public(ws).office, *office_line.own_offices(ws)]
    elif (granted := grants.trusted(ws)) is not None:
        found += above.line(ws, granted.office)
    return [*dict.fromkeys([*found, ws.device.device, *devices.former(ws)])]


def month_of(typed: str) -> Month:
    """A month typed as ``2026-11``. Raises Problem ``bad-month``."""
    try:
        return window.month_of(folded(typed))
    except ValueError:
        raise Problem(
            "bad-month",
            _("“{text}”不是月份").format(text=shown(typed)[:20]),
            mend=_("写成 2026-11。"),
        ) from None


def known_units(ws: Workspace) -> dict[str, str]:
    """Every unit that any month speaks of, by id, with the name it had last."""
    of = scopes(ws)
    found: dict[str, str] = {}
    for given in store.given(ws.store.db, of):
        found |= {row["unit"]: row["name"] for row in given.rows}
    for issue in store.issues(ws.store.db, of):
        found |= {row["unit"]: row["name"] for row in issue.doc.get("rows", ())}
    return found


def unit_of(ws: Workspace, ref: str) -> Unit:
    """The unit of that name, code or id, or unambiguous start of a name. Raises Problem."""
    wanted, known = "".join(folded(ref).split()), known_units(ws)
    codes = {site.id: site.code for site in store_sites.all(ws.store.db, ["village"])}
    exact = [
        id for id, name in known.items() if wanted in (id, folded(name), folded(codes.get(id, "")))
    ]
    found = exact or [id for id, name in known.items() if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise Problem(
            "ambiguous-unit" if found else "unknown-unit",
            _("排名里名称以“{ref}”开头的单位有 {n} 个").format(ref=shown(ref)[:60], n=len(found)),
            mend=_("用 fieldkit office standing-months 查看。"),
        )
    return Unit(found[0], known[found[0]])


def reason_of(typed: str, where: str) -> str:
    """A reason as it is kept. Raises Problem where it is missing, too long or names a person."""
    told = " ".join(composed(typed).split())
    if not 1 <= len(told) <= REASON_LIMIT:
        raise Problem(
            "no-reason",
            _("要写明理由，最多 {limit} 个字").format(limit=REASON_LIMIT),
            where=where,
            mend=_("用 --reason 写。"),
        )
    check_text(told, where)
    return told


def delist(
    ws: Workspace, ref: str, number: str, day: str, reason: str, *, withdraw: bool = False
) -> Word:
    """Take a unit off the list by a document (D6); the same document told again is told anew.

    ``withdraw`` takes back what was entered in error. Raises Problem for an unknown unit, a
    document without a number, a day that has not come, a missing reason.
    """
    unit = unit_of(ws, ref)
    document = _document(number)
    told = _day(ws, day)
    why = reason_of(reason, unit.name)
    state = kinds_standing.DELISTED[int(withdraw)]
    body = {"number": document, "day": told, "state": state, "reason": why}
    return _say(ws, "standing.delisted", unit, body)


def carry(ws: Workspace, name: str, sources: Sequence[str], month: str, reason: str) -> Word:
    """Let a unit go on, from a month on, with the streak of those that it was made of.

    Raises Problem for unknown sources, a unit that would follow itself, a missing reason.
    """
    known = known_units(ws)
    told = composed(name)
    plain = "".join(folded(told).split())
    village = [it for it in store_sites.all(ws.store.db, ["village"]) if it.name == told]
    named = [Unit(id, said) for id, said in known.items() if folded(said) == plain]
    unit = next(
        iter([*named, *(Unit(it.id, it.name) for it in village)]), Unit(unit_id(plain), told)
    )
    check_text(unit.name, _("单位名称"))
    olds = [unit_of(ws, ref).id for ref in sources]
    if not olds or unit.id in olds or not plain or len(unit.name) > kinds_standing.NAME_LIMIT:
        raise Problem(
            "bad-carry",
            _("“{name}”要从别的单位承接").format(name=shown(unit.name)[:60]),
            mend=_("用 --from 写原单位，可写多次。"),
        )
    body = {
        "month": str(month_of(month)),
        "sources": sorted(dict.fromkeys(olds)),
        "reason": reason_of(reason, unit.name),
    }
    return _say(ws, "standing.carried", unit, body)


def delistings(ws: Workspace) -> list[Word]:
    """Documents that took units off the list, those withdrawn too, by day."""
    return store.words(ws.store.db, "delisted", scopes(ws))


def carried(ws: Workspace) -> list[Word]:
    """Units that go on for others, by month."""
    return store.words(ws.store.db, "carried", scopes(ws))


def _say(ws: Workspace, kind: str, unit: Unit, body: dict[str, Any]) -> Word:
    scope = scopes(ws)[0]
    whole = {"scope": scope, "unit": unit.id, "name": unit.name, **body}
    if kind == "standing.delisted":
        entity = delisting_id(scope, unit.id, body["number"])
    else:
        entity = carry_id(scope, unit.id)

    def drafts(db: Database) -> list[Draft]:
        over = store.heads(db, "standing_word", entity)[:64]
        return [Draft(kind, entity, "", whole | {"over": over})]

    (written,) = ws.store.append(drafts)
    word = kind.removeprefix("standing.")
    said = store.words(ws.store.db, word, [scope])
    return next(one for one in said if one.event == written.hash)


def _document(typed: str) -> str:
    number = " ".join(composed(typed).split())
    if not 1 <= len(number) <= NUMBER_LIMIT:
        raise Problem(
            "no-document",
            _("摘牌要有文号，最多 {limit} 个字").format(limit=NUMBER_LIMIT),
            mend=_("用 --document 写。"),
        )
    check_text(number, _("文号"))
    return number


def _day(ws: Workspace, typed: str) -> str:
    try:
        told = date.fromisoformat(folded(typed))
    except ValueError:
        raise Problem(
            "bad-day",
            _("“{text}”不是日期").format(text=shown(typed)[:20]),
            mend=_("写成 2026-09-20。"),
        ) from None
    if told > ws.today():
        raise Problem("bad-day", _("{day} 还没有到").format(day=told.isoformat()))
    return told.isoformat()
