"""Tables of who asks and who answers: what was read out of comments, the response facts, the clock's rules, the cases."""

# `responses` holds one row per matter that asks for an answer; natural seconds are the difference of its own times.
# `known_until`: up to when the appeal's own sub-thread is known to be held; NULL when it is not (the case is unknown).
# `replies.answers`: the citizen's comment that it answers, 0 when that is not held, NULL for words that answer nobody by name.
# `posts.whole_at`: the last look that read the thread to its end, so that an answer would be held (`matrix.response.WHOLE`).
# `posts.held` is how many of its comments we held at the last look, the moment of which `posts.stated` is told.
TABLES = """
ALTER TABLE posts ADD COLUMN whole_at BIGINT;
ALTER TABLE posts ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
UPDATE posts SET held = (SELECT count(*) FROM comments c WHERE c.post_id = posts.id);
CREATE INDEX posts_covered ON posts(published_at, account_id, stated, held);
UPDATE posts SET whole_at = thread_at WHERE cause IN ('', 'filtered', 'app_users_only');
CREATE INDEX comments_parent ON comments(platform, parent_ext) WHERE parent_ext IS NOT NULL;
CREATE TABLE appeals(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), kind TEXT NOT NULL, score DOUBLE PRECISION NOT NULL,
  markers TEXT NOT NULL, read_by TEXT NOT NULL, read_at BIGINT NOT NULL, is_corrected INTEGER NOT NULL DEFAULT 0,
  presses BIGINT, reopens BIGINT);
CREATE TABLE replies(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), account_id BIGINT NOT NULL, day INTEGER NOT NULL,
  text_key TEXT NOT NULL, nature TEXT NOT NULL, read_nature TEXT NOT NULL, reasons TEXT NOT NULL, score DOUBLE PRECISION NOT NULL,
  read_by TEXT NOT NULL, read_at BIGINT NOT NULL, is_corrected INTEGER NOT NULL DEFAULT 0, answers BIGINT);
CREATE INDEX replies_same ON replies(account_id, day, text_key, answers, nature, reasons);
CREATE INDEX replies_day ON replies(day, account_id);
CREATE TABLE rereads(comment_id INTEGER PRIMARY KEY REFERENCES comments(id), turn INTEGER NOT NULL DEFAULT 0);
CREATE TABLE corrections(
  id INTEGER PRIMARY KEY, comment_id BIGINT NOT NULL REFERENCES comments(id), field TEXT NOT NULL, before TEXT NOT NULL,
  value TEXT NOT NULL, why TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX corrections_comment ON corrections(comment_id, field, id);
CREATE TABLE sights(comment_id INTEGER PRIMARY KEY REFERENCES comments(id), known_until BIGINT NOT NULL);
CREATE TABLE responses(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), account_id BIGINT NOT NULL REFERENCES accounts(id),
  post_id BIGINT REFERENCES posts(id), kind TEXT NOT NULL, asked_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  first_id BIGINT, first_at BIGINT, first_seen_at BIGINT, first_working BIGINT,
  answer_id BIGINT, answer_at BIGINT, answer_seen_at BIGINT, answer_working BIGINT,
  is_sister INTEGER NOT NULL DEFAULT 0, elsewhere_id BIGINT, elsewhere_at BIGINT,
  followup_id BIGINT, mood TEXT NOT NULL DEFAULT '',
  known_until BIGINT, rule_id BIGINT, due_at BIGINT, is_late INTEGER, derived_at BIGINT NOT NULL);
CREATE INDEX responses_time ON responses(
  asked_at, account_id, first_at, first_working, answer_at, answer_working, known_until, due_at, rule_id);
CREATE INDEX responses_account ON responses(account_id, asked_at);
CREATE INDEX responses_open ON responses(asked_at, account_id, first_at, due_at, is_late, known_until, rule_id)
  WHERE answer_at IS NULL;
CREATE INDEX responses_due ON responses(due_at) WHERE answer_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX responses_post ON responses(post_id);
CREATE TABLE office_hours(
  organization_id BIGINT NOT NULL REFERENCES organizations(id), hours TEXT NOT NULL, valid_from BIGINT NOT NULL,
  seen_at BIGINT NOT NULL, author TEXT NOT NULL, PRIMARY KEY(organization_id, valid_from, seen_at));
CREATE TABLE calendar_days(
  day TEXT NOT NULL, is_working INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, seen_at BIGINT NOT NULL,
  author TEXT NOT NULL, PRIMARY KEY(day, seen_at));
CREATE TABLE reply_rules(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), name TEXT NOT NULL,
  clock TEXT NOT NULL, terms TEXT NOT NULL, source TEXT NOT NULL, valid_from BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  author TEXT NOT NULL);
CREATE INDEX reply_rules_organization ON reply_rules(organization_id, valid_from);
CREATE TABLE cases(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), state TEXT NOT NULL, since BIGINT NOT NULL, step_id BIGINT NOT NULL,
  unit_id BIGINT REFERENCES organizations(id), bound_to BIGINT, is_typical INTEGER NOT NULL DEFAULT 0,
  urged INTEGER NOT NULL DEFAULT 0, claimed_by TEXT NOT NULL DEFAULT '', claimed_until BIGINT);
CREATE INDEX cases_state ON cases(state, since);
CREATE TABLE case_steps(
  id INTEGER PRIMARY KEY, comment_id BIGINT NOT NULL REFERENCES comments(id), act TEXT NOT NULL, before TEXT NOT NULL,
  state TEXT NOT NULL, at BIGINT NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL, unit_id BIGINT, undoes BIGINT,
  bound_to BIGINT, led_by BIGINT, link TEXT NOT NULL DEFAULT '');
CREATE INDEX case_steps_comment ON case_steps(comment_id, id);
CREATE INDEX case_steps_time ON case_steps(at);
"""
