"""QR labels of posts and buildings: which places, and the sheet they are printed on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fieldkit.domain.kinds import SITE_KINDS
from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work import labels, sites
from fieldkit.work.workspace import Workspace

from .outputs import checked

USUAL = tuple(kind for kind in SITE_KINDS if kind not in ("village", "grid", "unit", "door"))
"""Posts and buildings: where a label hangs on a wall."""
MOST = 2400
"""A hundred sheets at once."""


class Labelled(NamedTuple):
    """What was written."""

    path: Path
    labels: int


def write(
    ws: Workspace, out: Path, kinds: Sequence[str] | None = None, within: str | None = None
) -> Labelled:
    """Write a sheet of labels (.html or .docx) for places of some kinds under one place.

    Raises Problem for another file type, an unknown kind or place and too many labels, Refused
    for doors (a label on a household's door would mark it) and where there is nothing to label.
    """
    path, suffix = checked(out, (".html", ".docx"))
    if "door" in (kinds or ()):
        raise Refused(
            "no-door-labels",
            _("户门不贴码：只给点位和楼栋出标签"),
            mend=_("用 --kind building 或其他类别。"),
        )
    found = [s for s in sites.listing(ws, kinds or USUAL, within) if not s.removed]
    if not found:
        raise Refused(
            "nothing-to-label",
            _("没有可出标签的点位或楼栋"),
            mend=_("换 --kind 或 --within 再试。"),
        )
    if len(found) > MOST:
        raise Problem(
            "too-many-labels",
            _("有 {n} 个，一次最多 {most} 个").format(n=len(found), most=MOST),
            where=shown(within or ""),
            mend=_("用 --within 分片出。"),
        )
    # Only here, so that a plain command does not load the document writer.
    from fieldkit.report import qr_labels
    from fieldkit.report.docx import save_atomically

    drawn = [
        qr_labels.Label(labels.payload(site), sites.full_name(ws, site), site.code)
        for site in found
    ]
    raw = qr_labels.html(drawn) if suffix == ".html" else qr_labels.docx(drawn, ws.now())
    save_atomically(path, raw)
    return Labelled(path, len(drawn))
