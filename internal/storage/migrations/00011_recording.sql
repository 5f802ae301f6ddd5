-- +goose Up
-- Files that are kept: slides, and the sound of runs. BYTEA is PostgreSQL's word; SQLite keeps bytes under any.
CREATE TABLE file_pieces (
  file_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (file_id, place)
);

-- The run that an upload is the sound of, so that a word taken back finds it; empty for other files.
ALTER TABLE uploads ADD COLUMN rehearsal_id TEXT NOT NULL DEFAULT '';

CREATE TABLE recordings (
  id TEXT PRIMARY KEY,
  rehearsal_id TEXT NOT NULL UNIQUE REFERENCES rehearsals (id),
  milliseconds INTEGER NOT NULL,
  offset_milliseconds INTEGER NOT NULL,
  sample_rate INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  peaks TEXT NOT NULL
);

CREATE TABLE voice_analyses (
  id TEXT PRIMARY KEY,
  rehearsal_id TEXT NOT NULL REFERENCES rehearsals (id),
  state TEXT NOT NULL,
  progress DOUBLE PRECISION,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP,
  failure TEXT,
  level TEXT NOT NULL,
  heard TEXT
);
CREATE INDEX voice_analyses_run ON voice_analyses (rehearsal_id);

-- +goose Down
DROP TABLE voice_analyses;
DROP TABLE recordings;
ALTER TABLE uploads DROP COLUMN rehearsal_id;
DROP TABLE file_pieces;
