-- +goose Up
-- Briefs to sponsors: the words, the facts frozen with them, the ledger of what is told, what a cohort's ranges begin by, and
-- links by which a brief is read without an account.
ALTER TABLE cohorts ADD COLUMN ratings_closed_on TEXT;

CREATE TABLE sponsor_briefs (
  id TEXT PRIMARY KEY,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  as_of TEXT NOT NULL,
  frozen_at TIMESTAMP NOT NULL,
  data_version BIGINT NOT NULL,
  facts_hash TEXT NOT NULL,
  terms TEXT NOT NULL,
  headline TEXT NOT NULL,
  summary TEXT NOT NULL,
  goal TEXT NOT NULL,
  level TEXT NOT NULL,
  rating_because TEXT NOT NULL,
  went_badly TEXT NOT NULL,
  decisions TEXT NOT NULL,
  because TEXT NOT NULL,
  beside TEXT NOT NULL,
  released_at TIMESTAMP,
  checked_at TIMESTAMP,
  unequal TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (cohort_id, number)
);

CREATE TABLE brief_facts (
  id TEXT PRIMARY KEY,
  brief_id TEXT NOT NULL REFERENCES sponsor_briefs (id),
  place INTEGER NOT NULL,
  part TEXT NOT NULL,
  part_place INTEGER NOT NULL,
  fact TEXT NOT NULL
);
CREATE INDEX brief_facts_brief ON brief_facts (brief_id, place);

CREATE TABLE brief_values (
  id TEXT PRIMARY KEY,
  brief_id TEXT NOT NULL REFERENCES sponsor_briefs (id),
  place INTEGER NOT NULL,
  figure TEXT NOT NULL,
  cell TEXT NOT NULL,
  state TEXT NOT NULL,
  p INTEGER,
  low DOUBLE PRECISION NOT NULL,
  high DOUBLE PRECISION NOT NULL,
  reason TEXT NOT NULL,
  data_version BIGINT NOT NULL,
  told TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX brief_values_brief ON brief_values (brief_id, place);

CREATE TABLE brief_seals (
  id TEXT PRIMARY KEY REFERENCES cohorts (id),
  secret TEXT NOT NULL,
  people TEXT NOT NULL
);

CREATE TABLE share_links (
  id TEXT PRIMARY KEY,
  brief_id TEXT NOT NULL REFERENCES sponsor_briefs (id),
  cohort_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  label TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  made_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  revoked_at TIMESTAMP,
  opens INTEGER NOT NULL,
  last_opened_at TIMESTAMP
);
CREATE INDEX share_links_brief ON share_links (brief_id);

-- +goose Down
DROP TABLE share_links;
DROP TABLE brief_seals;
DROP TABLE brief_values;
DROP TABLE brief_facts;
DROP TABLE sponsor_briefs;
ALTER TABLE cohorts DROP COLUMN ratings_closed_on;
