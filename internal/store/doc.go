// Package store owns ALL SQL: both dialects, the migrations, and the only ways
// into a transaction, DB.View and DB.Update.
//
// Every query is written once with ? and runs on SQLite and PostgreSQL; what
// cannot be shared is a method of dialect. Every method takes the account, and
// every list takes what the actor may see. The store decides nothing: it
// gathers facts and writes decisions.
//
// A change appends its events in the same transaction (Tx.AppendEvent); their
// numbers come from the account's counter row, taken last, so that their order
// is commit order. Update wakes whoever watches (DB.Watch) after the commit.
package store
