-- +goose Up
-- What a programme's plans are asked for where nobody said otherwise; null is the usual.
ALTER TABLE programmes ADD COLUMN visit_days_max INTEGER;
ALTER TABLE programmes ADD COLUMN one_way_minutes_max INTEGER;

-- +goose Down
ALTER TABLE programmes DROP COLUMN one_way_minutes_max;
ALTER TABLE programmes DROP COLUMN visit_days_max;
