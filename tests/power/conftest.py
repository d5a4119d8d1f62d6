"""What the power tests share: a clock that stands still, a small journal, its checks."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One moment for every test, and notes outside the homes in a folder of its own."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_HOME", raising=False)
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
