"""Tables of sums kept beside the facts in the same transaction; they can be dropped and rebuilt at any time."""

# bucket5: 5-minute buckets since the epoch. day, h: days and hours since the epoch in Beijing time (UTC+8).
TABLES = """
CREATE TABLE bucket5(
  b5 INTEGER NOT NULL, account_id INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(b5, account_id));
CREATE TABLE account_day(
  day INTEGER NOT NULL, account_id INTEGER NOT NULL, posts INTEGER NOT NULL DEFAULT 0, originals INTEGER NOT NULL DEFAULT 0,
  reads BIGINT NOT NULL DEFAULT 0, likes BIGINT NOT NULL DEFAULT 0, shares BIGINT NOT NULL DEFAULT 0,
  comments INTEGER NOT NULL DEFAULT 0, appeals INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(day, account_id));
CREATE INDEX account_day_account ON account_day(account_id, day);
CREATE TABLE node_hour(
  organization_id INTEGER NOT NULL, h INTEGER NOT NULL, comments INTEGER NOT NULL DEFAULT 0,
  appeals INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(organization_id, h));
"""
