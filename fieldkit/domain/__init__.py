"""Pure rules: no disk, no clock, no chance."""
