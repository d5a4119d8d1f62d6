"""Item types: one file each, found by being here.

``of("ratio")`` gives the type by which an item is read, judged and put into words. A new type
is a new file in this folder with a subclass of `ItemType`, its parameters in the schema, and a
test.
"""

from __future__ import annotations

import importlib
import os
from functools import cache

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from .base import REGISTRY, Context, ItemType, Param, Unreadable, Verdict

__all__ = ["Context", "ItemType", "Param", "Unreadable", "Verdict", "kind", "of", "types"]


@cache
def types() -> dict[str, ItemType]:
    """Every item type by its name in the YAML."""
    for name in _modules():
        importlib.import_module(f"{__name__}.{name}")
    return dict(sorted(REGISTRY.items()))


def _modules() -> list[str]:
    try:
        files = sorted(os.listdir(__path__[0]))
    except OSError:
        # Inside an archive; what lists that costs more than a short command has to spare.
        import pkgutil

        return [module.name for module in pkgutil.iter_modules(__path__)]
    return [name[:-3] for name in files if name.endswith(".py") and name != "__init__.py"]


def of(name: str) -> ItemType:
    """The type of that name; Problem ``unknown-item-type`` when this version has none."""
    try:
        return types()[name]
    except KeyError:
        raise Problem(
            "unknown-item-type",
            _("不认识题型“{name}”").format(name=name[:40]),
            mend=_("请升级 fieldkit。"),
        ) from None


kind = of
