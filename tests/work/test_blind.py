"""Two records of one site, unseen by each other until both are sealed; covert turned open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.work import (
    Workspace,
    amending,
    blind,
    carrying,
    findings,
    gates,
    inspecting,
    telling,
    turning,
    undoing,
)


@pytest.fixture
def other(town: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The partner's home, with the same register."""
    with Workspace.open(tmp_path / "other") as opened:
        opened.store.ingest(town.store.events())
        yield opened


def meet(one: Workspace, other: Workspace) -> None:
    """Both take in what the other wrote, and hold the same afterwards."""
    ours, theirs = list(one.store.events()), list(other.store.events())
    one.store.ingest(theirs)
    other.store.ingest(reversed(ours))
    assert one.store.state_digest() == other.store.state_digest()


def filled(ws: Workspace, inspection: str, **others: str) -> None:
    """Everything answered, checks well but for the ``others``."""
    for item in inspecting.sheet(ws, inspection).items:
        value = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
        if item.type != "info":
            typed = others.get(item.id) or value.get(item.type, "na")
            inspecting.answer(ws, inspection, item.id, typed)


@pytest.fixture
def pair(town: Workspace, other: Workspace) -> tuple[str, str]:
    """Both begun under one word, neither known to the other."""
    one = blind.begin(town, "wuzha-xiaoqu", "TF", "  枫叶１ ").inspection
    two = blind.begin(other, "wuzha-xiaoqu", "TF", "枫叶1").inspection
    assert one.pair == two.pair == "枫叶1"
    return one.id, two.id


def refused(act: object, *args: object, **more: object) -> str:
    """The code of the refusal."""
    with pytest.raises(Problem) as caught:
        act(*args, **more)  # type: ignore[operator]
    return caught.value.code


def test_unseen_until_both_are_sealed(
    town: Workspace, other: Workspace, pair: tuple[str, str]
) -> None:
    """Refused while the other is not here, is open, or ours is; then both see both."""
    one, two = pair
    assert blind.partner(town, one) is None
    with pytest.raises(Refused) as caught:
        blind.compare(town, one)
    assert (caught.value.code, "没有送达" in caught.value.what) == ("pair-open", True)
    filled(other, two)
    inspecting.finish(other, two)
    meet(town, other)
    found = blind.partner(town, one)
    assert found is not None
    assert found.id == two
    assert refused(blind.compare, town, "枫叶1") == "pair-open"
    assert blind.hidden(town, found)
    assert not blind.hidden(other, found)
    items = inspecting.sheet(town, one).items
    item = next(it.id for it in items if it.type == "check")
    for act in (
        lambda: inspecting.answer(town, two, item, "pass"),
        lambda: inspecting.finish(town, two),
        lambda: amending.reopen(town, two, "看看"),
        lambda: amending.history(town, two),
        lambda: telling.told(town, two),
        lambda: telling.tell(town, two, inspectors=["甲"]),
        lambda: undoing.undo(town, two),
    ):
        assert refused(act) in ("pair-open", "inspection-finished")
    filled(town, one)
    inspecting.finish(town, one)
    meet(town, other)
    assert not blind.hidden(town, found)
    assert blind.compare(town, one).agreement == blind.compare(other, "枫叶1").agreement


def test_the_differences_are_listed(
    town: Workspace, other: Workspace, pair: tuple[str, str]
) -> None:
    """Item by item, with how far they agree."""
    one, two = pair
    checks = [it.id for it in inspecting.sheet(town, one).items if it.type == "check"][:2]
    filled(town, one, **{checks[0]: "fail"})
    filled(other, two, **{checks[0]: "na", checks[1]: "fail"})
    inspecting.finish(town, one)
    inspecting.finish(other, two)
    meet(town, other)
    found = blind.compare(town, two[:12])
    assert found.pair == "枫叶1"
    assert {found.one.inspection.id, found.two.inspection.id} == {one, two}
    known = found.agreement
    assert [item for item, _a, _b in known.differences] == checks
    assert known.agreement == Fraction(known.items - 2, known.items)
    assert known.kappa is not None
    assert 0 < known.kappa < known.agreement


def test_taken_up_again_it_is_open_again(
    town: Workspace, other: Workspace, pair: tuple[str, str]
) -> None:
    """A pair of which one is amended is not sealed."""
    one, two = pair
    for ws, inspection in ((town, one), (other, two)):
        filled(ws, inspection)
        inspecting.finish(ws, inspection)
    meet(town, other)
    assert blind.compare(town, one).agreement.agreement == 1
    amending.reopen(town, one, "抄错")
    assert refused(blind.compare, town, one) == "pair-open"
    found = blind.partner(town, one)
    assert found is not None
    assert blind.hidden(town, found)


def test_an_office_sees_neither(
    town: Workspace, other: Workspace, pair: tuple[str, str], tmp_path: Path
) -> None:
    """Whoever is not of the pair waits too."""
    one = pair[0]
    filled(town, one)
    inspecting.finish(town, one)
    with Workspace.open(tmp_path / "office") as office:
        office.store.ingest(town.store.events())
        (found,) = gates.paired(office, inspecting.sheet(office, one).inspection)
        assert blind.hidden(office, found)
        office.store.ingest(other.store.events())
        assert [blind.hidden(office, it) for it in gates.paired(office, found)] == [True, True]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("wuzha-xiaoqu", "TF", "枫叶1"), "pair-own"),
        (("wuzha-xiaoqu", "TF", "  "), "bad-pair-word"),
        (("wuzha-xiaoqu", "TF", "长" * 41), "bad-pair-word"),
        (("wuzha-xiaoqu", "TF", "13800138000"), "personal-data"),
        (("wuzha-xiaoqu", "TF", "枫叶1", "covert"), "pair-unlike"),
        (("courier-100", "TF", "枫叶1"), "pair-unlike"),
        (("wuzha-xiaoqu", "XX", "枫叶1"), "unknown-site"),
    ],
)
def test_a_word_that_cannot_be(
    town: Workspace, pair: tuple[str, str], words: tuple[str, ...], code: str
) -> None:
    """Each slip has its own code."""
    assert refused(blind.begin, town, *words) == code


