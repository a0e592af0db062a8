package autoreply

// Answer is the job, for tests that run it themselves.
var Answer = (*Service).answer
