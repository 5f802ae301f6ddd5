-- +goose Up
CREATE TABLE plan_reasons (
  id TEXT PRIMARY KEY REFERENCES visit_plans (id) ON DELETE CASCADE,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  digest TEXT NOT NULL,
  whole BOOLEAN NOT NULL,
  result TEXT NOT NULL
);

-- +goose Down
DROP TABLE plan_reasons;
