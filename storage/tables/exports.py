"""Tables of exports: saved choices of columns, and files that the worker makes because they are long."""

# An export is asked for by one person and made for his scope and rights of that moment; `filters`, `columns` and `about` are
# JSON that only storage/exports.py reads. Its file lies beside the database and is dropped some days after; the row stays. A
# scheme belongs to its owner; shared, everybody whose scope holds `organization_id` may use it.
TABLES = """
CREATE TABLE export_schemes(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), kind TEXT NOT NULL, name TEXT NOT NULL,
  columns TEXT NOT NULL, is_shared INTEGER NOT NULL DEFAULT 0, owner_login TEXT NOT NULL, owner_name TEXT NOT NULL,
  saved_at BIGINT NOT NULL, UNIQUE(owner_login, kind, name));
CREATE TABLE exports(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), kind TEXT NOT NULL, form TEXT NOT NULL,
  filters TEXT NOT NULL, columns TEXT NOT NULL, about TEXT NOT NULL, is_masked INTEGER NOT NULL, why TEXT NOT NULL DEFAULT '',
  scope TEXT NOT NULL, by_login TEXT NOT NULL, by_name TEXT NOT NULL, asked_at BIGINT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, wanted BIGINT NOT NULL, written BIGINT NOT NULL DEFAULT 0, done_at BIGINT,
  bytes BIGINT, sentence TEXT NOT NULL DEFAULT '', taken INTEGER NOT NULL DEFAULT 0);
CREATE INDEX exports_state ON exports(state, asked_at);
CREATE INDEX exports_person ON exports(by_login, asked_at);
"""
