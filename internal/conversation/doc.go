// Package conversation owns what a team does with a conversation: who has it, in
// which inbox it stands, whether it is open, read or spam, its notes and drafts,
// how two become one; and how conversations are listed, searched and read.
//
// The rules of how a conversation advances are pure functions (Received,
// Replied, Closed …) that every room shares which files or sends a message.
//
// It refuses to send anything and to make up conversations: intake and outbox
// start them.
package conversation
