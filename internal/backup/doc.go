// Package backup owns the one file that holds everything: all rows of one
// snapshot of the database, whichever it is, and every blob they refer to. It is
// taken while the server runs and put back into either database.
//
// The file is a tar compressed with Zstandard (RFC 8878), and encrypted with age
// if a recipient or passphrase is given:
//
//	backup.json                  what it is, first
//	rows/TABLE/000001.jsonl      a JSON array a row, at most 1 MiB of them, parents before children
//	blobs/ACCOUNT/SHA256         the bytes
//	secret.key                   only in an encrypted file
//	end.json                     what must have come before it, last
//
// It refuses to run on a database that holds an account, to give up at a damaged
// blob of the source (it is counted and named), and to keep the secret key in a
// file that anybody can read.
package backup
