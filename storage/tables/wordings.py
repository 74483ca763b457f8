"""Table of the wordings in which an edited comment was seen, and when an official word became an answer by an edit."""

# A comment that was never edited has no row. Times are the earliest told: when that wording says that it was published, when it
# was looked at, when we learned it. `replies.said_at`: the first publication of a word that was given anew, NULL when it is the
# comment's own time; `since_at`, `since_seen_at`: from when an edited word was an answer and when we learned it.
# `comments.first_observed_at`: the first look that showed the words that stand, NULL where it is `observed_at`.
TABLES = """
CREATE TABLE wordings(
  comment_id INTEGER NOT NULL REFERENCES comments(id), text_key TEXT NOT NULL, text TEXT NOT NULL,
  published_at BIGINT NOT NULL, observed_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY(comment_id, text_key));
ALTER TABLE comments ADD COLUMN first_observed_at BIGINT;
ALTER TABLE replies ADD COLUMN said_at BIGINT;
ALTER TABLE replies ADD COLUMN since_at BIGINT;
ALTER TABLE replies ADD COLUMN since_seen_at BIGINT;
"""
