"""Labels: what stands on them, and which place a scanned or typed text means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.work import Workspace, labels, sites

HEAD = "kind,code,name,parent,division,grid,address,floor,registered"


def test_a_label_says_its_code_and_nothing_else(town: Workspace) -> None:
    """No name, no address, no link."""
    assert labels.payload(sites.find(town, "TF-3")) == "FK:TF-3"


@pytest.mark.parametrize(
    "text",
    [
        "FK:TF-3",
        "FK:TF-3\r",
        "FK:TF-3\r\n",
        "\ufeffFK:TF-3\t",
        "fk:tf-3",
        "fK:Tf-3",
        "ＦＫ：ＴＦ－３",
        " FK: TF-3 ",
        "TF-3",
        "tf-3",
        "ＴＦ－３\r",
    ],
)
def test_a_scan_finds_its_place(town: Workspace, text: str) -> None:
    """However the scanner or the hand wrote it."""
    assert labels.resolve(town, text).code == "TF-3"


@pytest.mark.parametrize("text", ["", "FK:", "FK:\r", "TF-", "FK:TF-33", "FK:" + "9" * 100, "栋"])
def test_what_is_no_label(town: Workspace, text: str) -> None:
    """One Problem with a mend; a search line just finds nothing."""
    with pytest.raises(Problem) as caught:
        labels.resolve(town, text)
    assert caught.value.code == "unknown-site"
    assert labels.meant(town, text) is None


def test_a_code_without_prefix_is_no_search_through_the_register(town: Workspace) -> None:
    """Mixed case is understood behind the prefix only."""
    path = Path(town.home) / "more.csv"
    path.write_text(f"{HEAD}\ncourier,Kd9x,甲,990100000001,,,,,\n", "utf-8")
    assert sites.import_register(town, path).rejected == ()
    assert labels.meant(town, "kD9x") is None
    assert labels.resolve(town, "FK:kD9x").code == "Kd9x"


def test_codes_that_differ_in_case_alone(town: Workspace) -> None:
    """The exact one counts; where neither is exact, the person decides."""
    path = Path(town.home) / "more.csv"
    path.write_text(
        f"{HEAD}\ncourier,Kd9,甲,990100000001,,,,,\ncourier,kD9,乙,990100000001,,,,,\n",
        "utf-8",
    )
    assert sites.import_register(town, path).rejected == ()
    assert labels.resolve(town, "FK:Kd9").name == "甲"
    assert labels.resolve(town, "FK:kD9").name == "乙"
    with pytest.raises(Problem) as caught:
        labels.resolve(town, "FK:KD9")
    assert caught.value.code == "ambiguous-site"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
def test_any_text_gives_a_place_or_a_problem(town: Workspace, text: str) -> None:
    """Nothing a scanner can send raises anything else."""
    for tried in (text, f"FK:{text}"):
        try:
            said = labels.resolve(town, tried).code
        except Problem as problem:
            said = problem.sentence()
        assert said
        assert "\n" not in said
