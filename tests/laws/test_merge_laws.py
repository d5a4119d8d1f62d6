"""The laws of merging, tried on a county in which nearly everything goes wrong.

Three levels of offices on real homes; couriers lose, copy, cut and mix up what they carry;
computers are copied and come back from images; offices burn and come back from their copies. After
each step each home holds exactly what it has to (``county``), and each step keeps its own law
(``acts``). In the end everything is sent, and the county holds what any home still has.

``FIELDKIT_LAWS_EXAMPLES`` sets how many histories are tried, then other ones on each run.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from fieldkit.store.store import Store
from fieldkit.work import merging
from fieldkit.work.workspace import Workspace
from fieldkit_sync.event import Event

from . import hostile
from .acts import Acts
from .county import Plan, Slot, agree, content, plan, union

EXAMPLES = os.environ.get("FIELDKIT_LAWS_EXAMPLES", "")
LAWS = settings(
    max_examples=int(EXAMPLES or 12),
    stateful_step_count=25,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

OFTEN = ("errand",) * 6 + ("work", "export", "merge", "tell", "deliver") * 3
SELDOM = ("lie", "drop", "twice", "cut", "turn", "photograph", "restore", "copy")
RARELY = ("backup", "rebuild", "purge")
STORIES = ("rewound", "cloned", "burnt") * 3
HAPPENINGS = OFTEN + SELDOM * 2 + RARELY + STORIES + ("lie",) * 3
"""What may happen, by weight. One rule for all: Hypothesis would leave most of many rules out.

