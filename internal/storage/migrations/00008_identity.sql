-- +goose Up
-- The identity document of a person for the hosts that ask for one: apart from everything that is listed, exported or kept
-- with a reply, so that deleting its row deletes it. The id is the enrolment's.
CREATE TABLE identities (
  id TEXT PRIMARY KEY REFERENCES enrolments (id),
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  consented_at TIMESTAMP NOT NULL,
  version INTEGER NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  saved_by TEXT NOT NULL
);

-- +goose Down
DROP TABLE identities;
