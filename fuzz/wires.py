"""Devices hand in over lines that break in every way, to a receiver that is killed and restarted.

    python fuzz/wires.py --minutes 10
    python fuzz/wires.py --round 17         # one round again: same seed, same faults

In each round some devices bring volumes of many sizes and fetch their letters, over plain HTTP or
TLS, through a proxy that cuts, stalls, doubles and garbles; every few seconds the receiver is
killed (SIGKILL). Then the line is mended, and all must come to rest. What must hold: a put that
returned is on the disk from then on, whole, whatever happens afterwards; in the end every volume
is there, nothing else is, none arrived twice, and every letter was fetched as it was written.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
for place in (str(ROOT), str(ROOT / "sync")):
    if place not in sys.path:
        sys.path.insert(0, place)

from fieldkit_sync.errors import Refusal  # noqa: E402
from fieldkit_sync.identity import Identity  # noqa: E402
from fieldkit_sync.wires.base import AGAIN, Volume  # noqa: E402
from fieldkit_sync.wires.bringing import bring  # noqa: E402
from fieldkit_sync.wires.folder import Folder  # noqa: E402
from fieldkit_sync.wires.http_client import Http  # noqa: E402
from fuzz.wires_world import Server, devices, sealed, wire  # noqa: E402
from tests.wires.chaos_proxy import ChaosProxy, Faults  # noqa: E402

#: Seconds in which all must be across once the line is whole.
REST = 120.0
LIMITS = {"idle": 2.0, "rate": 100_000.0}
GUARD = {"head": 2.0, "stuck": 3.0}


@dataclass(slots=True)
class Round:
    """What came of a round; ``wrong`` says what did not hold."""

    seed: int
    tls: bool
    volumes: int = 0
    bytes: int = 0
    kills: int = 0
    tries: int = 0
    told: Counter[str] = field(default_factory=Counter)
    gave_up: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class _Device:
    """Brings its volumes and fetches its letters, as a person would who presses again."""

    def __init__(self, me: Identity, server: Server, folder: Path, seed: int) -> None:
        self.me, self.server = me, server
        self.chance = Random(seed)
        self.out, self.there = folder / f"{me.device}-out", folder / f"{me.device}-in"
        self.out.mkdir()
        self.there.mkdir()
        self.volumes: list[Volume] = []
        self.acknowledged: list[Volume] = []
        self.letters: list[Volume] = []
        self.fetched: set[str] = set()
        self.tries = 0
        self.gave_up: Counter[str] = Counter()
        self.broken: str = ""
        self._line: Http | None = None

    def work(self, port: int, more: threading.Event, until: float) -> None:
        """New volumes until ``more`` is set, then until everything is across."""
        try:
            while not more.is_set():
                size = int(200 * 2 ** (self.chance.random() * 14))
                if self.chance.random() < 0.3:
                    # One of many alike: an answer to another might be taken for its own.
                    size = 500
                self.volumes.append(sealed(self.out, self.chance, size))
                self._bring(self.volumes[-1], port, until)
                self._fetch(port, until)
            for one in self.letters:
                while one.name not in self.fetched and time.monotonic() < until:
                    self._fetch(port, until)
        except Exception as error:
            self.broken = f"{type(error).__name__}: {error}"
        finally:
            self._hang_up()

    def _bring(self, one: Volume, port: int, until: float) -> None:
        while time.monotonic() < until:
            self.tries += 1
            # Mostly the same connection carries one volume after another.
            if self._line is None or self.chance.random() < 0.1:
                self._hang_up()
                self._line = wire(self.server, self.me, port)
            try:
                bring(self._line, [one], patience=5.0, sleep=lambda s: time.sleep(s / 10))
            except Refusal as refusal:
                self.gave_up[f"{refusal.code}: {refusal.detail[:60]}"] += 1
                time.sleep(0.05)
            else:
                self.acknowledged.append(one)
                return

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _fetch(self, port: int, until: float) -> None:
        line = wire(self.server, self.me, port)
        try:
            for lying in line.list(self.me.device):
                if lying.name not in self.fetched:
                    line.get(lying.name, self.me.device, self.there)
                    self.fetched.add(lying.name)
        except Refusal as refusal:
            if refusal.code not in AGAIN:
                self.gave_up[f"letters {refusal.code}: {refusal.detail[:60]}"] += 1
        finally:
            line.close()


def one_round(
    seed: int, seconds: float, folder: Path, count: int = 6, faults: Faults | None = None
) -> Round:
    """One receiver, one proxy, some devices; the seed chooses the faults where none are given."""
    chance = Random(seed)
    done = Round(seed, tls=bool(seed % 2))
    server = Server(folder, devices(count), tls=done.tls, limits=LIMITS, guard=GUARD)
    line = ChaosProxy(server.port, faults or _faults(chance), seed)
    all_of_them = [
        _Device(me, server, folder, seed * 100 + n) for n, me in enumerate(devices(count))
    ]
    for one in all_of_them:
        for _number in range(3):
            letter = sealed(folder, chance, int(200 * 2 ** (chance.random() * 11)))
            Folder(server.spool).put(letter, one.me.device)
            one.letters.append(letter)
    more, until = threading.Event(), time.monotonic() + seconds + REST
    threads = [
        threading.Thread(target=one.work, args=(line.port, more, until)) for one in all_of_them
    ]
    try:
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, chance.uniform(0.3, 4.0)))
            sure = [it for one in all_of_them for it in list(one.acknowledged)]
            server.kill()
            done.kills += 1
            done.wrong += [f"{it.name} was acknowledged and is lost" for it in _lost(server, sure)]
            time.sleep(chance.random() * 0.3)
            server.start()
        line.faults = Faults()
        more.set()
        for thread in threads:
            thread.join(REST + 30)
        server.stop()
    finally:
        more.set()
        line.close()
        server.kill()
    _judge(done, server, all_of_them)
    done.told = line.told
    return done


def _faults(chance: Random) -> Faults:
    """Some lines are bad in one way, some in all."""

    def some(most: float) -> float:
        return most * chance.random() if chance.random() < 0.7 else 0.0

    return Faults(
        cut=some(0.05), stall=some(0.02), stall_seconds=5.0 * chance.random(), double=some(0.02),
        garble=some(0.02), refuse=some(0.2),
    )  # fmt: skip


def _lost(server: Server, sure: list[Volume]) -> list[Volume]:
    return [it for it in sure if not _is(server.spool / it.name, it)]


def _is(path: Path, one: Volume) -> bool:
    with suppress(FileNotFoundError):
        return hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256
    return False


def _judge(done: Round, server: Server, all_of_them: list[_Device]) -> None:
    wanted = [it for one in all_of_them for it in one.volumes]
    done.volumes, done.bytes = len(wanted), sum(it.size for it in wanted)
    names = {it.name for it in wanted}
    for one in all_of_them:
        done.tries += one.tries
        done.gave_up += one.gave_up
        if one.broken:
            done.wrong.append(f"a device broke: {one.broken}")
        for letter in one.letters:
            if not _is(one.there / letter.name, letter):
                done.wrong.append(f"letter {letter.name} was not fetched")
        if len(one.acknowledged) != len(one.volumes):
            done.wrong.append("not everything came to rest")
    done.wrong += [f"{it.name} is not there" for it in _lost(server, wanted)]
    there = {path.name for path in server.spool.glob("*.age")}
    done.wrong += [f"{name} is there and was never sent" for name in sorted(there - names)]
    arrived = Counter(server.arrivals())
    done.wrong += [f"{name} arrived {n} times" for name, n in arrived.items() if n > 1]
    # Between the name and the note of it a kill may fall; a restarted office merges all that lies.
    if len(names - set(arrived)) > done.kills:
        done.wrong.append(f"{len(names - set(arrived))} arrivals were not told")


def main(argv: list[str] | None = None) -> int:
    """Rounds until the time is over; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=20.0, help="faults of one round")
    parser.add_argument("--seed", type=int, default=0, help="number of the first round")
    parser.add_argument("--round", type=int, help="this round alone")
    asked = parser.parse_args(argv)
    end, seed, failed = time.monotonic() + asked.minutes * 60, asked.seed, False
    if asked.round is not None:
        end, seed = 0.0, asked.round
    print(f"{'round':>5} {'line':<5}{'volumes':>8}{'MB':>7}{'kills':>6}{'tries':>7}  what befell")
    while True:
        with tempfile.TemporaryDirectory(prefix="wires-") as folder:
            done = one_round(seed, asked.seconds, Path(folder))
        befell = " ".join(f"{name} {n}" for name, n in sorted(done.told.items())
                          if name not in ("up", "down"))  # fmt: skip
        gave_up = " ".join(f"{name} {n}" for name, n in sorted(done.gave_up.items()))
        print(f"{seed:>5} {'tls' if done.tls else 'plain':<5}{done.volumes:>8}"
              f"{done.bytes / 1e6:>7.1f}{done.kills:>6}{done.tries:>7}  {befell}"
              f"{'; gave up: ' + gave_up if gave_up else ''}", flush=True)  # fmt: skip
        for wrong in done.wrong:
            failed = True
            print(f"  {wrong}\n    python fuzz/wires.py --round {seed}", flush=True)
        seed += 1
        if time.monotonic() >= end:
            return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
