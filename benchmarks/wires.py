"""What receiving over HTTP costs, as ratios to files that are written and synced by hand.

A receiver in a process of its own, devices in others, over loopback. Each bundle has the size of a
real one of 250 answers; the baseline writes as many files of that size with fsync, rename and fsync
of the folder, right before. Prints medians of the rounds; asserts nothing. See README.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
for place in (str(ROOT), str(ROOT / "sync")):
    if place not in sys.path:
        sys.path.insert(0, place)

from fieldkit_sync.identity import Identity  # noqa: E402
from fieldkit_sync.wires.base import Volume  # noqa: E402
from fieldkit_sync.wires.bringing import bring  # noqa: E402
from fuzz.wires_world import Server, devices, wire  # noqa: E402

STEPS = Path(__file__).with_name("merge_steps.py")
LIMITS = {"rate": 100_000.0}
PROCESSES = 2

Work = tuple[Identity, list[Volume]]


def real_size(folder: Path) -> int:
    """Bytes of a sealed bundle of 250 answers, as the made-up fleet writes it."""
    order = {"out": str(folder / "fleet"), "devices": 1, "visits": 249, "seed": 1}
    subprocess.run([sys.executable, str(STEPS), "fleet"], input=json.dumps(order), text=True,
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    (bundle,) = (folder / "fleet").glob("*.age")
    return bundle.stat().st_size


def many(folder: Path, count: int, size: int) -> list[Volume]:
    """So many different files of that size; a wire never looks inside."""
    found = []
    for _number in range(count):
        raw = os.urandom(size)
        sha256 = hashlib.sha256(raw).hexdigest()
        path = folder / f"{sha256[:16]}.fkb.zip.age"
        path.write_bytes(raw)
        found.append(Volume(path, path.name, size, sha256))
    return found


def synced(folder: Path, volumes: Sequence[Volume], threads: int) -> float:
    """Seconds in which plain code makes copies of them durable, so many at a time."""
    target = Path(tempfile.mkdtemp(dir=folder))
    raws = [one.path.read_bytes() for one in volumes]

    def write(share: range) -> None:
        for number in share:
            part = target / f"{number}.part"
            with part.open("wb") as out:
                out.write(raws[number])
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, target / str(number))
            handle = os.open(target, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    shares = [range(n, len(raws), threads) for n in range(threads)]
    return timed([lambda share=share: write(share) for share in shares])  # type: ignore[misc]


def timed(acts: Sequence[Callable[[], object]]) -> float:
    """Seconds until all are done, each in a thread."""
    running = [threading.Thread(target=act) for act in acts]
    start = time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return time.perf_counter() - start


def handed_in(server: Server, work: Sequence[Work]) -> tuple[float, list[float]]:
    """All devices at once, each over its own connection: seconds in all, and of each bundle."""
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(PROCESSES + 1)
    results = context.SimpleQueue()

    def act(share: Sequence[Work]) -> None:
        took: list[float] = []

        def device(me: Identity, volumes: list[Volume]) -> None:
            line = wire(server, me, server.port, 60.0)
            for one in volumes:
                start = time.perf_counter()
                bring(line, [one])
                took.append(time.perf_counter() - start)
            line.close()

        ready.wait()
        timed([lambda it=it: device(*it) for it in share])  # type: ignore[misc]
        results.put(took)

    shares = [work[n::PROCESSES] for n in range(PROCESSES)]
    running = [context.Process(target=act, args=(share,)) for share in shares if share]
    for _empty in range(PROCESSES - len(running)):
        threading.Thread(target=ready.wait).start()
    for one in running:
        one.start()
    ready.wait()
    start = time.perf_counter()
    took = [second for _one in running for second in results.get()]
    seconds = time.perf_counter() - start
    for one in running:
        one.join()
    wanted = [it for _me, volumes in work for it in volumes]
    lost = [it.name for it in wanted if not (server.spool / it.name).exists()]
    if len(took) != len(wanted) or lost:
        raise SystemExit(f"{len(wanted) - len(took)} were not handed in, {len(lost)} are not there")
    return seconds, took


def slow(port: int, count: int, told: Any, over: Any) -> None:
    """Hold so many connections that begin a request and send a letter now and then."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    chosen = selectors.DefaultSelector()

    def dial() -> None:
        line = socket.create_connection(("127.0.0.1", port), timeout=30)
        line.sendall(b"GET /v1 HTTP/1.1\r\nX-Slow: ")
        line.setblocking(False)
        chosen.register(line, selectors.EVENT_READ)

    for _number in range(count):
        dial()
    told.value = count
    again, beat = 0, time.monotonic()
    while not over.is_set():
        for key, _events in chosen.select(0.2):
            # The receiver hung up; it is held to its word.
            chosen.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
            with suppress(OSError):
                dial()
                again += 1
        if time.monotonic() - beat > 3:
            beat = time.monotonic()
            for key in list(chosen.get_map().values()):
                with suppress(OSError):
                    key.fileobj.send(b"x")  # type: ignore[union-attr]
        told.value = len(chosen.get_map())


