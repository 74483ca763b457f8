"""Tables of reports: what was made, each version, each step with its person, the figures with their keys, the timetable."""

# A report belongs to one unit and covers one period with one cut-off. `slot` is the moment of the timetable for which it was
# made (none: made by hand): each at most once. `year`, `number`, `total` are its issue number in the year and of all, given when
# it is issued first and kept by its corrections. A version is never changed: `brief` is what it covers, with the paragraphs that
# a person wrote, `facts` its whole content as canonical JSON, `content` the Word file that is checked (both compressed), `sha256`
# is of both. What was issued stands in `report_signings`, written once with the digest of the file. `report_checks` keeps what
# each verification found. Of `report_timetable` the newest row of a unit and kind counts.
TABLES = """
CREATE TABLE reports(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, organization_id BIGINT NOT NULL REFERENCES organizations(id), since BIGINT NOT NULL,
  until BIGINT NOT NULL, cutoff BIGINT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, slot BIGINT, year INTEGER,
  number INTEGER, total INTEGER, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, made_name TEXT NOT NULL,
  UNIQUE(organization_id, kind, slot), UNIQUE(organization_id, kind, year, number));
CREATE INDEX reports_unit ON reports(organization_id, kind, cutoff);
CREATE TABLE report_versions(
  id INTEGER PRIMARY KEY, report_id BIGINT NOT NULL REFERENCES reports(id), number INTEGER NOT NULL, why TEXT NOT NULL,
  brief TEXT NOT NULL, facts BLOB NOT NULL, content BLOB NOT NULL, sha256 TEXT NOT NULL,
  figures INTEGER NOT NULL, made_at BIGINT NOT NULL, made_by TEXT NOT NULL, made_name TEXT NOT NULL, UNIQUE(report_id, number));
CREATE TABLE report_figures(
  version_id BIGINT NOT NULL REFERENCES report_versions(id), place INTEGER NOT NULL, mark TEXT NOT NULL, key TEXT NOT NULL,
  question TEXT NOT NULL, params TEXT NOT NULL, cutoff BIGINT NOT NULL, row_count INTEGER NOT NULL, value TEXT NOT NULL,
  text TEXT NOT NULL, meaning TEXT NOT NULL, PRIMARY KEY(version_id, place));
CREATE INDEX report_figures_mark ON report_figures(mark, version_id);
CREATE TABLE report_steps(
  id INTEGER PRIMARY KEY, report_id BIGINT NOT NULL REFERENCES reports(id),
  version_id BIGINT NOT NULL REFERENCES report_versions(id), act TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  by_login TEXT NOT NULL, by_name TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX report_steps_report ON report_steps(report_id, id);
CREATE TABLE report_checks(
  id INTEGER PRIMARY KEY, version_id BIGINT NOT NULL REFERENCES report_versions(id), at BIGINT NOT NULL, by_login TEXT NOT NULL,
  agreed INTEGER NOT NULL, later INTEGER NOT NULL, broken INTEGER NOT NULL, findings TEXT NOT NULL);
CREATE INDEX report_checks_version ON report_checks(version_id, id);
CREATE TABLE report_signings(
  version_id BIGINT PRIMARY KEY REFERENCES report_versions(id), report_id BIGINT NOT NULL REFERENCES reports(id),
  content BLOB NOT NULL, sha256 TEXT NOT NULL, correction INTEGER NOT NULL, issued_at BIGINT NOT NULL, issued_by TEXT NOT NULL,
  issued_name TEXT NOT NULL);
CREATE INDEX report_signings_report ON report_signings(report_id, version_id);
CREATE TABLE report_timetable(
  id INTEGER PRIMARY KEY, organization_id BIGINT NOT NULL REFERENCES organizations(id), kind TEXT NOT NULL,
  is_on INTEGER NOT NULL, rhythm TEXT NOT NULL, office TEXT NOT NULL DEFAULT '', report_to TEXT NOT NULL DEFAULT '',
  send_to TEXT NOT NULL DEFAULT '', copy_to TEXT NOT NULL DEFAULT '', number_before INTEGER NOT NULL DEFAULT 0,
  total_before INTEGER NOT NULL DEFAULT 0, set_at BIGINT NOT NULL, set_by TEXT NOT NULL);
CREATE INDEX report_timetable_unit ON report_timetable(organization_id, kind, id);
"""
