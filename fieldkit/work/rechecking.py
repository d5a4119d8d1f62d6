"""Asking failed items again, and what the end of an inspection does to findings (DOMAIN §4.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.domain import rectification
from fieldkit.domain.checklist import Item
from fieldkit.domain.kinds import finding_id
from fieldkit.domain.presenting import is_plain, narrowed, present
from fieldkit.domain.records import Finding, Inspection
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store.held import own
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _

from . import findings, holidays, sites
from .findings import FindingRow
from .rectifying import NOTE_LIMIT, moved, refuse
from .sheets import find, sheet_of
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.domain.form import Form

# A note is data: it stands in the journal in one language, whatever the screens speak.
_STILL_FAILS, _FAILS_NO_MORE = "更正后仍不合格", "更正后不再不合格"


@dataclass(frozen=True, slots=True)
class Reinspection:
    """The inspection that asks again, the findings it is about, and a word of advice or none."""

    sheet: Sheet
    rows: list[FindingRow]
    hint: str


def reinspect(ws: Workspace, refs: Sequence[str], together: bool = False) -> Reinspection:
    """Begin an inspection that asks the items of these findings again, and only those.

    With ``together`` also those of every other finding of the same inspection that was reported
    put right. A re-inspection of this device that is still open is gone on with. Raises Problem
    for unknown findings and those of several inspections, Refused ``step-not-allowed``,
    ``inspection-open`` while the first inspection is being amended, or ``nothing-to-ask``.
    """
    asked = [findings.find(ws, ref).finding for ref in dict.fromkeys(refs)]
    for finding in asked:
        refuse(finding, "reinspect")
    if len({finding.inspection for finding in asked}) != 1:
        raise Problem(
            "several-inspections",
            _("一次复查只问同一次检查发现的问题"),
            mend=_("请分开复查。"),
        )
    prior = find(ws, asked[0].inspection)
    begun = _under_way(ws, prior, asked)
    if begun is None:
        siblings = store_findings.of_inspection(ws.store.db, prior.id) if together else []
        ids = {finding.id for finding in asked}
        asked += [it for it in siblings if it.state == "reported" and it.id not in ids]
        begun = _begin(ws, prior, asked)
    _tell(ws, asked, begun.inspection.id)
    rows = [findings.find(ws, finding.id) for finding in asked]
    return Reinspection(begun, rows, _hint(ws, prior))


def _hint(ws: Workspace, prior: Inspection) -> str:
    if prior.device != ws.device.device:
        return ""
    return _("提示：原检查也是本机做的，复查最好换人换机。")


def _under_way(ws: Workspace, prior: Inspection, asked: Sequence[Finding]) -> Sheet | None:
    """The open re-inspection of this device that asks all of these already."""
    items = {finding.item for finding in asked}
    for inspection in store_inspections.after(ws.store.db, prior.id):
        mine = inspection.state == "open" and inspection.device == ws.device.device
        if mine and items <= set(inspection.asks):
            return sheet_of(ws, inspection)
    return None


def _tell(ws: Workspace, asked: Sequence[Finding], inspection: str) -> None:
    """Move the findings to this re-inspection, but those that know of it."""

    def drafts(_db: object) -> list[Draft]:
        db = ws.store.db
        now = [store_findings.get(db, finding.id) or finding for finding in asked]
        return [
            moved(ws, finding, "reinspect", {"inspection": inspection})
            for finding in now
            if store_findings.case(db, finding.id).inspection != inspection
            and not rectification.refusal("reinspect", finding.state, finding.severity)
        ]

    ws.store.append(drafts)


def _begin(ws: Workspace, prior: Inspection, asked: Sequence[Finding]) -> Sheet:
    from . import checklists, inspecting

    if prior.state != "finished":
        raise Refused(
            "inspection-open",
            _("原检查还没有办结，或正在更正"),
            where=prior.id[:8],
            mend=_("请先办结原检查。"),
        )
    checklist = checklists.by_digest(ws, prior.checklist)
    items = {finding.item for finding in asked}
    mode = prior.mode if prior.mode == "covert" else "reinspection"
    before = sheet_of(ws, prior)
    asks = _asks(before, items)
    known = {**before.background, **{path: it.value for path, it in before.answers.items()}}
    background = {item: value for item, value in known.items() if item not in asks}
    shown = present(checklist, mode, ws.today().isoformat(), background)
    if not narrowed(shown, asks, ()).items:
        raise Refused(
            "nothing-to-ask",
            _("按今天的情况，这些检查项都不用再答"),
            where=prior.id[:8],
            mend=_("请撤销问题或另做一次检查。"),
        )
    link = inspecting.Link(prior=prior.id, asks=asks)
    return inspecting.begin(ws, checklist, prior.site, mode, prior.nature, link)


def _asks(whole: Sheet, wanted: set[str]) -> tuple[str, ...]:
    """These items in their order; where one is calculated, also those that it is made from."""
    if not is_plain(whole.checklist):
        from fieldkit.domain.form import form_of

        form = form_of(whole.checklist, whole.inspection.mode)
        made = [it for it in whole.items if it.id in wanted]
        numbers = {number for item in made for number in _sources(form, item)}
        keys = ((item.id, form.key(item.id)) for item in whole.items)
        wanted = wanted | {path for path, key in keys if key is not None and key[0] in numbers}
    places = {item.id: place for place, item in enumerate(whole.items)}
    return tuple(sorted(wanted, key=lambda it: (places.get(it, len(places)), it)))


def _sources(form: Form, item: Item) -> set[int]:
    """The nodes that a calculated item is made from, through others that are calculated too."""
    found: set[int] = set()
    key = form.key(item.id)
    left = [key[0]] if key is not None else []
    while left:
        node = form.nodes[left.pop()]
        for name in node.computed.names if node.computed is not None else ():
            source = form.by_id.get(name)
            if source is not None and source.number not in found:
                found.add(source.number)
                left.append(source.number)
    return found


def at_finish(ws: Workspace, whole: Sheet) -> list[Draft]:
    """What the end of an inspection does to findings; for use inside its transaction.

    Each failed item opens one, or brings back the one that an amendment took away; one whose item
    no longer fails is withdrawn. A re-inspection moves the findings that it asked about instead.
    """
    inspection = whole.inspection
    own = {it.item: it for it in store_findings.of_inspection(ws.store.db, inspection.id)}
    prior = store_findings.of_inspection(ws.store.db, inspection.prior) if inspection.asks else []
    asked = {it.item: it for it in prior if it.item in inspection.asks}
    failed = {item.id: item for item in whole.failed if item.id not in asked}
    return [
        *(draft for it in asked.values() for draft in _verdict(ws, whole, it)),
        *(_opened(ws, whole, item) for item in failed.values() if item.id not in own),
        *(draft for it in own.values() for draft in _amended(ws, it, it.item in failed)),
    ]


def _opened(ws: Workspace, whole: Sheet, item: Item) -> Draft:
    inspection = whole.inspection
    severity = "critical" if item.critical else "general"
    days = rectification.TERM_DAYS[severity]
    finding = {
        "inspection": inspection.id,
        "item": item.id,
        "site": inspection.site,
        "text": item.text,
        "criterion": item.criterion,
        "severity": severity,
        "due": rectification.due_after(ws.today(), days, holidays.known(ws)).isoformat(),
    }
    entity = finding_id(inspection.id, item.id)
    return Draft("finding.opened", entity, sites.partition(whole.site), finding)


def _amended(ws: Workspace, finding: Finding, fails: bool) -> Iterator[Draft]:
    """A finding of an inspection that was finished before and is finished again."""
    told = {"inspection": finding.inspection}
    case = store_findings.case(ws.store.db, finding.id)
    if fails:
        # What a person withdrew stays withdrawn.
        if finding.state == "withdrawn" and case.inspection == finding.inspection:
            yield moved(ws, finding, "restore", told | {"note": _STILL_FAILS})
    elif not rectification.refusal("withdraw", finding.state, finding.severity):
        yield moved(ws, finding, "withdraw", told | {"note": _FAILS_NO_MORE})


def _verdict(ws: Workspace, whole: Sheet, finding: Finding) -> Iterator[Draft]:
    """What the re-inspection says of one finding; an item that was not judged says nothing."""
    line = whole.line(finding.item)
    state = line.state if line is not None else ""
    case = store_findings.case(ws.store.db, finding.id)
    step = {"pass": "pass", "fail": "relapse" if finding.state == "closed" else "fail"}.get(state)
    if step is None or rectification.refusal(step, finding.state, finding.severity):
        return
    if case.inspection == whole.inspection.id and case.step == step:
        return
    answer = whole.answers.get(finding.item)
    note = own(answer.note) if answer is not None else ""
    evidence = list(answer.evidence) if answer is not None else []
    told = {
        "inspection": whole.inspection.id, "note": note[:NOTE_LIMIT], "evidence": evidence,
    }  # fmt: skip
    yield moved(ws, finding, step, told)
