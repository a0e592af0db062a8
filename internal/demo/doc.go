// Package demo owns what lets somebody try the product with no provider, no mail
// server and no customers of their own: the sample data of an invented business
// (Sample), and the customer's side (Customer), a page with the mailboxes and
// phones of invented people.
//
// The customer's side is the far end of the wire, and nothing else. It writes to
// the product over SMTP and is the relay that the product sends through; its
// phones hang on a carrier that the product sends to and is called by as by any
// provider. It knows no service and no database, so what it shows has made the
// whole journey. It keeps its mails and texts in memory, and refuses to pass any
// on to the world: what is for the product goes to the product, all else stays here.
//
// The sample is told, not inserted: its mails and texts are accepted and filed, its replies
// queued and sent, by the services, at the times at which they are said to have
// happened (store.DB.Aside), and nothing of it goes out. Any account may add it
// and remove it again; the customer's side and Fill belong to `parley demo` alone.
package demo
