"""Table of how far threads were known at a cut-off, so that a figure that was asked as of it stays what it was."""

# A later look makes it known that an appeal was still without an answer at the cut-off; whoever asked then could not know that.
# One row for an appeal the first time its `responses.known_until` grows after a cut-off was drawn: what it was until then, -1 for
# not known at all. No row at or behind a cut-off: nothing has changed since.
TABLES = """
CREATE TABLE sights_then(
  comment_id BIGINT NOT NULL REFERENCES comments(id), closed_at BIGINT NOT NULL, known_until BIGINT NOT NULL,
  PRIMARY KEY(comment_id, closed_at));
"""
