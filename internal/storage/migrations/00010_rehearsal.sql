-- +goose Up
-- A team's pitch and its runs. None of these tables is named by the change feed.
CREATE TABLE pitches (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL UNIQUE,
  cohort_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  slot_seconds INTEGER NOT NULL,
  question_seconds INTEGER NOT NULL,
  sections TEXT NOT NULL,
  claims TEXT NOT NULL,
  criteria TEXT NOT NULL,
  pronunciations TEXT NOT NULL,
  deck TEXT,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);

CREATE TABLE rehearsals (
  id TEXT PRIMARY KEY,
  pitch_id TEXT NOT NULL REFERENCES pitches (id),
  team_id TEXT NOT NULL,
  cohort_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  started_at TIMESTAMP NOT NULL,
  milliseconds INTEGER,
  last_sequence INTEGER NOT NULL,
  plan TEXT NOT NULL,
  consents TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (pitch_id, number)
);

CREATE TABLE run_events (
  rehearsal_id TEXT NOT NULL REFERENCES rehearsals (id),
  sequence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at_milliseconds INTEGER NOT NULL,
  section_id TEXT,
  slide INTEGER,
  PRIMARY KEY (rehearsal_id, sequence)
);

CREATE TABLE peer_feedback (
  id TEXT PRIMARY KEY,
  rehearsal_id TEXT NOT NULL REFERENCES rehearsals (id),
  author_id TEXT,
  section_id TEXT,
  criterion TEXT,
  level INTEGER,
  text TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE INDEX peer_feedback_run ON peer_feedback (rehearsal_id);

CREATE TABLE kept_questions (
  id TEXT PRIMARY KEY,
  pitch_id TEXT NOT NULL REFERENCES pitches (id),
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  practised INTEGER NOT NULL,
  asked_at TIMESTAMP NOT NULL,
  UNIQUE (pitch_id, key)
);

-- +goose Down
DROP TABLE kept_questions;
DROP TABLE peer_feedback;
DROP TABLE run_events;
DROP TABLE rehearsals;
DROP TABLE pitches;
