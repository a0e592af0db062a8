// Package web holds the browser app, built by Vite and embedded in the binary.
// It owns the files and nothing else: which headers they are served with, and
// what answers for a path that is not a file, belongs to the api room.
//
// The app is embedded only with the build tag "webdist", after `npm run build`.
// Without the tag a page takes its place that says so, and `go build` and
// `go test` need no Node.
package web

import "io/fs"

// FS returns the app's files: index.html, theme.js and assets/ at its root, each
// gzipped as NAME.gz where that makes it smaller (tools/pack.mjs).
func FS() fs.FS { return files }

// Built reports whether FS holds the app rather than the page in its place.
func Built() bool { return built }

// below makes dir the root of fsys. The embed directive has checked dir at
// compile time, so a failure is a broken build.
func below(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err)
	}
	return sub
}
