"""A large volume over a line that is cut every few seconds: how much goes across twice.

    python fuzz/wires_resume.py                          # 256 MiB, 8 MB/s, a cut every 5 s
    python fuzz/wires_resume.py --mib 32 --rate 1e6 --tls

All bytes are counted that devices send onto the line, requests' heads and greetings included.
Exit 1 where more than ``--most`` percent of the volume went twice, or where it did not arrive.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
for place in (str(ROOT), str(ROOT / "sync")):
    if place not in sys.path:
        sys.path.insert(0, place)

from fieldkit_sync.deliver import digest  # noqa: E402
from fieldkit_sync.wires.bringing import Step, bring  # noqa: E402
from fuzz.wires_world import Server, devices, sealed, wire  # noqa: E402
from tests.wires.chaos_proxy import ChaosProxy, Faults  # noqa: E402


def main(argv: list[str] | None = None) -> int:
    """Bring one volume across; 1 where too much went twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=float, default=256.0, help="size of the volume")
    parser.add_argument("--rate", type=float, default=8e6, help="bytes a second")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between cuts")
    parser.add_argument("--most", type=float, default=1.0, help="percent that may go twice")
    parser.add_argument("--tls", action="store_true")
    asked = parser.parse_args(argv)
    (me,) = devices(1)
    with tempfile.TemporaryDirectory(prefix="resume-") as name:
        folder = Path(name)
        one = sealed(folder, Random(1), int(asked.mib * 1024 * 1024))
        server = Server(folder, [me], tls=asked.tls)
        line = ChaosProxy(server.port, Faults(every=asked.every, rate=asked.rate))
        began, said = time.monotonic(), 0.0

        def watch(step: Step) -> None:
            nonlocal said
            if step.size and time.monotonic() - said > 5:
                said = time.monotonic()
                print(f"  {said - began:6.1f} s: {step.bytes * 100 / step.size:5.1f} %, "
                      f"{line.told['cuts']} cuts", flush=True)  # fmt: skip

        try:
            done = bring(wire(server, me, line.port, 30.0), [one], watch=watch)
            whole = digest(server.spool / one.name) == one.sha256
        finally:
            line.close()
            server.stop()
        twice = line.told["up"] / one.size - 1
        print(f"{one.size / 1e6:.1f} MB in {time.monotonic() - began:.1f} s over "
              f"{line.told['connections']} connections, {line.told['cuts']} cuts: "
              f"{'whole' if whole else 'NOT WHOLE'}; on the line {twice:.3%} more than the volume; "
              f"written by the device {done.bytes / one.size - 1:.3%} more")  # fmt: skip
        return 0 if whole and twice * 100 <= asked.most else 1


if __name__ == "__main__":
    sys.exit(main())
