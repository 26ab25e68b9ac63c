"""The same routes by the frameworks we are measured against, in an environment of their own (requirements/bench.in)."""
