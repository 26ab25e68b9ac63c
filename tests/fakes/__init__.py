"""Stand-ins for the world outside that keep the ports' promises in memory; ``tests/contract`` holds them to it."""