Chance alone seldom puts the steps of a story into their order; so the stories are told whole.
"""

INDEX = st.integers(0, 11)
FILES = st.lists(INDEX, min_size=1, max_size=4)
MOST_COPIES = 2
MOST_FILES = 8
"""As many files are merged in another order at the end."""


@cache
def usual_plan() -> Plan:
    """The county as it begins, set up once."""
    folder = tempfile.TemporaryDirectory(prefix="laws-plan-")
    _FOLDERS.append(folder)
    return plan(Path(folder.name))


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


class CountyMachine(RuleBasedStateMachine):
    """Anything may happen to a county in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.county: Acts
        self.seed = 0
        self.whole = True

    def plan(self) -> Plan:
        """The county to begin with."""
        return usual_plan()

    @initialize(inspectors=st.integers(2, 4), seed=st.integers(0, 2**16), skews=st.booleans())
    def begin(self, inspectors: int, seed: int, skews: bool) -> None:
        """Two to four inspectors, perhaps with wrong clocks."""
        self.county, self.seed = Acts(self.plan(), seed, inspectors), seed
        if skews:
            for slot, hours in zip(self.county.inspectors, (-3, 2, 30, -200), strict=False):
                slot.skew = hours * 60

    @rule(what=st.sampled_from(HAPPENINGS), who=INDEX, which=FILES, at=INDEX, flag=st.booleans())
    def step(self, what: str, who: int, which: list[int], at: int, flag: bool) -> None:
        """One thing happens: to whom, with which files or kinds, where, in which of two ways."""
        self.whole = False
        getattr(self, f"_{what}")(who, which, at, flag)
        self.whole = True

    def _slot(self, who: int) -> Slot:
        return self.county.slots[who % len(self.county.slots)]

    def _office(self, who: int) -> Slot:
        return self.county.offices[who % len(self.county.offices)]

    def _inspector(self, who: int) -> Slot:
        return self.county.inspectors[who % len(self.county.inspectors)]

    def _picked(self, which: list[int]) -> list[Path]:
        """Files from the stick, counted from the newest."""
        stick = self.county.stick[::-1]
        return list(dict.fromkeys(stick[it % len(stick)] for it in which)) if stick else []

    def _work(self, who: int, which: list[int], at: int, _flag: bool) -> None:
        self.county.work(self._slot(who), [it % 4 for it in which], at)

    def _errand(self, who: int, which: list[int], at: int, told: bool) -> None:
        """Somebody works, seals it, and takes it to the office with some of what lay about."""
        slot, county = self._slot(who), self.county
        if not slot.above:
            return
        county.work(slot, [it % 4 for it in which[:2]], at)
        paths = [it.path for it in county.export(slot)]
        if at % 4 == 0:
            # A volume, or all of it, is left on the desk.
            paths = paths[: at // 4]
        office = county.office(slot.above)
        county.merge(office, list(dict.fromkeys([*paths, *self._picked(which[1:])])))
        if told:
            county.deliver(county.give(office, slot.device), slot)

    def _export(self, who: int, _which: list[int], _at: int, _flag: bool) -> None:
        self.county.export(self._slot(who))

    def _merge(self, who: int, which: list[int], _at: int, stray: bool) -> None:
        """A courier hands files to an office, the right one or not."""
        paths = self._picked(which)
        if paths:
            right = self.county.office(self.county.files[paths[0]].office)
            self.county.merge(self._office(who) if stray else right, paths)

    def _drop(self, _who: int, which: list[int], _at: int, _flag: bool) -> None:
        for path in self._picked(which):
            self.county.drop(path)

    def _twice(self, _who: int, which: list[int], _at: int, _flag: bool) -> None:
        for path in self._picked(which[:1]):
            self.county.twice(path)

    def _cut(self, who: int, which: list[int], at: int, _flag: bool) -> None:
        for path in self._picked(which[:1]):
            self.county.damage(path, 331 * at + 7 * who, cut=True)

    def _turn(self, who: int, which: list[int], at: int, _flag: bool) -> None:
        for path in self._picked(which[:1]):
            self.county.damage(path, 331 * at + 7 * who, cut=False)

    def _lie(self, who: int, which: list[int], _at: int, _flag: bool) -> None:
        """A device seals what must not be believed; it goes to the office among other files."""
        slot = self._inspector(who)
        bad = hostile.seal(self.county, slot, hostile.KINDS[which[0] % len(hostile.KINDS)])
        sound = [it.path for it in self.county.export(slot)]
        paths = [bad, *sound, *(it for it in self._picked(which[1:]) if it not in (bad, *sound))]
        self.county.merge(self.county.office(slot.above), paths)

    def _tell(self, who: int, which: list[int], _at: int, _flag: bool) -> None:
        """An office writes a receipt for one of its devices."""
        office = self._office(who)
        below = sorted({it.device for it in self.county.slots if it.above == office.office})
        if below:
            self.county.give(office, below[which[0] % len(below)])

    def _deliver(self, who: int, which: list[int], at: int, _flag: bool) -> None:
        """A letter arrives, late or again, now and then at the wrong home."""
        if self.county.letters:
            letter = self.county.letters[-1 - which[0] % len(self.county.letters)]
            homes = [it for it in self.county.slots if at == 0 or it.device == letter.device]
            self.county.deliver(letter, homes[who % len(homes)])

    def _purge(self, who: int, _which: list[int], _at: int, _flag: bool) -> None:
        self.county.purge(self._inspector(who))

    def _photograph(self, who: int, _which: list[int], _at: int, _flag: bool) -> None:
        self.county.photograph(self._slot(who))

    def _restore(self, who: int, which: list[int], at: int, disk: bool) -> None:
        """A computer comes back from an image, whole or only its home."""
        slots = [it for it in self.county.slots if it.name in self.county.images]
        if slots:
            slot = slots[who % len(slots)]
            self.county.restore(slot, which[0], disk=disk, told=at % 2 == 0)

    def _copy(self, who: int, _which: list[int], _at: int, disk: bool) -> None:
        """A home goes on as two."""
        if len(self.county.slots) < len(self.plan().slots) + MOST_COPIES:
            self.county.copied(self._inspector(who), disk=disk)

    def _backup(self, who: int, _which: list[int], _at: int, _flag: bool) -> None:
        self.county.backup(self._office(who))

    def _rebuild(self, who: int, _which: list[int], _at: int, _flag: bool) -> None:
        """An office burns and comes back from its copies."""
        slots = [it for it in self.county.offices if self.county.copies(it.office).events]
        if slots:
            self.county.rebuild(slots[who % len(slots)])

    def _rewound(self, who: int, which: list[int], at: int, disk: bool) -> None:
        """A laptop works on after it came back from an image that was older than its errand."""
        slot = self._inspector(who)
        self.county.photograph(slot)
        self._errand(self.county.slots.index(slot), which, at, at % 2 == 0)
        self.county.restore(slot, -1, disk=disk)
        self._errand(self.county.slots.index(slot), which[::-1], at + 1, at % 3 > 0)

    def _cloned(self, who: int, which: list[int], at: int, disk: bool) -> None:
        """A laptop and its copy both work, and both bring it in."""
        slot = self._inspector(who)
        self._copy(who, which, at, disk)
        twin = self.county.inspectors[0]
        for one in (slot, twin, slot):
            self._errand(self.county.slots.index(one), which, at + 1, at % 3 > 0)

    def _burnt(self, who: int, which: list[int], at: int, image: bool) -> None:
        """An office loses what came after its last copy, and people work on, told of it or not."""
        slot = self._inspector(who)
        office = self.county.office(slot.above)
        errand = partial(self._errand, self.county.slots.index(slot), which)
        errand(at, True)
        if image:
            self.county.photograph(office)
        else:
            self.county.backup(office)
        errand(at + 1, True)
        if image:
            self.county.restore(office, -1, disk=at % 2 == 0)
        elif self.county.copies(office.office).events:
            self.county.rebuild(office)
        errand(at + 2, at % 3 > 0)

    def teardown(self) -> None:
        """Whatever happened: order does not matter, everything arrives, and all homes are sound."""
        if not hasattr(self, "county"):
            return
        try:
            if self.whole:
                self.order_does_not_matter()
                self.county.settle()
                self.everything_has_arrived()
                self.all_is_sound()
        finally:
            self.county.close()

    def order_does_not_matter(self) -> None:
        """The files an office took in, in two other orders and groupings: one state."""
        chance = random.Random(self.seed)
        offices = sorted(self.county.accepted, key=lambda it: len(set(self.county.accepted[it])))
        for office in offices[-2:]:
            files = list(dict.fromkeys(self.county.accepted[office]))
            files = chance.sample(files, min(len(files), MOST_FILES))
            expected = union(self.county.files[path].content for path in files)
            digests = set()
            for group in (None, 1):
                chance.shuffle(files)
                cut = chance.randrange(len(files) + 1)
                with self.untouched(office) as ws:
                    for part in (files[:cut], files[cut:]):
                        assert not merging.merge(ws, part, group_events=group).rejected
                    agree("untouched", content(ws), expected)
                    assert ws.store.verify() == []
                    digests.add(ws.store.state_digest())
                    with self.folded(list(ws.store.events())) as store:
                        digests.add(store.state_digest())
            assert len(digests) == 1

    def untouched(self, office: str) -> Workspace:
        """An office's home as it was before anything came."""
        folder = self.county.folder / f"untouched-{self.county.number()}"
        before = next(it for it in self.plan().slots if it.office == office)
        shutil.copytree(before.home, folder / "home")
        os.environ["FIELDKIT_STATE"] = str(folder / "state")
        return Workspace.open(folder / "home")

    def everything_has_arrived(self) -> None:
        """The county holds what any home holds, and its state is that of those events."""
        county = self.county.offices[-1]
        everything = union(it.held for it in self.county.slots)
        agree(county.name, county.held, everything)
        lines = []
        for slot in self.county.slots:
            with self.county.at(slot) as ws:
                lines += list(ws.store.events())
        random.Random(self.seed).shuffle(lines)
        with self.folded(lines) as store, self.county.at(county) as ws:
            assert store.state_digest() == ws.store.state_digest()

    def all_is_sound(self) -> None:
        """No home has a fault, and making its state anew changes nothing."""
        for slot in self.county.slots:
            with self.county.at(slot) as ws:
                assert ws.store.verify() == []
                digest = ws.store.state_digest()
                ws.store.rebuild()
                assert ws.store.state_digest() == digest
                assert not list(ws.evidence.problems())

    @contextmanager
    def folded(self, events: list[Event]) -> Iterator[Store]:
        """An empty store that takes these events in at once."""
        folder = self.county.folder / f"folded-{self.county.number()}"
        folder.mkdir()
        store = Store(folder, "f" * 32, lambda: 1_795_000_000_000)
        try:
            store.ingest(events)
            yield store
        finally:
            store.close()


TestMergeLaws = CountyMachine.TestCase
TestMergeLaws.settings = LAWS
