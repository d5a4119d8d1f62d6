"""Events, clocks, identities and sealed bundles: how homes exchange what they hold.

Knows nothing of inspections and holds no SQL. The formats are written down in
``sync/PROTOCOL.md``. Nothing here imports ``cryptography`` or ``pyrage`` until a function
needs them, so that a command line starts quickly.
"""
