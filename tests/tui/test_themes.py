"""Themes: enough contrast for every tone on every ground, and never black on black."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from fieldkit.text.width import cell_width
from fieldkit.tui import theme
from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.inspect import InspectScreen
from fieldkit.tui.theme import THEMES, TITLES, first_theme, next_theme
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.work import inspecting
from fieldkit.work.workspace import Workspace

NAMES = [one.name for one in THEMES]
TEXTS = ("dim", "strong", "accent", "pass", "fail", "skip", "todo", "key")
LIT = ("strong", "dim", "pass", "fail", "key")
"""Tones that the current row uses."""
TYPED = ("strong", "dim")
VGA = {
    "black": "#000000",
    "blue": "#0000aa",
    "white": "#aaaaaa",
    "bright_green": "#55ff55",
    "bright_cyan": "#55ffff",
    "bright_yellow": "#ffff55",
    "bright_white": "#ffffff",
}
WINDOWS = {
    "black": "#000000",
    "blue": "#000080",
    "white": "#c0c0c0",
    "bright_green": "#00ff00",
    "bright_cyan": "#00ffff",
    "bright_yellow": "#ffff00",
    "bright_white": "#ffffff",
}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(of: Theme) -> list[tuple[str, str, str]]:
    """What is written with which colour on which ground."""
    known, back = of.variables, str(of.background)
    grounds = (back, known["bar-back"])
    found = [(f"{t} on {g}", known[f"tone-{t}"], g) for t in TEXTS for g in grounds]
    found += [(f"text on {g}", str(of.foreground), g) for g in grounds]
    found += [(f"lit {t}", known[f"tone-{t}"], known["cursor-back"]) for t in LIT]
    found += [(f"typed {t}", known[f"tone-{t}"], known["field-back"]) for t in TYPED]
    found += [("demo", known["demo-fore"], known["demo-back"])]
    return [*found, ("caret", back, known["tone-accent"])]


def faint(of: Theme, least: float, palette: dict[str, str] | None = None) -> list[str]:
    """The pairs below a contrast."""

    def real(colour: str) -> str:
        return palette[colour.removeprefix("ansi_")] if palette else colour

    return [
        what for what, fore, back in pairs(of) if round(contrast(real(fore), real(back)), 1) < least
    ]


@pytest.mark.parametrize("of", THEMES, ids=NAMES)
def test_every_tone_can_be_read(of: Theme) -> None:
    """4.5 to 1 for text, 7 to 1 where high contrast is promised; in two palettes of sixteen."""
    least = 7 if "contrast" in of.name else 4.5
    for palette in (VGA, WINDOWS) if of.ansi else (None,):
        assert faint(of, least, palette) == []


def test_the_measure_finds_what_is_faint() -> None:
    """Grey on grey is found, and the numbers are those of the standard."""
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    dull = Theme(**{**vars(theme.DARK), "foreground": str(theme.DARK.background)})
    assert faint(dull, 4.5)


def test_pass_and_fail_differ_without_hue() -> None:
    """Somebody who sees no red or green still sees blue against orange."""
    for of in THEMES:
        good, bad = (Color.parse(of.variables[f"tone-{t}"]) for t in ("pass", "fail"))
        if not of.ansi:
            assert good.b > good.r, of.name
            assert bad.r > bad.b, of.name


def test_all_themes_mean_the_same() -> None:
    """A variable that one theme lacks would be an error of the stylesheet at the switch."""
    wanted = set(theme.DARK.variables)
    assert all(wanted <= set(of.variables) for of in THEMES)
    assert set(TITLES) == set(NAMES)


def test_the_key_goes_round_them_all() -> None:
    """From each to the next, back at the first after the last, with a name to say."""
    seen, name = [], NAMES[0]
    for _ in NAMES:
        seen.append(name)
        name = next_theme(name, {})
    assert seen == NAMES
    assert name == NAMES[0]
    assert next_theme("textual-dark", {}) == NAMES[0]
    assert len({theme.title(one) for one in NAMES}) == len(NAMES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_fit_the_status_line(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme's name takes at most 40 cells in both languages."""
    monkeypatch.setenv("FIELDKIT_LANG", language)
    assert all(0 < cell_width(theme.title(one)) <= 40 for one in NAMES)


@pytest.mark.parametrize(
    ("remembered", "environ", "wanted"),
    [
        (None, {}, "field-dark"),
        ("field-light", {}, "field-light"),
        ("nonsense", {}, "field-dark"),
        (7, {}, "field-dark"),
        ("field-light", {"FIELDKIT_THEME": "contrast"}, "field-contrast-dark"),
        ("field-light", {"FIELDKIT_THEME": "field-contrast-light"}, "field-contrast-light"),
        ("field-light", {"FIELDKIT_THEME": "sunny"}, "field-light"),
        (None, {"FIELDKIT_THEME": " LIGHT "}, "field-light"),
        (None, {"TERM": "linux"}, "field-plain"),
        (None, {"TERM": "xterm-16color"}, "field-plain"),
        (None, {"TERM": "xterm"}, "field-dark"),
        ("field-dark", {"TERM": "linux"}, "field-dark"),
        (None, {"TERM": "linux", "NO_COLOR": "1"}, "field-contrast-dark"),
        ("field-plain", {"NO_COLOR": "1"}, "field-contrast-dark"),
        ("field-light", {"NO_COLOR": "1"}, "field-light"),
        (None, {"FIELDKIT_THEME": "plain", "NO_COLOR": ""}, "field-plain"),
    ],
)
def test_the_first_theme(remembered: object, environ: dict[str, str], wanted: str) -> None:
    """What was asked for, else what was chosen last, else what the terminal can do."""
    assert first_theme(remembered, environ) == wanted


def test_without_colours_the_sixteen_are_passed_over() -> None:
    """The terminal's own colours are black on black under NO_COLOR."""
    reached = {next_theme(name, {"NO_COLOR": "1"}) for name in NAMES}
    assert reached == set(NAMES) - {"field-plain"}


@pytest.mark.parametrize("without_colour", [False, True])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.asyncio
async def test_no_text_has_the_colour_of_its_ground(
    home: Path, name: str, without_colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every drawn letter differs from what it stands on, also in the line that is typed."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if without_colour:
        monkeypatch.setenv("NO_COLOR", "1")
        name = first_theme(name, {"NO_COLOR": "1"})
    with Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            app.theme = name
            await pilot.pause()
            drawn = [s for strip in app.screen._compositor.render_strips() for s in strip]
            begun = inspecting.start(ws, "wuzha-xiaoqu", "E-1")
            app.push_screen(InspectScreen(begun))
            await pilot.pause()
            await pilot.press("1")
            await pilot.pause()
            app.screen.query_one(LineEditor).fill("岫公函")
            await pilot.pause()
            drawn += [s for strip in app.screen._compositor.render_strips() for s in strip]
            for line in app._filters:
                drawn = line.apply(drawn, Color.parse("#000000")) if line.enabled else drawn
    letters = [segment for segment in drawn if segment.text.strip()]
    assert letters
    for segment in letters:
        assert segment.style is not None
        assert segment.style.color != segment.style.bgcolor, segment
        if name == "field-plain":
            assert segment.style.color is not None
            assert segment.style.color.number in range(16)
