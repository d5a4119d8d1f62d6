"""``python -m fieldkit``."""

from fieldkit.start import main

main()
