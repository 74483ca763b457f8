"""Tables of the work itself: runs, budgets, outages, requests, imports, the worker's heartbeat."""

TABLES = """
CREATE TABLE runs(
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), route TEXT NOT NULL,
  started_at BIGINT NOT NULL, finished_at BIGINT, outcome TEXT NOT NULL DEFAULT '', error_kind TEXT NOT NULL DEFAULT '',
  cause TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', sentence TEXT NOT NULL DEFAULT '',
  posts_seen INTEGER NOT NULL DEFAULT 0, posts_new INTEGER NOT NULL DEFAULT 0,
  comments_seen INTEGER NOT NULL DEFAULT 0, comments_new INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0);
CREATE INDEX runs_account ON runs(account_id, started_at);
CREATE INDEX runs_time ON runs(started_at);
CREATE TABLE budgets(
  scope TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, starts_at BIGINT NOT NULL, used INTEGER NOT NULL,
  allowed INTEGER NOT NULL, spent_at BIGINT, PRIMARY KEY(scope, name, period, starts_at));
CREATE TABLE outages(
  id INTEGER PRIMARY KEY, cause TEXT NOT NULL, kind TEXT NOT NULL, sentence TEXT NOT NULL,
  since BIGINT NOT NULL, until BIGINT, seen_at BIGINT NOT NULL);
CREATE INDEX outages_cause ON outages(cause, until);
CREATE TABLE outage_accounts(
  outage_id INTEGER NOT NULL REFERENCES outages(id), account_id INTEGER NOT NULL REFERENCES accounts(id),
  since BIGINT NOT NULL, until BIGINT, PRIMARY KEY(outage_id, account_id, since));
CREATE INDEX outage_accounts_account ON outage_accounts(account_id, until);
CREATE TABLE requests(
  id INTEGER PRIMARY KEY, verb TEXT NOT NULL, payload TEXT NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL,
  taken_at BIGINT, attempts INTEGER NOT NULL DEFAULT 0, done_at BIGINT,
  outcome TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '');
CREATE INDEX requests_open ON requests(done_at, asked_at);
CREATE TABLE imports(
  id INTEGER PRIMARY KEY, file_name TEXT NOT NULL, sha256 TEXT NOT NULL, recipe TEXT NOT NULL, started_at BIGINT NOT NULL,
  finished_at BIGINT, rows_good INTEGER NOT NULL DEFAULT 0, rows_new INTEGER NOT NULL DEFAULT 0,
  rows_bad INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '', sentence TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL);
CREATE TABLE import_faults(
  import_id INTEGER NOT NULL REFERENCES imports(id), line INTEGER NOT NULL, reason TEXT NOT NULL, excerpt TEXT NOT NULL);
CREATE INDEX import_faults_import ON import_faults(import_id, line);
CREATE TABLE column_mappings(
  headers TEXT PRIMARY KEY, name TEXT NOT NULL, mapping TEXT NOT NULL, saved_at BIGINT NOT NULL, saved_by TEXT NOT NULL);
CREATE TABLE heartbeats(
  program TEXT PRIMARY KEY, pid INTEGER NOT NULL, host TEXT NOT NULL, started_at BIGINT NOT NULL, beat_at BIGINT NOT NULL,
  stopped_at BIGINT, doing TEXT NOT NULL DEFAULT '');
CREATE TABLE marks(name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
