"""Documents that an office files: its own writers, no office program needed."""
