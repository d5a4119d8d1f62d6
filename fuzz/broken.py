"""How a target says that a promise of a parser does not hold."""


class Broken(AssertionError):
    """A parser accepted something and yet does not keep what it promises."""
