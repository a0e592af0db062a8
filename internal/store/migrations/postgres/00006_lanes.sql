-- +goose Up
-- Whether a job of a lane runs, and which jobs of no lane are due, is asked at every claim.
CREATE INDEX jobs_lane_running ON jobs (lane) WHERE state = 'running' AND lane <> '';
CREATE INDEX jobs_due_alone ON jobs (kind, run_at, id) WHERE state = 'ready' AND lane = '';

-- +goose Down
DROP INDEX jobs_lane_running;
DROP INDEX jobs_due_alone;
