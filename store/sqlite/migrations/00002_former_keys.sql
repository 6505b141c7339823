-- +goose Up
-- The keys that a user had before, so that what they signed can be checked for
-- ever: casefile.FormerKey.
ALTER TABLE users ADD COLUMN "former" TEXT NOT NULL DEFAULT '[]';