def test_more_than_two(town: Workspace, other: Workspace, pair: tuple[str, str]) -> None:
    """A third with the same word is a slip, wherever it shows."""
    with Workspace.open(town.home.parent / "third") as third:
        third.store.ingest(e for e in town.store.events() if e.kind == "site.put")
        late = blind.begin(third, "wuzha-xiaoqu", "TF", "枫叶1").inspection.id
        meet(town, other)
        assert refused(blind.begin, town, "wuzha-xiaoqu", "TF", "枫叶1") == "pair-of-many"
        meet(town, third)
        assert refused(blind.compare, town, late) == "pair-of-many"
        assert refused(blind.partner, third, late) == "pair-of-many"


def test_the_same_word_elsewhere_is_another_pair(town: Workspace, pair: tuple[str, str]) -> None:
    """The word alone is then not enough to name one."""
    blind.begin(town, "courier-100", "KD1", "枫叶1")
    assert refused(blind.compare, town, "枫叶1") == "ambiguous-pair"
    assert refused(blind.compare, town, pair[0]) == "pair-open"


def test_what_is_no_pair(town: Workspace) -> None:
    """An inspection of one's own, and a word that nobody used."""
    alone = inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id
    assert refused(blind.compare, town, alone) == "not-paired"
    assert refused(blind.compare, town, "没有") == "unknown-inspection"
    assert not blind.hidden(town, inspecting.sheet(town, alone).inspection)


def test_covert_turned_open(town: Workspace) -> None:
    """A new open record with the same list; the covert one keeps its answers and takes no more."""
    covert = inspecting.start(town, "courier-100", "KD1", mode="covert").inspection
    items = inspecting.sheet(town, covert.id).items
    first, second = [it.id for it in items if it.type == "check" and it.mode == "both"][:2]
    inspecting.answer(town, covert.id, first, "pass")
    begun = turning.turn_open(town, covert.id)
    known = begun.inspection
    assert (known.mode, known.prior, known.site) == ("open", covert.id, covert.site)
    assert (known.checklist, known.nature) == (covert.checklist, covert.nature)
    assert begun.answers == {}
    with pytest.raises(Refused) as caught:
        inspecting.answer(town, covert.id, second, "pass")
    assert caught.value.code == "inspection-turned"
    assert known.id[:8] in caught.value.sentence()
    assert refused(undoing.undo, town, covert.id) == "inspection-turned"
    assert refused(turning.turn_open, town, covert.id) == "inspection-turned"
    assert refused(carrying.rebase, town, covert.id) == "inspection-turned"
    assert refused(turning.turn_open, town, known.id) == "not-covert"
    assert set(inspecting.sheet(town, covert.id).answers) == {first}
    inspecting.answer(town, known.id, first, "pass")


def test_a_turned_one_may_be_finished(town: Workspace) -> None:
    """What was seen stays a record of its own, and is not taken up again."""
    covert = inspecting.start(town, "courier-100", "KD1", mode="covert").inspection.id
    filled(town, covert)
    turning.turn_open(town, covert)
    telling.tell(town, covert, observed_from="9:00", observed_to="9:20", inspectors=["甲", "乙"])
    assert inspecting.finish(town, covert)[0].inspection.state == "finished"
    assert refused(amending.reopen, town, covert, "补记") == "inspection-turned"


def test_two_versions_are_not_compared(
    town: Workspace, other: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the two had an older checklist: said, and no number made of it."""
    from fieldkit.library.folders import shipped

    one = blind.begin(town, "wuzha-xiaoqu", "TF", "枫叶").inspection
    words = next(it.criterion for it in inspecting.sheet(town, one.id).items if it.weight)
    text = (shipped() / "wuzha-xiaoqu.yaml").read_text("utf-8")
    text = text.replace(f'version: "{one.checklist_version}"', 'version: "2099.01"')
    (tmp_path / "lists").mkdir()
    file = tmp_path / "lists" / "wuzha-xiaoqu.yaml"
    file.write_text(text.replace(words, words + "且当日更新", 1), encoding="utf-8")
    filled(town, one.id)
    inspecting.finish(town, one.id)
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "lists"))
    two = blind.begin(other, "wuzha-xiaoqu", "TF", "枫叶").inspection
    filled(other, two.id)
    inspecting.finish(other, two.id)
    meet(town, other)
    with pytest.raises(Problem) as caught:
        blind.compare(town, one.id)
    assert caught.value.code == "pair-unlike"
    assert "2099.01" in caught.value.sentence()


def test_the_partner_s_findings_are_unseen_too(
    town: Workspace, other: Workspace, pair: tuple[str, str]
) -> None:
    """What failed there is listed here only when both are sealed."""
    one, two = pair
    check = next(it.id for it in inspecting.sheet(other, two).items if it.type == "check")
    filled(other, two, **{check: "fail"})
    _, found = inspecting.finish(other, two)
    meet(town, other)
    assert findings.listing(town) == []
    assert refused(findings.find, town, found[0].id) == "unknown-finding"
    assert [row.finding.id for row in findings.listing(other)] == [found[0].id]
    filled(town, one)
    inspecting.finish(town, one)
    assert [row.finding.id for row in findings.listing(town)] == [found[0].id]
