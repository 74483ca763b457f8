"""Tables of leads and incidents: one matter from its first signal to its close, everything a dated row with its author."""

# The row of an incident holds what is true now; `incident_changes` holds every value that its title, kind, levels, time and state
# had, so that it can be read as of a moment. `leads.identity` names a lead for good: its link without what only traces the
# reader, else its platform, number and text. An official word is written once, by the system or by a person; what is decided
# about it are rows, and the newest counts. Members, figures and words are taken back by a row or a mark, never deleted.
# `posts_upto` and `comments_upto` are up to where the system has looked for official words and for what citizens say of it;
# `incident_comments.how` says why a comment was counted in.
TABLES = """
CREATE TABLE leads(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), platform TEXT NOT NULL,
  ext_id TEXT NOT NULL DEFAULT '', link TEXT NOT NULL DEFAULT '', identity TEXT NOT NULL, author_key TEXT NOT NULL,
  author_name TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, published_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  import_id BIGINT REFERENCES imports(id), topic TEXT, part TEXT NOT NULL DEFAULT '', feeling INTEGER,
  is_sure INTEGER NOT NULL DEFAULT 0, read_by TEXT NOT NULL DEFAULT '', by_login TEXT NOT NULL, by_name TEXT NOT NULL,
  is_drill INTEGER NOT NULL DEFAULT 0, UNIQUE(organization_id, identity));
CREATE INDEX leads_unit ON leads(organization_id, published_at);
CREATE INDEX leads_time ON leads(published_at);
CREATE TABLE incidents(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), title TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT '', event_level TEXT NOT NULL DEFAULT '', warning_level TEXT NOT NULL DEFAULT '',
  response_level TEXT NOT NULL DEFAULT '', occurred_at BIGINT, detected_at BIGINT NOT NULL, opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL, opened_name TEXT NOT NULL, state TEXT NOT NULL, closed_at BIGINT, summary TEXT NOT NULL DEFAULT '',
  posts_upto BIGINT NOT NULL DEFAULT 0, comments_upto BIGINT NOT NULL DEFAULT 0, is_drill INTEGER NOT NULL DEFAULT 0);
CREATE INDEX incidents_unit ON incidents(organization_id, opened_at);
CREATE INDEX incidents_open ON incidents(state, opened_at);
CREATE TABLE incident_changes(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), field TEXT NOT NULL, before TEXT NOT NULL,
  after TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', at BIGINT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL);
CREATE INDEX incident_changes_of ON incident_changes(incident_id, at);
CREATE TABLE incident_warnings(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), category TEXT NOT NULL, level TEXT NOT NULL,
  starts_at BIGINT NOT NULL, area TEXT NOT NULL, cautions TEXT NOT NULL, measures TEXT NOT NULL, issuer TEXT NOT NULL,
  issued_at BIGINT NOT NULL, link TEXT NOT NULL DEFAULT '', at BIGINT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL);
CREATE INDEX incident_warnings_of ON incident_warnings(incident_id, at);
CREATE TABLE incident_members(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), kind TEXT NOT NULL, member_id BIGINT NOT NULL,
  is_in INTEGER NOT NULL, why TEXT NOT NULL DEFAULT '', at BIGINT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL);
CREATE INDEX incident_members_of ON incident_members(incident_id, kind, member_id);
CREATE INDEX incident_members_back ON incident_members(kind, member_id);
CREATE TABLE incident_comments(
  incident_id BIGINT NOT NULL REFERENCES incidents(id), comment_id BIGINT NOT NULL REFERENCES comments(id), how TEXT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY(incident_id, comment_id));
CREATE TABLE incident_words(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), kind TEXT NOT NULL,
  post_id BIGINT REFERENCES posts(id), speaker TEXT NOT NULL, title TEXT NOT NULL, link TEXT NOT NULL DEFAULT '',
  said_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, score DOUBLE PRECISION, by_login TEXT NOT NULL, by_name TEXT NOT NULL);
CREATE INDEX incident_words_of ON incident_words(incident_id, said_at);
CREATE UNIQUE INDEX incident_words_post ON incident_words(incident_id, post_id) WHERE post_id IS NOT NULL;
CREATE TABLE incident_decisions(
  id INTEGER PRIMARY KEY, word_id BIGINT NOT NULL REFERENCES incident_words(id), verdict TEXT NOT NULL, kind TEXT NOT NULL,
  is_bulletin INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '', at BIGINT NOT NULL, by_login TEXT NOT NULL,
  by_name TEXT NOT NULL);
CREATE INDEX incident_decisions_of ON incident_decisions(word_id, at);
CREATE TABLE incident_figures(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), name TEXT NOT NULL, value BIGINT NOT NULL,
  bound TEXT NOT NULL DEFAULT '', unit TEXT NOT NULL, source TEXT NOT NULL, link TEXT NOT NULL DEFAULT '',
  stated_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, note TEXT NOT NULL DEFAULT '', by_login TEXT NOT NULL,
  by_name TEXT NOT NULL, void_at BIGINT, void_by TEXT NOT NULL DEFAULT '', void_why TEXT NOT NULL DEFAULT '');
CREATE INDEX incident_figures_of ON incident_figures(incident_id, name, stated_at);
CREATE TABLE incident_steps(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), act TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  unit_id BIGINT REFERENCES organizations(id), due_at BIGINT, about_id BIGINT REFERENCES incident_steps(id),
  to_name TEXT NOT NULL DEFAULT '', at BIGINT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL);
CREATE INDEX incident_steps_of ON incident_steps(incident_id, at);
CREATE TABLE incident_flashes(
  id INTEGER PRIMARY KEY, incident_id BIGINT NOT NULL REFERENCES incidents(id), kind TEXT NOT NULL, number INTEGER NOT NULL,
  text TEXT NOT NULL, as_of BIGINT NOT NULL, at BIGINT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL,
  UNIQUE(incident_id, number));
"""
