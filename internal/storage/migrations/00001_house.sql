-- +goose Up
-- The portable subset: the same statements run on SQLite and PostgreSQL. Ids are made by the program; days are ISO text, so
-- that their order is the days' order; lists that nobody searches are JSON text.

CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  data_version BIGINT NOT NULL,
  audit_hash TEXT NOT NULL
);
INSERT INTO ledger (id, data_version, audit_hash) VALUES (1, 0, '');

CREATE TABLE audit_events (
  seq BIGINT PRIMARY KEY,
  at TIMESTAMP NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  payload TEXT NOT NULL,
  impact TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE changes (
  version BIGINT PRIMARY KEY,
  at TIMESTAMP NOT NULL,
  type TEXT NOT NULL,
  node_id TEXT NOT NULL,
  gone BOOLEAN NOT NULL,
  programme_id TEXT NOT NULL,
  cohort_id TEXT NOT NULL,
  team_id TEXT NOT NULL,
  person_id TEXT NOT NULL
);
CREATE INDEX changes_node ON changes (node_id, version);

CREATE TABLE idempotency (
  actor_id TEXT NOT NULL,
  key TEXT NOT NULL,
  action TEXT NOT NULL,
  payload TEXT NOT NULL,
  reply TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (actor_id, key)
);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  role TEXT NOT NULL,
  on_id TEXT NOT NULL,
  within_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  made_by_id TEXT NOT NULL,
  made_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  revoked_at TIMESTAMP,
  last_used_at TIMESTAMP
);

CREATE TABLE programmes (
  id TEXT PRIMARY KEY,
  external_key TEXT NOT NULL,
  name TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  office_nation TEXT NOT NULL,
  seats_public INTEGER NOT NULL CHECK (seats_public >= 0),
  seats_private INTEGER NOT NULL CHECK (seats_private >= 0),
  milestones TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  CHECK (starts_on <= ends_on)
);
CREATE UNIQUE INDEX programmes_key ON programmes (external_key) WHERE external_key <> '';

