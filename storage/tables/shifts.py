"""Tables of the watch: who took over, who handed over, and what was said at it."""

# One row is one act of one desk; a desk is a unit with everything below it. Rows are never changed. `posts_upto` and
# `comments_upto` are the newest ids that were held then: whatever came later, however late, belongs to the next watch.
TABLES = """
CREATE TABLE shifts(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), act TEXT NOT NULL,
  login TEXT NOT NULL, name TEXT NOT NULL, at BIGINT NOT NULL, note TEXT NOT NULL,
  posts_upto BIGINT NOT NULL, comments_upto BIGINT NOT NULL);
CREATE INDEX shifts_desk ON shifts(organization_id, at);
"""
