"""fieldkit: inspection and coverage work for anti-fraud campaigns, in a terminal."""

__version__ = "0.2.0"
