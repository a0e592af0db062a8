// Package autoreply owns the autoresponder: the canned message with which a channel
// answers, once, a conversation that a contact begins; and the answers to STOP,
// START and HELP, where the provider of a number does not give them.
//
// Whether it does is one pure decision (Decide), by the words of RFC 3834 2: never a
// machine, a list, a bounce or ourselves, never who may be forged, nobody twice in a
// day, and no more than so many in an hour. The job that asks is enqueued in the
// transaction that files the mail, and what it sends, what it notes of that and its
// own end are one transaction: each mail is answered once, through any crash.
//
// It refuses to know how mail is written and sent (outbox), and to answer anything
// but the first message of a new conversation, and a keyword.
package autoreply
