"""Tables of who may look and what was done: people, their subtrees, sessions, the journal."""

TABLES = """
CREATE TABLE people(
  id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL,
  must_change INTEGER NOT NULL, password_at BIGINT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked_until BIGINT,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, disabled_at BIGINT);
CREATE TABLE person_scopes(
  person_id INTEGER NOT NULL REFERENCES people(id), organization_id INTEGER NOT NULL REFERENCES organizations(id),
  PRIMARY KEY(person_id, organization_id));
CREATE TABLE sessions(
  digest TEXT PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people(id), started_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL, ended_at BIGINT, why_ended TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '');
CREATE INDEX sessions_person ON sessions(person_id, ended_at);
CREATE TABLE journal(
  id INTEGER PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL,
  detail TEXT NOT NULL, outcome TEXT NOT NULL, address TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL);
CREATE INDEX journal_time ON journal(at);
"""
