"""Inspections: begun, answered item by item, finished; each answer durable when told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.presenting import present
from fieldkit.domain.records import Finding, Inspection
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store.held import own
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from . import checklists, sites
from .gates import refuse_closed, refuse_finished, refuse_hidden
from .notes import check_text, checked_note
from .sheets import (
    MODES,
    InspectionRow,
    after_answer,
    current,
    find,
    findings_by_inspection,
    findings_of,
    item_in,
    item_of,
    listing,
    sheet,
    sheet_of,
    site_of,
)
from .workspace import Workspace

__all__ = [
    "MODES",
    "NATURES",
    "InspectionRow",
    "answer",
    "findings_by_inspection",
    "findings_of",
    "finish",
    "item_of",
    "listing",
    "sheet",
    "start",
    "unusual_site",
]

NATURES = {
    "supervision": N_("督导检查"),
    "assessment": N_("无诈创建评估"),
    "guidance": N_("宣传指导走访"),
    "joint": N_("协同检查"),
    "referral": N_("线索移交"),
}
"""In what capacity (DOMAIN §4.5)."""

NOTE_LIMIT = 500

_EXACT = 10**6
"""Points are journalled in millionths, cut off: larger denominators do not fit every store."""


class Link(NamedTuple):
    """To what else an inspection belongs; see `records.Inspection`."""

    pair: str = ""
    prior: str = ""
    asks: tuple[str, ...] = ()

    def fields(self) -> dict[str, object]:
        """The fields of the event's body."""
        told: dict[str, object] = {"pair": self.pair, "prior": self.prior, "asks": list(self.asks)}
        return {name: value for name, value in told.items() if value}


def start(
    ws: Workspace,
    checklist_id: str,
    site_ref: str,
    mode: str = "open",
    nature: str | None = None,
    link: Link | None = None,
) -> Sheet:
    """Begin an inspection of a site with a checklist; the checklist is kept with it.

    Raises Problem for an unknown checklist, site, mode or nature.
    """
    return begin(ws, checklists.find(ws, checklist_id), site_ref, mode, nature, link)


def begin(
    ws: Workspace,
    checklist: Checklist,
    site_ref: str,
    mode: str = "open",
    nature: str | None = None,
    link: Link | None = None,
) -> Sheet:
    """Begin an inspection with a list that is at hand. Raises Problem as ``start`` does."""
    site = sites.find(ws, site_ref)
    _check_word(mode, MODES, "unknown-mode", _("检查方式"))
    nature = nature or checklist.nature
    _check_word(nature, NATURES, "unknown-nature", _("检查性质"))
    entity = os.urandom(16).hex()
    body = {
        "site": site.id,
        "checklist": checklist.digest,
        "checklist_id": checklist.id,
        "checklist_version": checklist.version,
        "mode": mode,
        "nature": nature,
        "day": ws.today().isoformat(),
        "seed": os.urandom(8).hex(),
        **(link.fields() if link else {}),
    }
    division = sites.partition(site)

    def drafts(_db: object) -> list[Draft]:
        begun = Draft("inspection.started", entity, division, body)
        return [*checklists.keeping(ws, checklist), begun]

    ws.store.append(drafts)
    return sheet(ws, entity)


def unusual_site(sheet: Sheet) -> str:
    """A warning where the checklist was not made for this kind of site, else nothing."""
    kinds = sheet.checklist.site_kinds
    if not kinds or sheet.site.kind in kinds:
        return ""
    return _("提示：《{title}》一般用于{kinds}，这里是{kind}。").format(
        title=shown(sheet.checklist.title),
        kinds="、".join(_(sites.KINDS.get(kind, kind)) for kind in kinds),
        kind=_(sites.KINDS.get(sheet.site.kind, sheet.site.kind)),
    )


def answer(
    ws: Workspace,
    ref: str,
    item_id: str,
    typed: str,
    note: str | None = None,
    evidence: Sequence[Path] = (),
) -> Sheet:
    """Answer one item; on disk when this returns.

    Without a ``note`` the item keeps the one it has; evidence is added to what it has. Raises
    Problem for what may not be kept, Refused when the inspection is finished.
    """
    inspection = find(ws, ref)
    whole = current(ws, inspection)
    item = item_in(whole, item_id)
    value = _value(item, typed, inspection)
    _refuse_read_only(item)
    _check_constraint(whole, item, value)
    kept_note = None if note is None else checked_note(note, NOTE_LIMIT)
    stored = [ws.evidence.add(Path(path).expanduser()) for path in evidence]
    division = sites.partition(site_of(ws, inspection))

    def drafts(_db: object) -> list[Draft]:
        refuse_closed(ws, store_inspections.get(ws.store.db, inspection.id) or inspection)
        before = store_inspections.answer(ws.store.db, inspection.id, item.id)
        held = before.evidence if before else ()
        added = {file.sha256: file for file in stored}
        body = {
            "item": item.id,
            "value": value,
            "note": own(before.note if before else "") if kept_note is None else kept_note,
            "evidence": [*held, *(digest for digest in added if digest not in held)],
            "over": store_inspections.heads(ws.store.db, inspection.id, item.id),
        }
        files = [
            Draft(
                "evidence.added",
                file.sha256[:32],
                division,
                {
                    "sha256": file.sha256,
                    "size": file.size,
                    "ext": file.ext,
                    "media": file.media,
                },
            )
            for file in added.values()
            if file.sha256 not in held
        ]
        return [*files, Draft("answer.given", inspection.id, division, body)]

    ws.store.append(drafts)
    return after_answer(ws, whole, item.id)


