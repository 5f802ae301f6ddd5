-- +goose Up
-- What a kilometre costs in a programme's own reckoning, and which figures of a journey were entered: of those entered
-- before, length and time count as entered, and the price where there is one.
ALTER TABLE programmes ADD COLUMN own_rates TEXT NOT NULL DEFAULT '[]';
ALTER TABLE legs ADD COLUMN figures TEXT NOT NULL DEFAULT '["METRES","MINUTES"]';
UPDATE legs SET figures = '["METRES","MINUTES","PENCE"]' WHERE pence IS NOT NULL;

-- +goose Down
ALTER TABLE legs DROP COLUMN figures;
ALTER TABLE programmes DROP COLUMN own_rates;
