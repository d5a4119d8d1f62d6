"""Fuzzing of everything in ``fieldkit_sync`` that reads bytes from outside; not shipped."""