def memory(pid: int) -> float:
    """MB of a process, what it shares counted in parts; 0 where the system does not tell."""
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.split("\nPss:")[1].split()[0]) / 1024
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of processor time of a process; 0 where the system does not tell."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Bench:
    """One receiver, and what is measured on it round by round."""

    def __init__(self, folder: Path, people: int, each: int, size: int) -> None:
        self.folder, self.each, self.size = folder, each, size
        self.people = devices(people)
        self.server = Server(folder, self.people, limits=LIMITS)
        self.pid = self.server.process.pid

    def work(self, people: int, each: int) -> list[Work]:
        """Fresh bundles for so many devices."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        return [(me, many(place, each, self.size)) for me in self.people[:people]]

    def one_round(self, people: int, each: int) -> dict[str, float]:
        """The baselines, then the devices."""
        work = self.work(people, each)
        volumes = [it for _me, several in work for it in several]
        one, eight = (len(volumes) / synced(self.folder, volumes, n) for n in (1, 8))
        spent = cpu(self.pid)
        seconds, took = handed_in(self.server, work)
        took.sort()
        return {
            "one": one,
            "eight": eight,
            "ours": len(volumes) / seconds,
            "cpu_ms": (cpu(self.pid) - spent) / len(volumes) * 1000,
            "p50_ms": statistics.median(took) * 1000,
            "p99_ms": took[len(took) * 99 // 100] * 1000,
            "pss_mb": memory(self.pid),
        }

    def rounds(self, label: str, people: int, each: int, rounds: int) -> dict[str, float]:
        """Medians of some rounds, printed as ratios."""
        found = [self.one_round(people, each) for _round in range(rounds)]
        said = {name: statistics.median(one[name] for one in found) for name in found[0]}
        said["ratio_one"] = statistics.median(one["ours"] / one["one"] for one in found)
        said["ratio_eight"] = statistics.median(one["ours"] / one["eight"] for one in found)
        print(f"{label}: {said['ratio_one']:.2f} x plain files by one writer, "
              f"{said['ratio_eight']:.2f} x by eight; {said['ours']:.0f} bundles/s against "
              f"{said['one']:.0f} and {said['eight']:.0f} files/s\n"
              f"    a bundle: p50 {said['p50_ms']:.0f} ms, p99 {said['p99_ms']:.0f} ms, "
              f"{said['cpu_ms']:.2f} ms of the receiver's CPU; receiver {said['pss_mb']:.0f} MB; "
              f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        return said


def main() -> None:
    """One device, many devices, many devices among many more slow connections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--each", type=int, default=4, help="bundles of a device")
    parser.add_argument("--slow", type=int, default=10_000, help="slow connections")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="a smoke test")
    parser.add_argument("--cache", type=Path, help="a folder on the disk that matters")
    parser.add_argument("--json", type=Path, help="write all numbers to this file, on one line")
    given = parser.parse_args()
    people, each, crowd, rounds = given.devices, given.each, given.slow, given.rounds
    if given.small:
        people, each, crowd, rounds = 20, 2, 200, 1
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="wires-", dir=given.cache) as name:
        folder = Path(name)
        os.environ["FIELDKIT_STATE"] = str(folder / "state")
        size = real_size(folder)
        print(f"bundles of 250 answers: {size} bytes; {os.cpu_count()} CPUs for all")
        bench = Bench(folder, people, each, size)
        idle = memory(bench.pid)
        context = multiprocessing.get_context("fork")
        told, over = context.Value("i", 0), context.Event()
        helper = context.Process(target=slow, args=(bench.server.port, crowd, told, over))
        try:
            said: dict[str, Any] = {
                "size": size,
                "idle_mb": idle,
                "alone": bench.rounds("one device", 1, min(500, people * each), rounds),
                "many": bench.rounds(f"{people} devices at once", people, each, rounds),
            }
            helper.start()
            while told.value < crowd and helper.is_alive():
                time.sleep(0.1)
            held = memory(bench.pid)
            label = f"{people} devices among {told.value} slow connections"
            said["crowded"] = bench.rounds(label, people, each, rounds)
            said["crowd"], said["crowd_mb"] = told.value, held
            before = said["many"]
            print(f"    still {told.value} slow ones; "
                  f"{said['crowded']['ours'] / before['ours']:.2f} x as many bundles a second "
                  f"as without them")  # fmt: skip
            print(f"receiver: {idle:.0f} MB at the start, {before['pss_mb']:.0f} MB after the "
                  f"devices, {held:.0f} MB with the slow connections "
                  f"({(held - before['pss_mb']) * 1024 / crowd:.1f} KB each)")  # fmt: skip
        finally:
            over.set()
            if helper.pid is not None:
                helper.join(20)
                if helper.is_alive():
                    helper.kill()
            bench.server.kill()
    if given.json is not None:
        given.json.write_text(json.dumps(said) + "\n", "utf-8")


if __name__ == "__main__":
    main()
