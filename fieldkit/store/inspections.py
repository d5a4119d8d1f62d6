"""Reading inspections and their answers."""

from __future__ import annotations

import sqlite3
from typing import Any

from fieldkit.domain.records import Answer, Given, Inspection, Particulars

from .columns import tuple_of
from .held import quiet

_SELECT = (
    "SELECT i.id, i.site, i.checklist, i.checklist_id, i.checklist_version, i.mode, i.nature, "
    "i.day, CASE WHEN i.finished_hlc IS NULL THEN 'open' ELSE 'finished' END, "
    "i.started_hlc, i.finished_hlc, i.device, i.seed, "
    "COALESCE(l.pair, ''), COALESCE(l.prior, ''), COALESCE(l.asks, '') "
    "FROM inspection AS i LEFT JOIN inspection_link AS l ON l.inspection = i.id"
)
_NAMES = Inspection._fields


def _inspection(row: tuple[Any, ...]) -> Inspection:
    known = dict(zip(_NAMES, row, strict=True))
    return Inspection(
        **{**known, "asks": tuple(known["asks"].split("\n")) if known["asks"] else ()}
    )


def get(db: sqlite3.Connection, id: str) -> Inspection | None:
    """The inspection with this id."""
    row = db.execute(f"{_SELECT} WHERE i.id = ?", (id,)).fetchone()
    return _inspection(row) if row else None


def all(db: sqlite3.Connection) -> list[Inspection]:
    """Every inspection, the oldest first."""
    return [_inspection(row) for row in db.execute(f"{_SELECT} ORDER BY i.started_hlc, i.id")]


def of_pair(db: sqlite3.Connection, pair: str) -> list[Inspection]:
    """The inspections with this word, the oldest first."""
    sql = f"{_SELECT} WHERE l.pair = ? ORDER BY i.started_hlc, i.id"
    return [_inspection(row) for row in db.execute(sql, (pair,))]


def all_paired(db: sqlite3.Connection) -> list[Inspection]:
    """The inspections that belong to any pair."""
    sql = f"{_SELECT} WHERE l.pair > '' ORDER BY i.started_hlc, i.id"
    return [_inspection(row) for row in db.execute(sql)]


def after(db: sqlite3.Connection, prior: str) -> list[Inspection]:
    """The inspections that follow one, the oldest first."""
    sql = f"{_SELECT} WHERE l.prior = ? ORDER BY i.started_hlc, i.id"
    return [_inspection(row) for row in db.execute(sql, (prior,))]


def of_site(db: sqlite3.Connection, site: str) -> list[Inspection]:
    """The inspections of one site, the oldest first."""
    sql = f"{_SELECT} WHERE i.site = ? ORDER BY i.started_hlc, i.id"
    return [_inspection(row) for row in db.execute(sql, (site,))]


def of_checklist(db: sqlite3.Connection, checklist_id: str) -> list[Inspection]:
    """The finished inspections with one checklist in any version, the oldest first."""
    sql = (
        f"{_SELECT} WHERE i.checklist_id = ? AND i.finished_hlc IS NOT NULL "
        "ORDER BY i.started_hlc, i.id"
    )
    return [_inspection(row) for row in db.execute(sql, (checklist_id,))]


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Inspection]:
    """Inspections whose id begins so."""
    sql = f"{_SELECT} WHERE i.id >= ? AND i.id < ? ORDER BY i.id"
    return [_inspection(row) for row in db.execute(sql, (prefix, prefix + "g"))]


def _answer(db: sqlite3.Connection, row: tuple[Any, ...]) -> Answer:
    value, note = row[2], row[3]
    if note:
        note = quiet(db, note, row[7])
    if len(value) > 6:
        value = quiet(db, value, row[7], "value")
    return Answer(row[0], row[1], value, note, tuple_of(row[4]), *row[5:])


