"""``make bench``: ratios of two things measured in turn (docs/figures.md). Never a test: machines differ."""
