"""Writes the vectors of the ferry's layers: ``python -m tests.ferry.make``. Never over old ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fieldkit_sync.ferry import base45, fountain, frame, plan
from fieldkit_sync.ferry.send import Stream
from fieldkit_sync.ferry.whiten import whiten

FOLDER = Path(__file__).parent / "vectors"


def payload(length: int) -> bytes:
    """Bytes that anybody can make again: SHAKE-256 of their number."""
    return hashlib.shake_256(str(length).encode()).digest(length)


def vectors() -> dict[str, Any]:
    """Every layer's inputs and outputs, by the name of its file."""
    texts = [b"", b"\x00", b"AB", b"Hello!!", b"base-45", b"ietf!", bytes(range(256))]
    transfer = frame.transfer_of(payload(1000))
    stream = Stream(payload(1000), plan.net(5))
    frames = []
    trace = []
    sink = fountain.Sink(1000, transfer, stream.size)
    for n in range(24):
        one = stream.next_frame(plan.net(5))
        raw = frame.write(one)
        if n in (0, 12, 20):
            frames.append(
                {"symbol_id": one.symbol_id, "m": len(one.symbols), "hex": raw.hex(),
                 "text": frame.to_text(raw)}
            )  # fmt: skip
        if n % 3 != 1 and not sink.whole:
            for i, symbol in enumerate(one.symbols):
                sink.take(one.symbol_id + i, symbol)
            trace.append({"symbol_id": one.symbol_id, "rank": sink.rank})
    return {
        "base45": [{"hex": raw.hex(), "text": base45.encode(raw)} for raw in texts],
        "whitening": [
            {"transfer": transfer.hex(), "symbol_id": n, "plain": (b"\x00" * 40).hex(),
             "white": whiten(b"\x00" * 40, transfer, n).hex()}
            for n in (0, 7, 65536)
        ],
        "masks": [
            {"transfer": transfer.hex(), "k": k, "symbol_id": n,
             "mask": f"{fountain.mask(transfer, n, k):x}"}
            for k, n in ((8, 3), (8, 8), (8, 9), (50, 50), (50, 1000), (1000, 70000))
        ],
        "frames": {"length": 1000, "transfer": transfer.hex(), "size": stream.size,
                   "k": stream.k, "frames": frames},
        "trace": {"length": 1000, "size": stream.size, "k": sink.k, "taken": trace,
                  "sha256": hashlib.sha256(sink.payload()).hexdigest()},
        "capacity": [{"version": v, "characters": plan.characters(v), "net": plan.net(v)}
                     for v in (3, 5, 10, 20, 26, 27, 40)],
    }  # fmt: skip


def main() -> None:
    """Write those files that are not there."""
    FOLDER.mkdir(exist_ok=True)
    for name, value in vectors().items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
