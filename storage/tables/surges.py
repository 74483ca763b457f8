"""Tables of surges: the series that are watched, what the detector said of them, alerts with their moves and steps, campaigns."""

# A series is one thing whose comments are counted in buckets of five minutes (b5: Unix seconds / 300). A surge step is one call
# of the detector: up to which comment and lead it knew, so that a restart repeats the same calls from the last snapshot. An
# alert's moves are the system's, its steps are people's; neither is ever changed. `key` of an alert is made of its first series
# and the bucket in which it was raised: raised again after a restart it is the same alert. Members carry the evidence of the
# bucket in which a series joined (as in matrix.surge_evidence); `dispersion` and `factor` are what a smaller count is judged by.
# `alert_counts` is what the chart of an alert shows. `remark` of a step holds what else it knew (storage/surge_steps.py).
TABLES = """
CREATE TABLE series(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  organization_id BIGINT NOT NULL REFERENCES organizations(id), account_id BIGINT REFERENCES accounts(id), platform INTEGER,
  topic TEXT NOT NULL DEFAULT '', watch_id BIGINT, born_at BIGINT NOT NULL, is_on INTEGER NOT NULL DEFAULT 1);
CREATE INDEX series_unit ON series(organization_id);
CREATE TABLE surge_steps(
  id INTEGER PRIMARY KEY, b5 BIGINT NOT NULL, at BIGINT NOT NULL, comments_upto BIGINT NOT NULL,
  leads_upto BIGINT NOT NULL DEFAULT 0, remark TEXT NOT NULL DEFAULT '');
CREATE INDEX surge_steps_bucket ON surge_steps(b5);
CREATE TABLE surge_snapshots(
  id INTEGER PRIMARY KEY, step_id BIGINT NOT NULL, made_at BIGINT NOT NULL, version TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE surge_scores(
  b5 BIGINT NOT NULL, series_id BIGINT NOT NULL, score DOUBLE PRECISION NOT NULL, excess DOUBLE PRECISION NOT NULL,
  PRIMARY KEY(b5, series_id));
CREATE INDEX surge_scores_series ON surge_scores(series_id, b5);
CREATE TABLE alerts(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, series_id BIGINT NOT NULL REFERENCES series(id),
  organization_id BIGINT NOT NULL REFERENCES organizations(id), title TEXT NOT NULL, sentence TEXT NOT NULL,
  level INTEGER NOT NULL, state TEXT NOT NULL, score DOUBLE PRECISION NOT NULL, peak DOUBLE PRECISION NOT NULL,
  raised_at BIGINT NOT NULL, last_high_at BIGINT NOT NULL, closed_at BIGINT, seen_at BIGINT NOT NULL,
  topics TEXT NOT NULL DEFAULT '', groups TEXT NOT NULL DEFAULT '', is_drill INTEGER NOT NULL DEFAULT 0);
CREATE INDEX alerts_open ON alerts(closed_at, raised_at);
CREATE INDEX alerts_unit ON alerts(organization_id, raised_at);
CREATE TABLE alert_members(
  alert_id BIGINT NOT NULL REFERENCES alerts(id), series_id BIGINT NOT NULL REFERENCES series(id), joined_at BIGINT NOT NULL,
  most_excess DOUBLE PRECISION NOT NULL, minutes INTEGER NOT NULL, b5 BIGINT NOT NULL, seen INTEGER NOT NULL,
  citizens INTEGER NOT NULL, expected DOUBLE PRECISION NOT NULL, usual DOUBLE PRECISION NOT NULL, usual_most INTEGER NOT NULL,
  ratio DOUBLE PRECISION, highest_days INTEGER NOT NULL, minutes_since_post INTEGER, post_id BIGINT,
  score DOUBLE PRECISION NOT NULL, novelty DOUBLE PRECISION NOT NULL, negative INTEGER NOT NULL DEFAULT 0,
  feelings INTEGER NOT NULL DEFAULT 0, sentence TEXT NOT NULL, dispersion DOUBLE PRECISION NOT NULL DEFAULT 0,
  factor DOUBLE PRECISION NOT NULL DEFAULT 0, PRIMARY KEY(alert_id, series_id));
CREATE INDEX alert_members_series ON alert_members(series_id);
CREATE TABLE alert_moves(
  id INTEGER PRIMARY KEY, alert_id BIGINT NOT NULL REFERENCES alerts(id), move TEXT NOT NULL, level INTEGER NOT NULL,
  score DOUBLE PRECISION NOT NULL, series_id BIGINT, at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  sentence TEXT NOT NULL DEFAULT '', UNIQUE(alert_id, move, at, series_id));
CREATE TABLE alert_counts(
  alert_id BIGINT NOT NULL REFERENCES alerts(id), series_id BIGINT NOT NULL, b5 BIGINT NOT NULL, seen DOUBLE PRECISION,
  expected DOUBLE PRECISION NOT NULL, most DOUBLE PRECISION NOT NULL, PRIMARY KEY(alert_id, series_id, b5));
CREATE TABLE alert_steps(
  id INTEGER PRIMARY KEY, alert_id BIGINT NOT NULL REFERENCES alerts(id), act TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  unit_id BIGINT REFERENCES organizations(id), campaign_id BIGINT, incident_id BIGINT, by_login TEXT NOT NULL,
  by_name TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX alert_steps_alert ON alert_steps(alert_id, at);
CREATE TABLE campaigns(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), name TEXT NOT NULL, since BIGINT NOT NULL,
  until BIGINT NOT NULL, reason TEXT NOT NULL DEFAULT '', alert_id BIGINT REFERENCES alerts(id), created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL, cancelled_by TEXT, cancelled_at BIGINT);
CREATE INDEX campaigns_unit ON campaigns(organization_id, since);
CREATE TABLE alert_thresholds(
  id INTEGER PRIMARY KEY, set_at BIGINT NOT NULL, set_by TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  raised DOUBLE PRECISION NOT NULL, held DOUBLE PRECISION NOT NULL, falling_after INTEGER NOT NULL, closed_after INTEGER NOT NULL,
  orange_score DOUBLE PRECISION NOT NULL, orange_excess DOUBLE PRECISION NOT NULL, red_score DOUBLE PRECISION NOT NULL,
  red_excess DOUBLE PRECISION NOT NULL, negative_share DOUBLE PRECISION NOT NULL, negative_least INTEGER NOT NULL,
  heavy DOUBLE PRECISION NOT NULL, per_day DOUBLE PRECISION);
"""
