// Package sanitize makes untrusted HTML safe: mail HTML that is shown as its own
// sandboxed document (Mail), and what users write for mails and notes (Composed).
//
// HTML is read token by token into a tree of our own making, which holds only
// elements and attributes of an allow-list, nested the way a browser would read
// them back; styles, addresses and images are written anew; bluemonday guards the
// exit. The work is linear in the input, which is capped, and to sanitise twice
// changes nothing.
//
// It refuses to fetch, to look anything up and to keep what it does not know.
package sanitize
