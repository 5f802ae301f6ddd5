-- +goose Up
-- What came of it: steps and outcomes of teams, who was there on a visit day, which teams build on an insight, and what the
-- organiser contracts.
ALTER TABLE teams ADD COLUMN milestones TEXT NOT NULL DEFAULT '[]';
ALTER TABLE teams ADD COLUMN outcomes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE insights ADD COLUMN used_by_team_ids TEXT NOT NULL DEFAULT '[]';

CREATE TABLE attendances (
  id TEXT PRIMARY KEY,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  on_day TEXT NOT NULL,
  present_ids TEXT NOT NULL,
  absent_ids TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (cohort_id, on_day)
);

CREATE TABLE budget_lines (
  id TEXT PRIMARY KEY,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  text TEXT NOT NULL,
  pence BIGINT NOT NULL,
  basis TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX budget_lines_cohort ON budget_lines (cohort_id);

-- +goose Down
DROP TABLE budget_lines;
DROP TABLE attendances;
ALTER TABLE insights DROP COLUMN used_by_team_ids;
ALTER TABLE teams DROP COLUMN outcomes;
ALTER TABLE teams DROP COLUMN milestones;
