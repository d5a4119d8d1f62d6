"""Cohen's kappa, exactly."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.agreement import OPEN, agreement

RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["pass", "fail", "na", "=7"]), st.sampled_from(["pass", "fail", "na"])
    ),
    max_size=12,
)


def two(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Both records of a list of pairs."""
    one = {f"A{n}": a for n, (a, _b) in enumerate(pairs)}
    return one, {f"A{n}": b for n, (_a, b) in enumerate(pairs)}


@given(RECORDS)
def test_kappa_s_laws(pairs: list[tuple[str, str]]) -> None:
    """Symmetric, within -1..1, and 1 exactly where everything is equal."""
    one, other = two(pairs)
    found, turned = agreement(one, other), agreement(other, one)
    assert (found.kappa, found.agreement) == (turned.kappa, turned.agreement)
    assert [(i, b, a) for i, a, b in found.differences] == list(turned.differences)
    assert found.items - found.agreed == len(found.differences)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == (one == other)
    else:
        assert len({word for pair in pairs for word in pair}) <= 1


@given(RECORDS, st.permutations(["pass", "fail", "na", "=7"]))
def test_names_and_order_do_not_matter(pairs: list[tuple[str, str]], words: list[str]) -> None:
    """Kappa is of nominal categories: any other names do as well, and any order of the items."""
    names = dict(zip(["pass", "fail", "na", "=7"], words, strict=True))
    renamed = [(names[a], names[b]) for a, b in reversed(pairs)]
    assert agreement(*two(pairs)).kappa == agreement(*two(renamed)).kappa


def table(rows: list[list[int]]) -> list[tuple[str, str]]:
    """Pairs from a table of counts."""
    return [
        (str(a), str(b)) for a, row in enumerate(rows) for b, n in enumerate(row) for _n in range(n)
    ]


def test_fleiss_levin_paik_table_18_1() -> None:
    """100 subjects, two raters, three diagnoses: Po .89, Pe .66, kappa .23/.34 = .676."""
    found = agreement(*two(table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])))
    assert found.agreement == Fraction(89, 100)
    assert found.kappa == Fraction(23, 34)


def test_a_worse_than_chance_example() -> None:
    """By hand: never equal, two words each half the time."""
    assert agreement(*two(table([[0, 5], [5, 0]]))).kappa == -1


def test_undefined_where_there_is_one_word_only() -> None:
    """Full agreement of which nothing but chance can be told."""
    found = agreement({"A1": "pass", "A2": "pass"}, {"A1": "pass", "A2": "pass"})
    assert found.agreement == 1
    assert found.kappa is None


def test_what_only_one_answered_differs() -> None:
    """An item open in both is no item; open in one, or asked of one, is a difference."""
    found = agreement(
        {"A1": "pass", "A2": OPEN, "A3": OPEN}, {"A1": "pass", "A2": OPEN, "B1": "na"}
    )
    assert found.items == 2
    assert found.differences == (("B1", OPEN, "na"),)
    nothing = agreement({"A1": OPEN}, {})
    assert (nothing.items, nothing.agreement, nothing.kappa) == (0, None, None)
