"""Tables of kept inspections and their findings, and the dated rows without which no past date could be asked twice."""

# `post_states`: how a post read until a later look changed it in place (filled its wording, its link, its hour, or edited it);
# `seen_at` is when that look came in. Without these rows a re-run would quote what was learned since.
# `runs.seen_from`, `runs.seen_until`: the stretch of time in which a complete look would have shown a post; `blind_since`,
# `blind_reason`: the outage that stood open when the run ended. `accounts` and `outages` know only how things stand now.
# `inspections.known_at`: nothing that was learned later has a part in the result; `digest` is SHA-256 over what was asked and
# every finding. `findings.line` is one account's result as canonical JSON, never changed.
TABLES = """
CREATE TABLE post_states(
  id INTEGER PRIMARY KEY, post_id BIGINT NOT NULL REFERENCES posts(id), seen_at BIGINT NOT NULL,
  published_at BIGINT NOT NULL, observed_at BIGINT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL);
CREATE INDEX post_states_post ON post_states(post_id, seen_at);
ALTER TABLE runs ADD COLUMN seen_from BIGINT;
ALTER TABLE runs ADD COLUMN seen_until BIGINT;
ALTER TABLE runs ADD COLUMN blind_since BIGINT;
ALTER TABLE runs ADD COLUMN blind_reason TEXT;
UPDATE runs SET seen_from = finished_at, seen_until = finished_at WHERE outcome = 'ok' AND route <> 'files';
UPDATE runs SET seen_from = coalesce((SELECT a.watched_from FROM accounts a WHERE a.id = runs.account_id), seen_from)
  WHERE id IN (SELECT min(r.id) FROM runs r WHERE r.seen_until IS NOT NULL GROUP BY r.account_id);
UPDATE runs SET seen_until = (SELECT a.last_ok_at FROM accounts a WHERE a.id = runs.account_id AND a.route = 'files')
  WHERE route = 'files' AND id IN (SELECT max(r.id) FROM runs r WHERE r.route = 'files' GROUP BY r.account_id);
UPDATE runs SET blind_since = (SELECT min(b.since) FROM outage_accounts b WHERE b.account_id = runs.account_id
  AND b.since <= runs.finished_at AND (b.until IS NULL OR b.until > runs.finished_at)), blind_reason = sentence
  WHERE seen_until IS NULL AND finished_at IS NOT NULL;
CREATE TABLE inspections(
  id INTEGER PRIMARY KEY, as_of BIGINT NOT NULL, known_at BIGINT NOT NULL, roots TEXT NOT NULL, rule TEXT NOT NULL,
  last_post_id BIGINT NOT NULL, judged_by TEXT NOT NULL, accounts INTEGER NOT NULL, checked INTEGER NOT NULL,
  failed INTEGER NOT NULL, digest TEXT NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, note TEXT NOT NULL DEFAULT '');
CREATE INDEX inspections_time ON inspections(as_of);
CREATE TABLE findings(
  inspection_id BIGINT NOT NULL REFERENCES inspections(id), account_id BIGINT NOT NULL REFERENCES accounts(id),
  verdict TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY(inspection_id, account_id));
CREATE INDEX findings_account ON findings(account_id, inspection_id);
CREATE INDEX findings_verdict ON findings(inspection_id, verdict, account_id);
"""