def answers(db: sqlite3.Connection, inspection: str, *, blank: bool = False) -> dict[str, Answer]:
    """The answer that counts for each answered item.

    With ``blank`` also those that a new version of the checklist left empty, to be answered again.
    """
    rows = db.execute(
        "SELECT inspection, item, value, note, evidence, hlc, device, event "
        "FROM answer WHERE inspection = ? ORDER BY item",
        (inspection,),
    )
    return {row[1]: _answer(db, row) for row in rows if blank or row[2]}


def answer(db: sqlite3.Connection, inspection: str, item: str) -> Answer | None:
    """The answer that counts for one item, an empty one too."""
    row = db.execute(
        "SELECT inspection, item, value, note, evidence, hlc, device, event "
        "FROM answer WHERE inspection = ? AND item = ?",
        (inspection, item),
    ).fetchone()
    return _answer(db, row) if row else None


def earlier(db: sqlite3.Connection, inspection: str) -> dict[str, Answer]:
    """The last word before it for each answer that was left empty."""
    empty = [item for item, it in answers(db, inspection, blank=True).items() if not it.value]
    found = {}
    for item in empty:
        row = db.execute(
            "SELECT entity, item, value, note, evidence, hlc, device, hash FROM f_answer "
            "WHERE entity = ? AND item = ? AND value != '' "
            "ORDER BY hlc DESC, device DESC, epoch DESC, seq DESC, hash DESC LIMIT 1",
            (inspection, item),
        ).fetchone()
        if row is not None:
            found[item] = _answer(db, row)
    return found


def rebases(db: sqlite3.Connection, inspection: str) -> list[str]:
    """Hash of the rebase in force, while the inspection is open; none before the first."""
    rows = db.execute(
        "SELECT hash FROM f_rebased WHERE entity = ? "
        "ORDER BY hlc DESC, device DESC, epoch DESC, seq DESC, hash DESC LIMIT 1",
        (inspection,),
    )
    return [str(row[0]) for row in rows]


def heads(db: sqlite3.Connection, inspection: str, item: str) -> list[str]:
    """Hashes of the answers to an item that no other answer replaces."""
    rows = db.execute(
        "SELECT a.hash FROM f_answer AS a WHERE a.entity = ? AND a.item = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = a.hash AND o.kind = 'answer.given' "
        "AND o.entity = a.entity AND o.slot = a.item) "
        "ORDER BY a.hash",
        (inspection, item),
    )
    return [str(row[0]) for row in rows]


def given(db: sqlite3.Connection, inspection: str, device: str) -> list[Given]:
    """What one device answered, in the order in which it did."""
    rows = db.execute(
        "SELECT a.hash, a.item, a.value, a.note, a.evidence, a.hlc, "
        "COALESCE(t.turn, ''), COALESCE(t.turned, '') "
        "FROM f_answer AS a LEFT JOIN f_turn AS t ON t.entity = a.entity AND t.hash = a.hash "
        "WHERE a.entity = ? AND a.device = ? ORDER BY a.epoch, a.seq, a.hash",
        (inspection, device),
    )
    return [Given(row[0], row[1], row[2], row[3], tuple_of(row[4]), *row[5:]) for row in rows]


def finishes(db: sqlite3.Connection, inspection: str) -> list[str]:
    """Hashes of the finishes that nobody has done away with by taking the inspection up again."""
    rows = db.execute(
        "SELECT e.hash FROM f_finished AS e WHERE e.entity = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = e.hash "
        "AND o.kind = 'inspection.reopened' AND o.entity = e.entity) ORDER BY e.hash",
        (inspection,),
    )
    return [str(row[0]) for row in rows]


def reopenings(db: sqlite3.Connection, inspection: str) -> list[tuple[str, str, str]]:
    """Each time it was taken up again: reason, time, device; the oldest first."""
    rows = db.execute(
        "SELECT reason, hlc, device FROM f_reopened WHERE entity = ? "
        "ORDER BY hlc, device, epoch, seq, hash",
        (inspection,),
    )
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]


