"""Colours by meaning; TCSS names the meanings, nothing else knows a colour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from fieldkit.text.i18n import N_, _
from fieldkit.text.terminal import is_plain, no_color

THEME_VARIABLE = "FIELDKIT_THEME"


def _theme(name: str, dark: bool, tones: Mapping[str, str], steps: Mapping[str, str]) -> Theme:
    """A theme from its tones of text and its steps of background."""
    return Theme(
        name=name,
        dark=dark,
        primary=tones["pass"],
        secondary=tones["dim"],
        accent=tones["accent"],
        foreground=tones["text"],
        background=steps["back"],
        surface=steps["bar"],
        panel=steps["field"],
        success=tones["pass"],
        warning=tones["accent"],
        error=tones["fail"],
        variables=_variables(tones, steps),
    )


def _variables(tones: Mapping[str, str], steps: Mapping[str, str]) -> dict[str, str]:
    return {
        **{f"tone-{tone}": colour for tone, colour in tones.items() if tone != "text"},
        "tone-key": tones["accent"],
        "cursor-back": steps["cursor"],
        "bar-back": steps["bar"],
        "field-back": steps["field"],
        "demo-fore": steps["back"],
        "demo-back": tones["accent"],
    }


DARK = _theme(
    "field-dark",
    True,
    {
        "text": "#e4e6e3",
        "dim": "#a3afb6",
        "strong": "#ffffff",
        "accent": "#e8c170",
        "pass": "#86c3e8",
        "fail": "#f4a57b",
        "skip": "#a9b0a4",
        "todo": "#84919a",
    },
    {"back": "#14191d", "bar": "#1b2228", "cursor": "#2a3f4e", "field": "#27323a"},
)
LIGHT = _theme(
    "field-light",
    False,
    {
        "text": "#1d2225",
        "dim": "#535d62",
        "strong": "#000000",
        "accent": "#724c00",
        "pass": "#0f5a8a",
        "fail": "#9c3600",
        "skip": "#525a4c",
        "todo": "#60696d",
    },
    {"back": "#fbfaf6", "bar": "#eeebe2", "cursor": "#cfe0ec", "field": "#e2ded2"},
)
CONTRAST_DARK = _theme(
    "field-contrast-dark",
    True,
    {
        "text": "#ffffff",
        "dim": "#e0e0e0",
        "strong": "#ffffff",
        "accent": "#ffe14d",
        "pass": "#8fdcff",
        "fail": "#ffc08a",
        "skip": "#d8ded2",
        "todo": "#c8c8c8",
    },
    {"back": "#000000", "bar": "#0f1316", "cursor": "#003c66", "field": "#1c2226"},
)
CONTRAST_LIGHT = _theme(
    "field-contrast-light",
    False,
    {
        "text": "#000000",
        "dim": "#2b2f31",
        "strong": "#000000",
        "accent": "#4d3300",
        "pass": "#003a66",
        "fail": "#6b1d00",
        "skip": "#2f3529",
        "todo": "#3d4346",
    },
    {"back": "#ffffff", "bar": "#f2f2f2", "cursor": "#bcdcf5", "field": "#e4e4e4"},
)
_SIXTEEN = {
    "dim": "ansi_white",
    "strong": "ansi_bright_white",
    "accent": "ansi_bright_green",
    "pass": "ansi_bright_cyan",
    "fail": "ansi_bright_yellow",
    "skip": "ansi_white",
    "todo": "ansi_white",
}
# Its own background: what lies behind the default colour of a terminal nobody can know.
PLAIN = replace(
    BUILTIN_THEMES["ansi-dark"],
    name="field-plain",
    foreground="ansi_white",
    background="ansi_black",
    surface="ansi_black",
    panel="ansi_blue",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        **_variables(
            _SIXTEEN,
            {"back": "ansi_black", "bar": "ansi_blue", "cursor": "ansi_blue", "field": "ansi_blue"},
        ),
    },
)

THEMES = (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT, PLAIN)
TITLES = {
    DARK.name: N_("深色"),
    LIGHT.name: N_("浅色（户外强光）"),
    CONTRAST_DARK.name: N_("高对比，黑底"),
    CONTRAST_LIGHT.name: N_("高对比，白底"),
    PLAIN.name: N_("朴素，16 色"),
}
_SHORT = {
    "dark": DARK.name,
    "light": LIGHT.name,
    "contrast": CONTRAST_DARK.name,
    "contrast-light": CONTRAST_LIGHT.name,
    "plain": PLAIN.name,
}


def title(name: str) -> str:
    """A theme's name for people."""
    return _(TITLES[name])


def next_theme(name: str, environ: Mapping[str, str] | None = None) -> str:
    """The theme after this one, going round; an unknown one leads to the first."""
    known = os.environ if environ is None else environ
    names = [theme.name for theme in THEMES if not _unseen(theme, known)]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def first_theme(remembered: object, environ: Mapping[str, str]) -> str:
    """The theme to start with: ``FIELDKIT_THEME``, the one chosen last, or one that fits.

    Without colours (``NO_COLOR``) never one of the terminal's own sixteen: textual would paint
    it black on black.
    """
    asked = environ.get(THEME_VARIABLE, "").strip().lower()
    names = {**_SHORT, **{theme.name: theme.name for theme in THEMES}}
    fitting = PLAIN.name if is_plain(environ) else DARK.name
    chosen = names.get(asked) or (
        names.get(remembered, fitting) if isinstance(remembered, str) else fitting
    )
    theme = next(theme for theme in THEMES if theme.name == chosen)
    return CONTRAST_DARK.name if _unseen(theme, environ) else chosen


def _unseen(theme: Theme, environ: Mapping[str, str]) -> bool:
    return theme.ansi and no_color(environ)
