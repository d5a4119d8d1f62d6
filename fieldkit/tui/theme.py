"""Colours by meaning; TCSS names the meanings, nothing else knows a colour."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="field-dark",
    dark=True,
    primary="#7fb4d9",
    secondary="#9db3c4",
    accent="#e8c170",
    foreground="#e4e6e3",
    background="#14191d",
    surface="#1b2126",
    panel="#232b31",
    success="#86c3e8",
    warning="#e8c170",
    error="#f09a6c",
    variables={
        "tone-dim": "#8b979e",
        "tone-strong": "#ffffff",
        "tone-accent": "#e8c170",
        "tone-pass": "#86c3e8",
        "tone-fail": "#f09a6c",
        "tone-skip": "#a9b0a4",
        "tone-todo": "#6d7980",
        "tone-key": "#e8c170",
        "cursor-back": "#2f4656",
        "bar-back": "#1f272d",
        "field-back": "#27323a",
        "demo-fore": "#14191d",
        "demo-back": "#e8c170",
    },
)

LIGHT = Theme(
    name="field-light",
    dark=False,
    primary="#1f5f8b",
    secondary="#51636f",
    accent="#7a5200",
    foreground="#1d2225",
    background="#fbfaf6",
    surface="#f1efe8",
    panel="#e7e4da",
    success="#0f5a8a",
    warning="#7a5200",
    error="#a63a00",
    variables={
        "tone-dim": "#5d676c",
        "tone-strong": "#000000",
        "tone-accent": "#7a5200",
        "tone-pass": "#0f5a8a",
        "tone-fail": "#a63a00",
        "tone-skip": "#586052",
        "tone-todo": "#7d868a",
        "tone-key": "#7a5200",
        "cursor-back": "#cfe0ec",
        "bar-back": "#e9e6dc",
        "field-back": "#e2ded2",
        "demo-fore": "#fbfaf6",
        "demo-back": "#7a5200",
    },
)

THEMES = (DARK, LIGHT)
