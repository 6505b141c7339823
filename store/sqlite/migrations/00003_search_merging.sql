-- +goose Up
-- Eight segments of the search are merged at a time, not four, so that each
-- entry is written anew five times among a million and not eight; and never all
-- at once, which one write would wait for, before there are sixty-four.
INSERT INTO search (search, rank) VALUES ('usermerge', 8);
INSERT INTO search (search, rank) VALUES ('crisismerge', 64);
