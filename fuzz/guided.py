"""Search driven by atheris (libFuzzer), where it is installed: it also sees what is compared."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FunctionType, ModuleType

from fuzz import documents
from fuzz.targets import Target


def there() -> bool:
    """Whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def search(
    chosen: Target, one: Callable[[bytes], None], folder: Path, pool: list[bytes], seed: int
) -> None:
    """Feed ``one`` with inputs until it ends the process.

    What took new steps lies in the folder ``new`` in ``folder`` afterwards.
    """
    # It brings no types, and it need not be there.
    atheris = importlib.import_module("atheris")
    for name in chosen.modules:
        for function in _functions(_module(name)):
            atheris.instrument_func(function)
    (folder / "pool").mkdir()
    (folder / "new").mkdir()
    for number, data in enumerate(pool):
        (folder / "pool" / f"{number:06d}").write_bytes(data)

    def change(data: bytes, most: int, number: int) -> bytes:
        rng = Random(number)
        way = rng.randrange(3)
        if way == 0:
            return bytes(atheris.Mutate(data, most))
        mutator = chosen.change if way == 1 else documents.blind
        try:
            return mutator(rng, data, pool, chosen.tokens)[:most]
        except Exception:
            # A fault of the harness. Left to libFuzzer, the process would not end.
            traceback.print_exc()
            os._exit(3)

    options = {
        "seed": seed + 1,  # 0 would be drawn anew each time.
        "max_len": documents.LIMIT,
        # Both are watched from outside; a time of 0 would not mean none.
        "timeout": 86_400,
        "rss_limit_mb": 0,
        "verbosity": 0,
    }
    arguments = [f"-{key}={value}" for key, value in options.items()]
    folders = [str(folder / "new"), str(folder / "pool")]
    atheris.Setup([sys.argv[0], *arguments, *folders], one, custom_mutator=change)
    atheris.Fuzz()


def _module(name: str) -> ModuleType:
    package = "fuzz" if name == "planted.py" else "fieldkit_sync"
    return importlib.import_module(f"{package}.{name.removesuffix('.py')}")


def _functions(module: ModuleType) -> list[FunctionType]:
    """The functions and methods that a module defines."""
    classes = [it for it in vars(module).values() if isinstance(it, type)]
    values = [value for space in (module, *classes) for value in vars(space).values()]
    found = {id(it): it for it in values if isinstance(it, FunctionType)}
    return [it for it in found.values() if it.__module__ == module.__name__]
