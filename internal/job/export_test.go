package job

// Doubt is what a claim or an end does that the database did not confirm.
func (q *Queue) Doubt() { q.held.doubted() }
