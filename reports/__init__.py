"""Writes files for people, from the same questions that the pages ask."""
