// Package seed fills a database with as much as a busy business has after two
// years: an account with its team, contacts, conversations, messages, the event
// log and the journal, all derived columns as the product itself would have
// written them. It is for measuring and for looking at the product at size.
//
// The same options give the same rows on every run. Texts are of a vocabulary in
// which a few words are common and most are rare (Word), so that searches of
// every kind find what they are for.
//
// It refuses to fill what is not empty unless it is told to; then it adds an
// account beside the others. The raw mails are stand-ins: a few, shared by all
// messages, so that a million messages don't make a million files.
package seed
