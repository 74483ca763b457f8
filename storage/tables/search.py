"""Table of what the search index must read again."""

# The index itself is a file of its own beside the database (`storage/search_file.py`) and can be built anew at any time.
TABLES = """
CREATE TABLE search_dirty(
  subject TEXT NOT NULL, subject_id BIGINT NOT NULL, turn INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(subject, subject_id));
"""
