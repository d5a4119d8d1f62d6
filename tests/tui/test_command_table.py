"""The table of commands: unique keys, keys that survive an input method, labels that fit."""

from __future__ import annotations

import pytest

from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width
from fieldkit.tui import commands
from fieldkit.tui.screens.blind import BlindScreen
from fieldkit.tui.screens.buildings import BuildingsScreen
from fieldkit.tui.screens.dashboard import DashboardScreen
from fieldkit.tui.screens.doors import DoorsScreen
from fieldkit.tui.screens.files import FilesScreen
from fieldkit.tui.screens.finding import FindingScreen
from fieldkit.tui.screens.findings import FindingsScreen
from fieldkit.tui.screens.finish import FinishScreen
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.generate import GenerateScreen
from fieldkit.tui.screens.home import HomeScreen
from fieldkit.tui.screens.import_register import ImportScreen
from fieldkit.tui.screens.inbox import InboxScreen
from fieldkit.tui.screens.inspect import InspectScreen
from fieldkit.tui.screens.neutral import NeutralScreen
from fieldkit.tui.screens.obligations import ObligationsScreen
from fieldkit.tui.screens.palette import PaletteScreen
from fieldkit.tui.screens.particulars import ParticularsScreen
from fieldkit.tui.screens.pick import PickScreen
from fieldkit.tui.screens.preview import PreviewScreen
from fieldkit.tui.screens.reading import ReadingScreen
from fieldkit.tui.screens.referrals import ReferralScreen
from fieldkit.tui.screens.result import ResultScreen
from fieldkit.tui.screens.revisits import RevisitsScreen
from fieldkit.tui.screens.send import SendScreen
from fieldkit.tui.screens.send_down import SendDownScreen
from fieldkit.tui.screens.site import SiteScreen
from fieldkit.tui.screens.site_form import SiteFormScreen
from fieldkit.tui.screens.sites import SitesScreen
from fieldkit.tui.screens.standing_confirm import StandingConfirmScreen
from fieldkit.tui.screens.standing_entry import StandingEntryScreen
from fieldkit.tui.screens.standing_month import StandingMonthScreen
from fieldkit.tui.screens.standings import StandingsScreen
from fieldkit.tui.screens.version import VersionScreen
from fieldkit.tui.widgets.key_bar import fitting

PAIRS = [(s, m) for s in commands.SCREENS for m in commands.MODES.get(s, ("",))]
FORBIDDEN = {"f5", "f11", "ctrl+b", "ctrl+a", "ctrl+w", "ctrl+t", "ctrl+s", "ctrl+q", "ctrl+c"}
CLASSES = {
    cls.NAME: cls
    for cls in (
        BlindScreen,
        ImportScreen,
        GenerateScreen,
        InboxScreen,
        SendDownScreen,
        FormScreen,
        ReferralScreen,
        ObligationsScreen,
        SiteScreen,
        SiteFormScreen,
        SitesScreen,
        DashboardScreen,
        DoorsScreen,
        FindingScreen,
        BuildingsScreen,
        FindingsScreen,
        FinishScreen,
        PaletteScreen,
        HomeScreen,
        InspectScreen,
        PickScreen,
        ResultScreen,
        RevisitsScreen,
        NeutralScreen,
        ParticularsScreen,
        ReadingScreen,
        SendScreen,
        FilesScreen,
        PreviewScreen,
        VersionScreen,
        StandingsScreen,
        StandingEntryScreen,
        StandingMonthScreen,
        StandingConfirmScreen,
    )
}
ALL = [command for table in commands.SCREENS.values() for command in table]


@pytest.mark.parametrize(("screen", "mode"), PAIRS)
def test_a_key_means_one_thing(screen: str, mode: str) -> None:
    """In one mode of one screen no key stands for two commands."""
    keys = [key for command in commands.on(screen, mode) for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("screen", "mode"), PAIRS)
def test_one_can_always_leave_without_escape(screen: str, mode: str) -> None:
    """F10 leaves from everywhere; a way back is never Esc alone."""
    found = commands.on(screen, mode)
    assert any(command.id == "quit" and command.keys == ("f10",) for command in found)
    for command in found:
        if "escape" in command.keys:
            assert commands.SAFE & set(command.keys)


def test_each_command_has_a_key_that_survives_an_input_method() -> None:
    """Digits, F-keys, arrows, Enter, Space, PgUp, PgDn; the shown key is one of them."""
    for command in ALL:
        assert set(command.keys) & commands.SAFE, command.id
        assert command.keys[0] in commands.SAFE, command.id


def test_no_key_of_browsers_and_multiplexers() -> None:
    """Nothing is bound that a terminal, a browser or tmux takes away."""
    for command in ALL:
        assert not set(command.keys) & FORBIDDEN, command.id
        assert not any(key.startswith("ctrl+") for key in command.keys)


def test_labels_fit() -> None:
    """A label takes at most eight cells and every command has a help text."""
    for command in ALL:
        assert cell_width(_(command.label)) <= 8, command.label
        assert command.help


def test_each_command_is_a_method_of_its_screen() -> None:
    """The table names nothing that the screen cannot do."""
    for screen, table in commands.SCREENS.items():
        for command in table:
            if screen == "doors" and command.id.startswith("log.") and command.id != "log.more":
                continue
            assert callable(getattr(CLASSES[screen], command.id.replace(".", "_"))), command.id


def test_each_method_belongs_to_a_documented_screen() -> None:
    """Every screen of the table has a class, and every class a name in the table."""
    assert set(CLASSES) == set(commands.SCREENS)


@pytest.mark.parametrize("width", [78, 58, 38, 20])
@pytest.mark.parametrize(("screen", "mode"), PAIRS)
def test_the_bar_never_overflows(screen: str, mode: str, width: int) -> None:
    """Rows are cut by order of survival until they fit."""
    for row in (0, 1):
        kept = fitting([c for c in commands.on(screen, mode) if c.row == row], width)
        need = sum(cell_width(c.caption) + 1 + cell_width(_(c.label)) for c in kept)
        assert need + max(len(kept) - 1, 0) <= width


@pytest.mark.parametrize(("screen", "mode"), PAIRS)
def test_nothing_is_cut_at_80_columns(screen: str, mode: str) -> None:
    """At 80 columns even all commands at once have room."""
    for row in (0, 1):
        table = [c for c in commands.on(screen, mode) if c.row == row and c.bar]
        assert fitting(table, 78) == table


@pytest.mark.parametrize(
    ("key", "character", "meant"),
    [
        ("１", "１", "1"),
        ("0", "0", "0"),
        ("ideographic_space", "\u3000", "space"),
        ("f10", None, "f10"),
        ("enter", "\r", "enter"),
        ("Ａ", "Ａ", "a"),
    ],
)
def test_full_width_keys_mean_their_twins(key: str, character: str | None, meant: str) -> None:
    """What an input method sends in full-width mode is the plain key."""
    assert commands.pressed(key, character) == meant
