"""What every run shares: in CI a skipped test is a failure, because CI installs what tests need."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_state() -> Iterator[None]:
    """Notes outside the homes go to a folder of this run, never to the user's own."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-state-") as folder:
        before = os.environ.get("FIELDKIT_STATE")
        os.environ["FIELDKIT_STATE"] = folder
        yield
        if before is None:
            del os.environ["FIELDKIT_STATE"]
        else:
            os.environ["FIELDKIT_STATE"] = before


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A run in the background ignores Ctrl-C, and so would the programs that tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run in which anything was skipped, naming how many."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("FIELDKIT_CI") or reporter is None:
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and session.exitstatus == 0:
        reporter.write_line(f"{len(skipped)} skipped: in CI nothing may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
