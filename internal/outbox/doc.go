// Package outbox owns the way out: compose, queue, claim, send, record.
//
// A message is queued in one transaction with all that follows from it: the
// conversation's times, the assignment to whoever answers, the event, the job.
// Sending holds no transaction open. "sending" is committed before the provider
// is called; found after a crash it becomes "uncertain", which only proof or a
// person moves on, because SMTP cannot be asked whether it has a mail already.
//
// It refuses to know how a message looks on the wire (the channel composes) and
// who may be answered automatically (autoreply).
package outbox
