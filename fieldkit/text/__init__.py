"""Strings as terminals and people see them."""
