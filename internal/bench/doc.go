// Package bench measures the product from outside: it starts the built program on
// a seeded database, asks it over HTTP, SMTP and WebSocket as sixteen clients at
// once do, and writes beside each figure what plain SQL takes for the same work,
// in the same run, on the same database (store/bare).
//
// It refuses to look inside the program, and to send anything anywhere but here.
package bench
