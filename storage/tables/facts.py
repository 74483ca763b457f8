"""Tables of what was collected: posts, comments, their versions, counts, disappearances and coverage."""

TABLES = """
CREATE TABLE posts(
  id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, ext_id TEXT NOT NULL, account_id INTEGER NOT NULL REFERENCES accounts(id),
  kind TEXT NOT NULL, published_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, observed_at BIGINT NOT NULL,
  title TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL, repost_of TEXT, edited_at BIGINT,
  gone_kind TEXT, gone_at BIGINT,
  counts_at BIGINT, reads BIGINT, likes BIGINT, shares BIGINT, comments BIGINT, floors TEXT NOT NULL DEFAULT '',
  stated BIGINT, cause TEXT, thread_at BIGINT);
CREATE UNIQUE INDEX posts_key ON posts(platform, ext_id);
CREATE INDEX posts_account ON posts(account_id, published_at);
CREATE INDEX posts_time ON posts(published_at);
CREATE TABLE post_versions(
  post_id INTEGER NOT NULL REFERENCES posts(id), observed_at BIGINT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  seen_at BIGINT NOT NULL, PRIMARY KEY(post_id, observed_at));
CREATE TABLE withdrawals(
  post_id INTEGER NOT NULL REFERENCES posts(id), kind TEXT NOT NULL, confirmed_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  PRIMARY KEY(post_id, confirmed_at, kind));
CREATE TABLE reach(
  post_id INTEGER NOT NULL REFERENCES posts(id), observed_at BIGINT NOT NULL, stat_day TEXT NOT NULL DEFAULT '',
  reads BIGINT, likes BIGINT, shares BIGINT, comments BIGINT, floors TEXT NOT NULL DEFAULT '', seen_at BIGINT NOT NULL,
  PRIMARY KEY(post_id, stat_day, observed_at));
CREATE TABLE followers(
  account_id INTEGER NOT NULL REFERENCES accounts(id), stat_day TEXT NOT NULL DEFAULT '', observed_at BIGINT NOT NULL,
  followers BIGINT NOT NULL, gained BIGINT, lost BIGINT, is_floor INTEGER NOT NULL DEFAULT 0, seen_at BIGINT NOT NULL,
  PRIMARY KEY(account_id, stat_day, observed_at));
CREATE TABLE comments(
  id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, ext_id TEXT NOT NULL, account_id INTEGER NOT NULL REFERENCES accounts(id),
  post_id INTEGER REFERENCES posts(id), channel TEXT NOT NULL, parent_ext TEXT, root_ext TEXT,
  author_key TEXT NOT NULL, author_name TEXT NOT NULL, author_account_id INTEGER, author_is_official INTEGER NOT NULL,
  published_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, observed_at BIGINT NOT NULL,
  likes BIGINT, region TEXT NOT NULL, text TEXT NOT NULL, kind INTEGER);
CREATE UNIQUE INDEX comments_key ON comments(platform, ext_id);
CREATE INDEX comments_account ON comments(account_id, published_at);
CREATE INDEX comments_time ON comments(published_at);
CREATE INDEX comments_post ON comments(post_id);
CREATE INDEX comments_reply ON comments(platform, parent_ext, published_at) WHERE author_account_id IS NOT NULL;
CREATE TABLE comment_versions(
  comment_id INTEGER NOT NULL REFERENCES comments(id), observed_at BIGINT NOT NULL, text TEXT NOT NULL,
  seen_at BIGINT NOT NULL, PRIMARY KEY(comment_id, observed_at));
CREATE TABLE comment_orphans(
  comment_id INTEGER PRIMARY KEY REFERENCES comments(id), platform INTEGER NOT NULL, post_ext TEXT NOT NULL);
CREATE INDEX comment_orphans_post ON comment_orphans(platform, post_ext);
CREATE TABLE coverage(
  post_id INTEGER NOT NULL REFERENCES posts(id), checked_at BIGINT NOT NULL, stated BIGINT, held BIGINT NOT NULL,
  cause TEXT NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY(post_id, checked_at));
CREATE TABLE cursors(
  account_id INTEGER NOT NULL REFERENCES accounts(id), name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(account_id, name));
"""
