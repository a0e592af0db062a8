-- +goose Up
-- PostgreSQL gathers its statistics by itself (autovacuum).
SELECT 1;

-- +goose Down
SELECT 1;
