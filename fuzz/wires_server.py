"""A receiver in a process of its own, to be killed: its order is one line of JSON on stdin."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sync"))

from fieldkit_sync.wires.http_limits import Limits
from fieldkit_sync.wires.http_serve import Guard, Serving
from fieldkit_sync.wires.http_server import Receiver
from fieldkit_sync.wires.spool import Spool, Upload


def main() -> None:
    """Serve until killed; a line ``ready PORT`` once it listens, and a note of what arrived."""
    order = json.loads(sys.stdin.readline())
    book = os.open(order["arrivals"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def arrived(device: str, wanted: Upload) -> None:
        os.write(book, f"{wanted.name}\n".encode())

    receiver = Receiver(
        Spool(Path(order["root"]), room=0),
        order["office"],
        order["keys"].get,
        limits=Limits(**order.get("limits", {})),
        arrived=arrived,
    )
    certificate = order.get("certificate")
    serving = Serving(
        receiver.app(),
        port=order.get("port", 0),
        certificate=Path(certificate) if certificate else None,
        key=Path(order["key"]) if certificate else None,
        guard=Guard(**order.get("guard", {})),
    )
    serving.run(lambda: print(f"ready {serving.port}", flush=True))


if __name__ == "__main__":
    main()
