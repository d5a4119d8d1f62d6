"""What a document says of itself: how it was made, and every figure as it was printed.

It holds no names, no labels and no keys, so that a paper for people outside gives away no more than
what is printed on it; whoever has the home finds everything by the codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fieldkit import __version__
from fieldkit.report.paper import Paper, Recipe

VERSION = 1
MOST_BYTES = 32 * 2**20
MOST_FIGURES = 400_000
MOST_OPTIONS = 24
_CODE = re.compile(r"[a-z2-7]{8}")
_NAME = re.compile(r"[a-z][a-z_-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST = 4000


class BadManifest(ValueError):
    """Not a manifest, or one that was tampered with; ``version`` is another one's, else 0."""

    def __init__(self, why: str, version: int = 0) -> None:
        self.version = version
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it was printed: its exact value as text, and what stands on the paper."""

    exact: str
    said: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A document's manifest."""

    recipe: Recipe
    made: datetime
    digest: str
    tool: str
    figures: Mapping[str, Printed]
    partial: bool = False
    """Whether it is a layout that shows some of the figures only."""


def of(paper: Paper, placed: Collection[str] | None = None) -> bytes:
    """The manifest of a paper; equal papers give equal bytes.

    ``placed`` are the codes of the figures that an office's own layout shows.
    """
    doc = {
        "v": VERSION,
        "kind": paper.recipe.kind,
        "options": dict(paper.recipe.options),
        "made": paper.made.astimezone(UTC).isoformat(timespec="seconds"),
        "digest": paper.digest,
        "tool": f"fieldkit {__version__}",
        "figures": {
            code: [it.exact, it.said]
            for code, it in paper.figures().items()
            if placed is None or code in placed
        },
    }
    if placed is not None:
        doc["partial"] = True
    return json.dumps(doc, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def parse(raw: bytes) -> Manifest:
    """Read one, strictly and bounded. Raises BadManifest."""
    doc = _object(raw)
    if doc.get("v") != VERSION:
        version = doc.get("v")
        raise BadManifest("version", version if type(version) is int else 0)
    try:
        made = datetime.fromisoformat(_text(doc["made"]))
        figures = doc["figures"]
        if not isinstance(figures, dict) or len(figures) > MOST_FIGURES or made.tzinfo is None:
            raise BadManifest("figures")
        digest = _text(doc["digest"])
        if digest and _DIGEST.fullmatch(digest) is None:
            raise BadManifest("digest")
        return Manifest(
            _recipe(doc["kind"], doc["options"]),
            made,
            digest,
            _text(doc["tool"]),
            {_code(code): _printed(pair) for code, pair in figures.items()},
            doc.get("partial") is True,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadManifest(str(error)) from error


def recipe(text: str) -> Recipe:
    """The recipe alone, as documents keep it beside the manifest. Raises BadManifest."""
    doc = _object(text.encode("utf-8", "surrogatepass"))
    try:
        return _recipe(doc["kind"], doc["options"])
    except (KeyError, ValueError, TypeError) as error:
        raise BadManifest(str(error)) from error


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > MOST_BYTES:
        raise BadManifest("too large")
    try:
        doc = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadManifest("no JSON") from error
    if not isinstance(doc, dict):
        raise BadManifest("no object")
    return doc


def _recipe(kind: object, options: object) -> Recipe:
    if not isinstance(options, dict) or len(options) > MOST_OPTIONS:
        raise BadManifest("options")
    if not isinstance(kind, str) or _NAME.fullmatch(kind) is None:
        raise BadManifest("kind")
    for name in options:
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            raise BadManifest("options")
    return Recipe(kind, {name: _text(value) for name, value in options.items()})


def _printed(pair: object) -> Printed:
    if not isinstance(pair, list) or len(pair) != 2:
        raise BadManifest("figures")
    return Printed(_text(pair[0]), _text(pair[1]))


def _code(code: str) -> str:
    if _CODE.fullmatch(code) is None:
        raise BadManifest("code")
    return code


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise BadManifest("text")
    return value