def particulars(db: sqlite3.Connection, inspection: str) -> Particulars:
    """What is kept beside the answers; empty where nothing is."""
    row = db.execute(
        "SELECT inspectors, observed_from, observed_to, unit_view, unit_sign, "
        "(SELECT f.hash FROM f_particulars AS f WHERE f.entity = p.inspection AND f.hlc = p.hlc "
        "AND f.device = p.device) FROM particulars AS p WHERE inspection = ?",
        (inspection,),
    ).fetchone()
    if row is None:
        return Particulars()
    people, first, last, view, sign, event = row
    names = tuple(people.split("\n")) if people else ()
    return Particulars(names, first, last, quiet(db, view, str(event), "unit_view"), sign)


def particulars_heads(db: sqlite3.Connection, inspection: str) -> list[str]:
    """Hashes of the particulars that no others replace."""
    rows = db.execute(
        "SELECT p.hash FROM f_particulars AS p WHERE p.entity = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = p.hash "
        "AND o.kind = 'inspection.particulars' AND o.entity = p.entity) ORDER BY p.hash",
        (inspection,),
    )
    return [str(row[0]) for row in rows]


def before(db: sqlite3.Connection, inspection: str, item: str, event: str) -> Answer | None:
    """What one answer was made over, as it counted then; empty values too."""
    row = db.execute(
        "SELECT a.entity, a.item, a.value, a.note, a.evidence, a.hlc, a.device, a.hash "
        "FROM f_answer AS a CROSS JOIN f_over AS o ON o.replaced = a.hash AND o.hash = ? "
        "WHERE a.entity = ? AND a.item = ? "
        "ORDER BY a.hlc DESC, a.device DESC, a.epoch DESC, a.seq DESC, a.hash DESC LIMIT 1",
        (event, inspection, item),
    ).fetchone()
    return _answer(db, row) if row else None


def rebased_at(db: sqlite3.Connection, inspection: str) -> str:
    """The stamp of the latest rebase; empty before the first."""
    row = db.execute("SELECT MAX(hlc) FROM f_rebased WHERE entity = ?", (inspection,)).fetchone()
    return str(row[0] or "")


def trail(db: sqlite3.Connection, inspection: str) -> list[tuple[Answer, Answer | None]]:
    """Every answer that any device wrote and what it was made over, the oldest first."""
    rows = db.execute(
        "SELECT entity, item, value, note, evidence, hlc, device, hash FROM f_answer "
        "WHERE entity = ? ORDER BY hlc, device, epoch, seq, hash",
        (inspection,),
    ).fetchall()
    written = [_answer(db, row) for row in rows]
    return [(it, before(db, inspection, it.item, it.event)) for it in written]


def ends(db: sqlite3.Connection, inspection: str) -> list[tuple[str, str, str, str, str]]:
    """Each time it was finished: stamp, device, points, possible points, grade; oldest first."""
    rows = db.execute(
        "SELECT hlc, device, points, max_points, grade FROM f_finished WHERE entity = ? "
        "ORDER BY hlc, device, epoch, seq, hash",
        (inspection,),
    )
    return [tuple(map(str, row)) for row in rows]  # type: ignore[misc]


def places(db: sqlite3.Connection, id: str) -> list[tuple[str, str, str, int, str]]:
    """Where an inspection's start and finishes stand: kind, device, epoch, number, hash."""
    rows = db.execute(
        "SELECT 'inspection.started' AS kind, device, epoch, seq, hash, hlc FROM f_inspection "
        "WHERE entity = ?1 UNION ALL "
        "SELECT 'inspection.finished', device, epoch, seq, hash, hlc FROM f_finished "
        "WHERE entity = ?1 ORDER BY hlc, device, seq",
        (id,),
    )
    return [
        (str(kind), str(device), str(epoch), int(seq), str(digest))
        for kind, device, epoch, seq, digest, _hlc in rows
    ]
