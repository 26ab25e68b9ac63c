"""The operator's commands: read a roster file, check it whole, apply it as a difference."""
