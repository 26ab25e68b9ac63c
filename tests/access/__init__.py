"""Who reaches what: every operation, for every role, seen from every side."""
