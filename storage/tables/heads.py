"""Tables of what was read beside appeals: topic and feeling of comments, hot issues and words, watches with their hits."""

# A reading belongs to a citizen's comment; what turns out official loses it. `feeling` is 1 positive, 0 neutral, -1 negative
# and counts only where `is_sure`. `watches` holds each watch as it stands, `watch_versions` every form it had; the terms are
# texts of one term per line, of one group per line. `filled_to` walks back from `fill_until` to `fill_from` (times of
# publishing) while hits of the past are looked up; NULL when that is done. `hot_words` are those of one unit, its subtree
# included, on one Beijing day.
TABLES = """
CREATE TABLE readings(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), topic TEXT NOT NULL, part TEXT NOT NULL, topic2 TEXT NOT NULL,
  part2 TEXT NOT NULL, share DOUBLE PRECISION NOT NULL, feeling INTEGER NOT NULL, is_sure INTEGER NOT NULL,
  read_by TEXT NOT NULL, read_at BIGINT NOT NULL, is_corrected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE issues(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, central_id BIGINT NOT NULL REFERENCES comments(id), made_at BIGINT NOT NULL,
  grouped_at BIGINT NOT NULL, merged_into BIGINT);
CREATE TABLE issue_comments(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), issue_id BIGINT NOT NULL REFERENCES issues(id));
CREATE INDEX issue_comments_issue ON issue_comments(issue_id);
CREATE TABLE hot_words(
  organization_id BIGINT NOT NULL REFERENCES organizations(id), day INTEGER NOT NULL, word TEXT NOT NULL, said INTEGER NOT NULL,
  usual INTEGER NOT NULL, strength DOUBLE PRECISION NOT NULL, read_at BIGINT NOT NULL, PRIMARY KEY(organization_id, day, word));
CREATE TABLE watches(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), name TEXT NOT NULL, words TEXT NOT NULL,
  groups TEXT NOT NULL, exclusions TEXT NOT NULL, pattern TEXT NOT NULL, is_on INTEGER NOT NULL, version INTEGER NOT NULL,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL, deleted_at BIGINT,
  fill_from BIGINT, fill_until BIGINT, filled_to BIGINT);
CREATE INDEX watches_unit ON watches(organization_id);
CREATE TABLE watch_versions(
  watch_id BIGINT NOT NULL REFERENCES watches(id), version INTEGER NOT NULL, act TEXT NOT NULL, organization_id BIGINT NOT NULL,
  name TEXT NOT NULL, words TEXT NOT NULL, groups TEXT NOT NULL, exclusions TEXT NOT NULL, pattern TEXT NOT NULL,
  is_on INTEGER NOT NULL, at BIGINT NOT NULL, by_login TEXT NOT NULL, PRIMARY KEY(watch_id, version));
CREATE TABLE watch_hits(
  watch_id BIGINT NOT NULL REFERENCES watches(id), comment_id BIGINT NOT NULL REFERENCES comments(id),
  published_at BIGINT NOT NULL, PRIMARY KEY(watch_id, comment_id));
CREATE INDEX watch_hits_time ON watch_hits(watch_id, published_at);
CREATE INDEX watch_hits_comment ON watch_hits(comment_id);
"""
