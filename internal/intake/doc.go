// Package intake is the way in: it accepts what channels bring, makes it durable
// before it is answered, and files it: parse, match the contact, find the
// conversation, commit.
//
// The journal is the promise that nothing is lost. Accept writes the bytes, the
// account's total and the filing job in one transaction. Filing happens later
// and can be repeated: a second run finds the entry filed and does nothing. What
// cannot be read as mail becomes a visible conversation with the bytes attached;
// what fails by our fault is retried, then shown as failed until a person
// retries it.
//
//	Accept                        bytes to a journal entry (channel.Sink)
//	File                          the handler of FilingJob: entries to messages
//	Totals, Entries, Raw, Retry   the journal's page
//
// It refuses to talk to anybody: no answer, bounce or automatic reply leaves
// from here. Who follows the event log does that.
package intake
