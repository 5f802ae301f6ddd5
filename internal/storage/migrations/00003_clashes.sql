-- +goose Up
ALTER TABLE visit_plannings ADD COLUMN clashes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE visit_plannings ADD COLUMN clashes_complete BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE visit_plannings DROP COLUMN clashes_complete;
ALTER TABLE visit_plannings DROP COLUMN clashes;
