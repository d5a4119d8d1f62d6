"""The only place with SQL: the journal, its projections, and the evidence files."""
