"""The library of checklists: YAML in, checked and explained, domain objects out."""