CREATE TABLE cohorts (
  id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  external_key TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE UNIQUE INDEX cohorts_name ON cohorts (programme_id, name);

CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  external_key TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  sector TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT,
  external_key TEXT,
  affiliations TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE UNIQUE INDEX people_key ON people (external_key) WHERE external_key IS NOT NULL;
CREATE INDEX people_email ON people (email);

CREATE TABLE skills (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE themes (
  id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  name TEXT NOT NULL,
  UNIQUE (programme_id, name)
);

CREATE TABLE challenges (
  id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  external_key TEXT NOT NULL,
  title TEXT NOT NULL,
  owner_id TEXT REFERENCES organisations (id),
  problem TEXT NOT NULL,
  users TEXT NOT NULL,
  need TEXT NOT NULL,
  constraints TEXT NOT NULL,
  success_measures TEXT NOT NULL,
  stage TEXT NOT NULL,
  theme_ids TEXT NOT NULL,
  needed_skill_ids TEXT NOT NULL,
  source TEXT,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE UNIQUE INDEX challenges_title ON challenges (programme_id, title);

CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  challenge_id TEXT REFERENCES challenges (id),
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (cohort_id, number)
);

CREATE TABLE enrolments (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  team_id TEXT REFERENCES teams (id),
  stored TEXT NOT NULL,
  sector_at_enrolment TEXT NOT NULL,
  employer_at_enrolment_id TEXT NOT NULL REFERENCES organisations (id),
  home_station_code TEXT,
  away_on TEXT NOT NULL,
  needs TEXT NOT NULL,
  skill_ratings TEXT NOT NULL,
  accepted_on TEXT,
  left_on TEXT,
  overridden BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (cohort_id, person_id)
);
CREATE INDEX enrolments_person ON enrolments (person_id);
CREATE INDEX enrolments_team ON enrolments (team_id);

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  station_code TEXT NOT NULL,
  step_free BOOLEAN NOT NULL,
  access_notes TEXT,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (organisation_id, name)
);

CREATE TABLE host_offers (
  id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  site_id TEXT NOT NULL REFERENCES sites (id),
  external_key TEXT NOT NULL,
  search_name TEXT NOT NULL,
  state TEXT NOT NULL,
  theme_ids TEXT NOT NULL,
  min_group INTEGER NOT NULL CHECK (min_group >= 1),
  max_group INTEGER NOT NULL,
  duration_minutes INTEGER NOT NULL CHECK (duration_minutes > 0),
  windows TEXT NOT NULL,
  first_open_at TIMESTAMP,
  blackout_dates TEXT NOT NULL,
  lead_time_working_days INTEGER NOT NULL CHECK (lead_time_working_days >= 0),
  required_fields TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  CHECK (min_group <= max_group)
);
CREATE INDEX host_offers_programme ON host_offers (programme_id, search_name, id);
CREATE UNIQUE INDEX host_offers_key ON host_offers (programme_id, external_key) WHERE external_key <> '';

CREATE TABLE visit_plans (
  id TEXT PRIMARY KEY,
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  released_at TIMESTAMP,
  rules TEXT NOT NULL,
  score TEXT NOT NULL,
  bound TEXT,
  proved_levels INTEGER NOT NULL,
  seed BIGINT,
  work BIGINT NOT NULL,
  cancelled BOOLEAN NOT NULL,
  attainable TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL,
  UNIQUE (cohort_id, number)
);
CREATE UNIQUE INDEX visit_plans_in_force ON visit_plans (cohort_id) WHERE state = 'RELEASED';

CREATE TABLE visit_groups (
  id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL REFERENCES visit_plans (id),
  on_day TEXT NOT NULL,
  name TEXT NOT NULL,
  member_ids TEXT NOT NULL
);
CREATE INDEX visit_groups_plan ON visit_groups (plan_id);

CREATE TABLE visits (
  id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL REFERENCES visit_plans (id),
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  offer_id TEXT NOT NULL REFERENCES host_offers (id),
  group_id TEXT NOT NULL REFERENCES visit_groups (id),
  on_day TEXT NOT NULL,
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  stored TEXT NOT NULL,
  pinned BOOLEAN NOT NULL,
  override_reason TEXT,
  cancel_reason TEXT,
  uid TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX visits_plan ON visits (plan_id);
CREATE INDEX visits_cohort ON visits (cohort_id);

CREATE TABLE legs (
  id TEXT PRIMARY KEY,
  visit_id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
  back BOOLEAN NOT NULL,
  home_station_code TEXT NOT NULL,
  mode TEXT NOT NULL,
  metres INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  pence INTEGER,
  grams_co2e INTEGER NOT NULL,
  entered BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX legs_visit ON legs (visit_id);

CREATE TABLE manifests (
  id TEXT PRIMARY KEY,
  visit_id TEXT NOT NULL REFERENCES visits (id),
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  offer_id TEXT NOT NULL REFERENCES host_offers (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  fields TEXT NOT NULL,
  people INTEGER NOT NULL,
  sealed_hash TEXT NOT NULL,
  submitted_at TIMESTAMP,
  purge_after TEXT NOT NULL,
  manifest_rows TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX manifests_visit ON manifests (visit_id);

CREATE TABLE insights (
  id TEXT PRIMARY KEY,
  visit_id TEXT NOT NULL REFERENCES visits (id),
  cohort_id TEXT NOT NULL REFERENCES cohorts (id),
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  author_id TEXT NOT NULL REFERENCES people (id),
  text TEXT NOT NULL,
  challenge_ids TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX insights_visit ON insights (visit_id);

CREATE TABLE visit_plannings (
  id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programmes (id),
  cohort_ids TEXT NOT NULL,
  plan_ids TEXT NOT NULL,
  state TEXT NOT NULL,
  progress DOUBLE PRECISION,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP,
  failure TEXT,
  seed BIGINT NOT NULL,
  seconds_max INTEGER NOT NULL,
  steps TEXT NOT NULL
);

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  received INTEGER NOT NULL,
  began_at TIMESTAMP NOT NULL
);

CREATE TABLE upload_pieces (
  upload_id TEXT NOT NULL REFERENCES uploads (id),
  place INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (upload_id, place)
);

CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  upload_id TEXT NOT NULL REFERENCES uploads (id),
  programme_id TEXT NOT NULL,
  cohort_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  sheet TEXT,
  state TEXT NOT NULL,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP,
  failure TEXT,
  columns_set TEXT NOT NULL,
  cells TEXT NOT NULL,
  left_out TEXT NOT NULL,
  counts TEXT,
  undo TEXT NOT NULL,
  undone_at TIMESTAMP,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);
CREATE INDEX imports_programme ON imports (programme_id);

-- +goose Down
DROP TABLE imports; DROP TABLE upload_pieces; DROP TABLE uploads; DROP TABLE visit_plannings; DROP TABLE insights; DROP TABLE manifests;
DROP TABLE legs; DROP TABLE visits; DROP TABLE visit_groups; DROP TABLE visit_plans; DROP TABLE host_offers; DROP TABLE sites;
DROP TABLE enrolments; DROP TABLE teams; DROP TABLE challenges; DROP TABLE themes; DROP TABLE skills; DROP TABLE people;
DROP TABLE organisations; DROP TABLE cohorts; DROP TABLE programmes; DROP TABLE api_tokens; DROP TABLE idempotency;
DROP TABLE changes; DROP TABLE audit_events; DROP TABLE ledger;
