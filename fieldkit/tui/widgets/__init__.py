"""Widgets that draw lines of text: no borders, no overlays, no markup."""
