"""What every run shares: in CI a skipped test is a failure, because CI installs what tests need."""

from __future__ import annotations

import os

import pytest


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
