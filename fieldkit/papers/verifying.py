"""Is a document still true: its figures worked out anew, and the records behind each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work.workspace import Workspace

from . import catalogue, outputs

if TYPE_CHECKING:
    from fieldkit.report.manifest import Manifest, Printed
    from fieldkit.report.paper import Figure, Paper, Recipe, Source

MOST_BYTES = 64 * 2**20
_PATHS = ("basis",)
"""Options that name files: a document from outside may not choose what is read."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is no longer what was printed."""

    code: str
    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A figure over which somebody typed; ``written`` is empty where it was taken out."""

    code: str
    label: str
    printed: str
    written: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a document. ``made`` is None where the manifest is lost."""

    kind: str
    made: str | None
    digest_then: str
    digest_now: str
    figures: int
    changed: tuple[Moved, ...]
    edited: tuple[Edited, ...]
    gone: tuple[str, ...]
    new: tuple[Moved, ...]

    @property
    def ok(self) -> bool:
        """Whether it says what the home says, and what was printed."""
        return not (self.changed or self.edited or self.gone or self.new)


@dataclass(frozen=True, slots=True)
class Traced:
    """One figure, and what it was counted from. ``now`` is None where it is no longer there."""

    code: str
    label: str
    then: str
    now: str | None
    records: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    recipe: Recipe
    manifest: Manifest | None
    texts: Mapping[str, list[str]]

    @property
    def printed(self) -> dict[str, str]:
        """What was printed, by code; where that is lost, what stands there."""
        if self.manifest is not None:
            return {code: it.said for code, it in self.manifest.figures.items()}
        return {code: texts[0] for code, texts in self.texts.items() if texts}


def verify(ws: Workspace, path: Path) -> Verdict:
    """Make the paper again and compare every figure.

    Raises Problem for a file that is no document of ours, one of another version, or one whose
    records this home does not have.
    """
    document = _read(path)
    paper = _again(ws, document.recipe, path)
    now, printed = paper.figures(), document.printed
    manifest = document.manifest
    changed = tuple(
        Moved(code, now[code].label, said, now[code].said)
        for code, said in printed.items()
        if code in now
        and not _is_same(now[code], said, manifest.figures[code] if manifest else None)
    )
    new = tuple(
        Moved(code, figure.label, "", figure.said)
        for code, figure in now.items()
        if code not in printed and not (manifest and manifest.partial)
    )
    return Verdict(
        document.recipe.kind,
        manifest.made.isoformat() if manifest else None,
        manifest.digest if manifest else "",
        paper.digest,
        len(printed),
        changed,
        _edited(document, now),
        tuple(code for code in printed if code not in now),
        new,
    )


def trace(ws: Workspace, path: Path, ref: str) -> Traced:
    """The records behind one figure, by its code or the start of it.

    Raises Problem as ``verify``, and ``unknown-figure`` or ``ambiguous-figure``.
    """
    document = _read(path)
    printed = document.printed
    wanted = ref.strip().lower()
    found = [code for code in printed if wanted and code.startswith(wanted)]
    if len(found) != 1:
        raise Problem(
            "ambiguous-figure" if found else "unknown-figure",
            _("代码以“{ref}”开头的数有 {n} 个").format(ref=shown(ref)[:20], n=len(found)),
            where=shown(str(path)),
            mend=_("运行 fieldkit report codes 文件，查看每个数的代码。"),
        )
    code = found[0]
    figure = _again(ws, document.recipe, path).figures().get(code)
    if figure is None:
        return Traced(code, "", printed[code], None, ())
    return Traced(code, figure.label, printed[code], figure.said, tuple(figure.sources()))


def codes(ws: Workspace, path: Path) -> list[Moved]:
    """Every figure of a document: its code, what it is, as it was printed and as it is now."""
    document = _read(path)
    now = _again(ws, document.recipe, path).figures()
    return [
        Moved(code, now[code].label if code in now else "", said,
              now[code].said if code in now else "")
        for code, said in document.printed.items()
    ]  # fmt: skip


def _is_same(now: Figure, said: str, printed: Printed | None) -> bool:
    """By the exact value where it is known: a rate can move without a digit of it moving."""
    return now.said == said and (printed is None or printed.exact == now.exact)


def _edited(document: _Document, now: Mapping[str, Figure]) -> tuple[Edited, ...]:
    if document.manifest is None:
        return ()
    found = []
    for code, printed in document.manifest.figures.items():
        label = now[code].label if code in now else ""
        texts = document.texts.get(code, [])
        wrong = [text for text in texts if _bare(text) != _bare(printed.said)]
        # A code without a text is a formula that waits to be worked out: nothing was typed there.
        if code not in document.texts:
            found.append(Edited(code, label, printed.said, ""))
        found += [Edited(code, label, printed.said, text) for text in wrong[:1]]
    return tuple(found)


def _bare(text: str) -> str:
    """What editors change without meaning it: blanks, and the look of a minus."""
    return "".join(text.split()).replace("\u2212", "-").replace(",", "")


def _read(path: Path) -> _Document:
    from fieldkit.report import manifest as manifests
    from fieldkit.report import rendering

    place = shown(str(path))
    raw = _bytes(path)
    try:
        told, recipe, texts = rendering.read(raw)
        manifest = manifests.parse(told) if told is not None else None
        if manifest is not None:
            return _Document(_harmless(manifest.recipe, place), manifest, texts)
        if recipe is not None:
            return _Document(_harmless(manifests.recipe(recipe), place), None, texts)
    except manifests.BadManifest as bad:
        if bad.version > manifests.VERSION:
            raise Problem(
                "paper-newer",
                _("这份文件是更新的版本出的"),
                where=place,
                mend=_("请用那个版本核对。"),
            ) from bad
        raise _not_ours(place) from bad
    except Problem as problem:
        raise type(problem)(problem.code, problem.what, where=place, mend=problem.mend) from problem
    raise _not_ours(place)


def _bytes(path: Path) -> bytes:
    raw = outputs.read(path, MOST_BYTES)
    if len(raw) > MOST_BYTES:
        raise Problem(
            "paper-large",
            _("文件超过 {n} MB").format(n=MOST_BYTES // 2**20),
            where=shown(str(path)),
            mend=_("请核对是不是 fieldkit 出的文件。"),
        )
    return raw


def _harmless(recipe: Recipe, place: str) -> Recipe:
    if recipe.kind not in catalogue.KINDS or any(recipe.options.get(name) for name in _PATHS):
        raise _not_ours(place)
    return recipe


def _not_ours(place: str) -> Problem:
    return Problem(
        "paper-foreign",
        _("这份文件里没有 fieldkit 的出表信息，或已损坏"),
        where=place,
        mend=_("请用 fieldkit 出的文件；另存为别的格式会丢掉这些信息。"),
    )


def _again(ws: Workspace, recipe: Recipe, path: Path) -> Paper:
    try:
        return catalogue.again(ws, recipe)
    except Problem as problem:
        raise Problem(
            "paper-unmade",
            _("用本机的记录做不出这份文件：{why}").format(why=problem.what),
            where=shown(str(path)),
            mend=_("请在出这份文件的办公室核对。"),
        ) from problem
