"""The main screens as kept texts at both sizes; a change of look is a change of these files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from fieldkit.text.i18n import _

Open = Callable[..., AbstractAsyncContextManager[Any]]
Golden = Callable[[str, list[str]], None]
SIZES = [(80, 24), (120, 40)]
LANGUAGES = ["zh", "en"]


async def choose(hand: Any, key: str) -> None:
    """Take the row that stands for something, whatever it is called in this language."""
    keys = [row.key.partition("@")[0] for row in hand.screen.picks.rows]
    await hand.press(str(keys.index(key) + 1))


async def begin(hand: Any, site: str, checklist: str, mode: str) -> None:
    """From home into a new inspection."""
    await choose(hand, "new")
    await hand.type(site)
    await hand.press("enter")
    await choose(hand, checklist)
    await hand.press(mode)


@pytest.fixture(params=LANGUAGES)
def prefix(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, home: object) -> str:
    """The language of the screens, as the kept files begin with it; Chinese begins with nothing."""
    monkeypatch.setenv("FIELDKIT_LANG", request.param)
    return "" if request.param == "zh" else f"{request.param}-"


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_screens_look_as_kept(
    size: tuple[int, int], prefix: str, opened: Open, golden: Golden
) -> None:
    """Home, choosing, a question, an editor, the refusal, the result, help, and the doors."""

    def keep(name: str) -> None:
        golden(f"{prefix}{name}-{size[0]}x{size[1]}", hand.lines)

    async with opened(size) as hand:
        keep("home")
        await choose(hand, "new")
        keep("sites")
        await hand.press("f2")
        await begin(hand, "鹭汀花园", "wuzha-xiaoqu", "1")
        keep("external")
        for _turn in range(4):
            await hand.answer()
        await hand.press("2", "f9")
        keep("open-items")
        await hand.press("f2")
        keep("line")
        await hand.press("f1")
        keep("help")
        await hand.press("f2")
        while hand.screen.sheet.next_open(None):
            await hand.answer()
        await hand.press("f9")
        keep("ready")
        await hand.press("f9")
        keep("result")
        await hand.press("f2")
        await choose(hand, "doors")
        keep("buildings")
        await hand.press("enter", "1", "4", "5", "2", "3")
        keep("doors")


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_side_ways_look_as_kept(
    size: tuple[int, int], prefix: str, opened: Open, golden: Golden
) -> None:
    """A check, its phrases, what is under 更多, one finding, sending, and a covert visit."""

    def keep(name: str, tidy: Callable[[str], str] = str) -> None:
        golden(f"{prefix}{name}-{size[0]}x{size[1]}", [tidy(row) for row in hand.lines])

    async with opened(size) as hand:
        await begin(hand, "鹭汀花园", "wuzha-xiaoqu", "1")
        while not (hand.screen.mode == "verdict" and hand.screen.item.phrases):
            await hand.answer()
        keep("question")
        await hand.press("2", "up", "f6")
        keep("phrases")
        await hand.press("1")
        keep("note")
        await hand.press("enter", "f8")
        keep("more")
        await hand.press(hand.number_of(_("找题：按题号或几个字")))
        keep("find-item")
        await hand.press("f2", "f8")
        await hand.press(hand.number_of(_("得分和原因")))
        keep("score")
        await hand.press("f2", "f8")
        await hand.press(hand.number_of(_("检查人、时间、单位意见")))
        keep("particulars")
        await hand.press("f2")
        while hand.screen.sheet.next_open(None):
            await hand.press("f4")
            await hand.answer()
        await hand.press("f9", "f9", "f2")
        await choose(hand, "findings")
        keep("findings")
        await hand.press("enter")
        number = hand.screen._ref[:8]
        keep("finding", lambda row: row.replace(number, "0" * 8))
        await hand.press("f2", "f2")
        await choose(hand, "send")
        await hand.type("U盘")
        keep("send")
        await hand.press("f2")
        await begin(hand, "雁书", "courier-100", "2")
        keep("covert")
        await hand.press("f12")
        keep("neutral")
        await hand.press("f12")
        while hand.screen.mode != "choices":
            await hand.press("down")
        keep("choices")
