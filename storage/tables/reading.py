"""Indexes without which a page would read a whole table, or every row behind an index, for a few numbers."""

# `answer_at` is NULL in all of the first two: it stands in them so that a question that names it is answered by the index alone.
TABLES = """
DROP INDEX responses_open;
CREATE INDEX responses_open ON responses(asked_at, account_id, first_at, due_at, is_late, known_until, rule_id, answer_at)
  WHERE answer_at IS NULL;
DROP INDEX responses_due;
CREATE INDEX responses_due ON responses(due_at, asked_at, comment_id, account_id, first_at, is_late, answer_at)
  WHERE answer_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX appeals_presses ON appeals(presses) WHERE presses IS NOT NULL;
CREATE INDEX cases_bound ON cases(bound_to) WHERE bound_to IS NOT NULL;
"""