class Drawn(NamedTuple):
    """Which of so many things are to be looked at."""

    inspection: str
    item: str
    population: int
    draw: int
    seed: str
    numbers: tuple[int, ...]


def draw_sample(ws: Workspace, ref: str, item_id: str, population: int) -> Drawn:
    """Draw from the inspection's own seed; the same whenever and wherever it is asked.

    Raises Problem for an item that is no sample, or a number of things that cannot be.
    """
    from fieldkit.domain import sampling

    whole = sheet_of(ws, find(ws, ref))
    item = item_in(whole, item_id)
    if item.type != "sample":
        raise Problem(
            "not-a-sample",
            _("{item} 不是抽样题").format(item=item.id),
            mend=_("抽样题的题型是 sample。"),
        )
    if not 1 <= population <= sampling.MOST:
        raise Problem(
            "bad-population",
            _("总数应在 1 到 {most} 之间").format(most=sampling.MOST),
            mend=_("请数清现场一共有多少个。"),
        )
    count = item.number("draw", 1)
    seed = whole.inspection.seed
    numbers = sampling.draw(seed, item.id, population, count)
    return Drawn(whole.inspection.id, item.id, population, count, seed, tuple(numbers))


def finish(ws: Workspace, ref: str) -> tuple[Sheet, list[Finding]]:
    """Close the inspection and open one finding for each failed item (DOMAIN §2.15, §4.6).

    Raises Refused while required items are open, naming them, or when it is finished already.
    """
    found = find(ws, ref)

    def drafts(_db: object) -> list[Draft]:
        inspection = store_inspections.get(ws.store.db, found.id) or found
        refuse_finished(inspection)
        refuse_hidden(ws, inspection)
        whole = sheet_of(ws, inspection)
        _refuse_open(whole)
        return _closing(ws, whole)

    ws.store.append(drafts)
    return sheet(ws, found.id), findings_of(ws, found.id)


def _closing(ws: Workspace, whole: Sheet) -> list[Draft]:
    from . import rechecking

    inspection, result = whole.inspection, whole.score
    division = sites.partition(whole.site)
    body = {
        "points": _pair(result.points),
        "max_points": _pair(result.max_points),
        "grade": result.grade,
        "veto": list(result.veto),
        "over": store_inspections.rebases(ws.store.db, inspection.id),
    }
    finished = Draft("inspection.finished", inspection.id, division, body)
    return [finished, *rechecking.at_finish(ws, whole)]


def _refuse_read_only(item: Item) -> None:
    if item.read_only:
        raise Problem(
            "read-only",
            _("{item} 只看不填").format(item=item.id),
            mend=_("请改它所依据的检查项。"),
        )


def _check_constraint(whole: Sheet, item: Item, value: str) -> None:
    """Refuse an answer that breaks the item's own condition."""
    if not item.constraint:
        return
    known = {path: answer.value for path, answer in whole.answers.items()}
    answers = {**whole.background, **known, item.id: value}
    day = whole.inspection.day
    broken = present(whole.checklist, whole.inspection.mode, day, answers).violated
    if item.id in broken:
        raise Problem(
            "constraint",
            _("{item} 不能填“{value}”：{why}").format(
                item=item.id,
                value=shown(value)[:40],
                why=shown(broken[item.id]) or _("不符合检查表的条件"),
            ),
            mend=_("请核对后再填。"),
        )


def _value(item: Item, typed: str, inspection: Inspection) -> str:
    from fieldkit.domain.items import Context, of

    value = of(item.type).read(
        typed, item, Context(inspection.mode, date.fromisoformat(inspection.day))
    )
    if item.type in ("text", "external"):
        check_text(value, item.id, allow="\n")
    return value


def _check_word(word: str, known: dict[str, str], code: str, what: str) -> None:
    if word not in known:
        raise Problem(
            code,
            _("{what}没有“{word}”").format(what=what, word=shown(word)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(known)),
        )


def _refuse_open(whole: Sheet) -> None:
    broken = whole.presented.violated
    if broken:
        raise Refused(
            "inspection-broken",
            _("有 {n} 个答案不符合检查表的条件：{items}").format(
                n=len(broken), items=" ".join(shown(item) for item in broken)
            ),
            where=whole.inspection.id[:8],
            mend=_("请逐项改正后再办结。"),
        )
    missing = whole.score.open_required
    if missing:
        raise Refused(
            "inspection-open",
            _("还有 {n} 个必答项未作答：{items}").format(
                n=len(missing), items=" ".join(shown(item) for item in missing)
            ),
            where=whole.inspection.id[:8],
            mend=_("请逐项作答后再办结。"),
        )


def _pair(value: Fraction) -> list[int]:
    if value.denominator > _EXACT:
        value = Fraction(value * _EXACT // 1, _EXACT)
    return [value.numerator, value.denominator]
