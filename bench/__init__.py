"""Repeatable measurements: each prints a table for people and, as its last line, one JSON object with the same figures."""
