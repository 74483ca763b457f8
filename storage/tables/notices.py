"""Tables of telling people: channels, notices, what of them goes to which channel, and every try at it."""

# A notice becomes one delivery per channel in the transaction that makes it. A dispatch is one message: one delivery, or several
# of a digest. `sealed` is the address and the secrets under the key of the installation, `robot` a keyed hash of the address, so
# that two channels to one robot share its pace. `quiet_from` and `quiet_until` are minutes of the Beijing day. An attempt with
# `sent_at` and without an end was on its way when the worker died: whether it arrived is unknown.
TABLES = """
CREATE TABLE channels(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), kind TEXT NOT NULL, name TEXT NOT NULL,
  host TEXT NOT NULL, robot TEXT NOT NULL, sealed TEXT NOT NULL, levels TEXT NOT NULL, quiet_from INTEGER, quiet_until INTEGER,
  digest_minutes INTEGER NOT NULL, names_duty INTEGER NOT NULL, is_on INTEGER NOT NULL, created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL, waits_until BIGINT NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, last_ok_at BIGINT,
  last_failed_at BIGINT, last_failure TEXT NOT NULL DEFAULT '');
CREATE INDEX channels_unit ON channels(organization_id);
CREATE TABLE notices(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, level TEXT NOT NULL, title TEXT NOT NULL,
  body TEXT NOT NULL, organization_id BIGINT NOT NULL REFERENCES organizations(id), link TEXT NOT NULL,
  created_at BIGINT NOT NULL);
CREATE INDEX notices_time ON notices(created_at);
CREATE TABLE dispatches(
  id INTEGER PRIMARY KEY, channel_id BIGINT NOT NULL REFERENCES channels(id), key TEXT NOT NULL UNIQUE, level TEXT NOT NULL,
  duty TEXT NOT NULL, state TEXT NOT NULL, made_at BIGINT NOT NULL, due_at BIGINT NOT NULL, refusals INTEGER NOT NULL DEFAULT 0,
  unknowns INTEGER NOT NULL DEFAULT 0, lease TEXT NOT NULL DEFAULT '', leased_until BIGINT NOT NULL DEFAULT 0,
  settled_at BIGINT);
CREATE INDEX dispatches_open ON dispatches(settled_at, due_at);
CREATE INDEX dispatches_channel ON dispatches(channel_id, made_at);
CREATE TABLE deliveries(
  id INTEGER PRIMARY KEY, notice_id BIGINT NOT NULL REFERENCES notices(id), channel_id BIGINT NOT NULL REFERENCES channels(id),
  state TEXT NOT NULL, due_at BIGINT NOT NULL, is_alone INTEGER NOT NULL DEFAULT 0, dispatch_id BIGINT REFERENCES dispatches(id),
  UNIQUE(notice_id, channel_id));
CREATE INDEX deliveries_waiting ON deliveries(state, channel_id, due_at);
CREATE INDEX deliveries_dispatch ON deliveries(dispatch_id);
CREATE TABLE attempts(
  id INTEGER PRIMARY KEY, channel_id BIGINT NOT NULL REFERENCES channels(id), dispatch_id BIGINT REFERENCES dispatches(id),
  started_at BIGINT NOT NULL, sent_at BIGINT, ended_at BIGINT, outcome TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '',
  sentence TEXT NOT NULL DEFAULT '');
CREATE INDEX attempts_channel ON attempts(channel_id, started_at);
CREATE INDEX attempts_dispatch ON attempts(dispatch_id);
"""
