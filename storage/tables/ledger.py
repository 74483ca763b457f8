"""Tables of the ledger: units, accounts, who belongs to whom since when, credentials."""

# Times are Unix seconds (UTC) everywhere. `seen_at` is when this installation learned the fact and never changes.
TABLES = """
CREATE TABLE organizations(
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  parent_id INTEGER REFERENCES organizations(id), level TEXT NOT NULL,
  line TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '', seen_at BIGINT NOT NULL);
CREATE INDEX organizations_parent ON organizations(parent_id);
CREATE TABLE organization_up(
  ancestor_id INTEGER NOT NULL, organization_id INTEGER NOT NULL, depth INTEGER NOT NULL,
  PRIMARY KEY(ancestor_id, organization_id));
CREATE INDEX organization_up_down ON organization_up(organization_id, ancestor_id);
CREATE TABLE accounts(
  id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, ext_id TEXT NOT NULL, name TEXT NOT NULL,
  organization_id INTEGER NOT NULL REFERENCES organizations(id),
  nature TEXT NOT NULL DEFAULT '机构', filing TEXT NOT NULL DEFAULT '未备案', status TEXT NOT NULL DEFAULT '正常运行',
  route TEXT NOT NULL DEFAULT 'none', feed_url TEXT NOT NULL DEFAULT '',
  person TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', exemption TEXT NOT NULL DEFAULT '',
  seen_at BIGINT NOT NULL,
  next_check_at BIGINT, last_check_at BIGINT, last_ok_at BIGINT, last_error TEXT NOT NULL DEFAULT '',
  last_error_kind TEXT NOT NULL DEFAULT '', error_count INTEGER NOT NULL DEFAULT 0, interval_seconds INTEGER,
  watched_from BIGINT, last_post_at BIGINT, followers BIGINT,
  UNIQUE(platform, ext_id));
CREATE INDEX accounts_organization ON accounts(organization_id);
CREATE INDEX accounts_due ON accounts(next_check_at);
CREATE TABLE account_up(
  ancestor_id INTEGER NOT NULL, account_id INTEGER NOT NULL, PRIMARY KEY(ancestor_id, account_id));
CREATE INDEX account_up_down ON account_up(account_id, ancestor_id);
CREATE TABLE affiliations(
  account_id INTEGER NOT NULL REFERENCES accounts(id), organization_id INTEGER NOT NULL REFERENCES organizations(id),
  valid_from BIGINT NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY(account_id, valid_from, seen_at));
CREATE TABLE ledger_changes(
  id INTEGER PRIMARY KEY, subject TEXT NOT NULL, subject_id INTEGER NOT NULL, field TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, valid_from BIGINT NOT NULL, seen_at BIGINT NOT NULL, author TEXT NOT NULL);
CREATE INDEX ledger_changes_subject ON ledger_changes(subject, subject_id, field, valid_from);
CREATE TABLE update_limits(
  organization_id INTEGER NOT NULL REFERENCES organizations(id), days INTEGER NOT NULL, basis TEXT NOT NULL,
  valid_from BIGINT NOT NULL, seen_at BIGINT NOT NULL, author TEXT NOT NULL,
  PRIMARY KEY(organization_id, valid_from, seen_at));
CREATE TABLE credentials(
  account_id INTEGER PRIMARY KEY REFERENCES accounts(id), sealed TEXT NOT NULL, saved_at BIGINT NOT NULL,
  saved_by TEXT NOT NULL, expires_at BIGINT);
"""
