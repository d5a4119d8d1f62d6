"""Moving a finding through its loop (DOMAIN §4.6): each step is one durable event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldkit.domain import rectification
from fieldkit.domain.records import Finding
from fieldkit.errors import Problem, Refused
from fieldkit.store import findings as store_findings
from fieldkit.store import sites as store_sites
from fieldkit.store.evidence import Stored
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import findings, holidays, sites
from .findings import FindingRow
from .notes import check_text, checked_note
from .workspace import Workspace

NOTE_LIMIT, NUMBER_LIMIT = 500, 60
DATED = ("notify", "escalate", "refer", "relapse")
"""Steps for which a person may name another day than the usual one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says to a step; an empty ``due`` means the usual day."""

    note: str = ""
    number: str = ""
    due: str = ""
    evidence: Sequence[Path] = ()


NOTHING = Told()


def take(ws: Workspace, ref: str, step: str, told: Told = NOTHING) -> FindingRow:
    """Take a step of the loop with one finding; on disk when this returns.

    Raises Refused ``step-not-allowed`` where its state does not allow it, and Problem for an
    unknown finding or step, a note that is missing or may not be kept, and a day that cannot be.
    A re-inspection begins with `rechecking.reinspect`.
    """
    if step not in rectification.BY_HAND or step == "reinspect":
        raise Problem(
            "unknown-step",
            _("没有“{step}”这一步").format(step=shown(step)[:40]),
            mend=_("用 fieldkit finding show 查看现在能走的步骤。"),
        )
    found = findings.find(ws, ref).finding
    refuse(found, step)
    note = checked_note(told.note, NOTE_LIMIT)
    if step in rectification.NOTED and not note and not (step == "rectify" and told.evidence):
        raise Problem(
            "note-missing",
            _("“{step}”要写明情况或理由").format(step=_(rectification.TITLES[step])),
            mend=_("请写一句话再试。"),
        )
    number, due = _number(told.number), _due(ws, step, told.due)
    stored = [ws.evidence.add(Path(path).expanduser()) for path in told.evidence]

    def drafts(_db: object) -> list[Draft]:
        finding = store_findings.get(ws.store.db, found.id) or found
        refuse(finding, step)
        fields = {
            "note": note,
            "number": number,
            "due": due,
            "evidence": [*dict.fromkeys(file.sha256 for file in stored)],
        }
        return [*_files(ws, finding, stored), moved(ws, finding, step, fields)]

    ws.store.append(drafts)
    return findings.find(ws, found.id)


def refuse(finding: Finding, step: str) -> None:
    """Raise Refused where the finding's state does not allow the step."""
    reason = rectification.refusal(step, finding.state, finding.severity)
    if reason:
        raise Refused(
            "step-not-allowed",
            reason,
            where=finding.id[:8],
            mend=rectification.mend(finding.state, finding.severity),
        )


def moved(ws: Workspace, finding: Finding, step: str, told: Mapping[str, object]) -> Draft:
    """The event of a step, over every step that is known; for use inside the transaction."""
    day = ws.today()
    usual = rectification.due_of(step, day, finding.severity, finding.due, holidays.known(ws))
    body = {
        "step": step,
        "due": told.get("due") or usual,
        "note": told.get("note", ""),
        "number": told.get("number", ""),
        "evidence": told.get("evidence", []),
        "inspection": told.get("inspection", ""),
        "day": day.isoformat(),
        "over": store_findings.heads(ws.store.db, finding.id)[:64],
    }
    return Draft("finding.moved", finding.id, _division(ws, finding), body)


def due_day(ws: Workspace, finding: Finding, step: str) -> str:
    """The day that a step would usually set."""
    known = holidays.known(ws)
    return rectification.due_of(step, ws.today(), finding.severity, finding.due, known)


def term_day(ws: Workspace, term: str) -> str:
    """The due day of one of the usual terms. Raises Problem ``unknown-term``."""
    if term not in rectification.TERMS:
        raise Problem(
            "unknown-term",
            _("没有“{term}”这种期限").format(term=shown(term)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(rectification.TERMS)),
        )
    days = rectification.TERMS[term]
    return rectification.due_after(ws.today(), days, holidays.known(ws)).isoformat()


def _division(ws: Workspace, finding: Finding) -> str:
    site = store_sites.get(ws.store.db, finding.site)
    return sites.partition(site) if site else ""


def _files(ws: Workspace, finding: Finding, stored: Sequence[Stored]) -> list[Draft]:
    division = _division(ws, finding)
    names = ("sha256", "size", "ext", "media")
    return [
        Draft(
            "evidence.added",
            file.sha256[:32],
            division,
            {name: getattr(file, name) for name in names},
        )
        for file in {file.sha256: file for file in stored}.values()
    ]


def _number(typed: str) -> str:
    number = composed(typed)
    where = _("文书编号")
    if len(number) > NUMBER_LIMIT:
        raise Problem(
            "number-long",
            _("有 {n} 个字，最多 {limit} 个字").format(n=len(number), limit=NUMBER_LIMIT),
            where=where,
            mend=_("请写短一些。"),
        )
    check_text(number, where)
    return number


def _due(ws: Workspace, step: str, typed: str) -> str:
    wanted = folded(typed)
    if not wanted:
        return ""
    where = _("期限")
    if step not in DATED:
        raise Problem(
            "due-not-set",
            _("“{step}”不另定期限").format(step=_(rectification.TITLES[step])),
            where=where,
            mend=_("去掉期限再试。"),
        )
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        raise Problem(
            "bad-day",
            _("“{text}”不是日期").format(text=shown(typed)[:20]),
            where=where,
            mend=_("写成 2026-12-01。"),
        ) from None
    if day < ws.today():
        raise Problem(
            "due-past",
            _("{day} 已经过去").format(day=day.isoformat()),
            where=where,
            mend=_("期限不早于今天。"),
        )
    return day.isoformat()
