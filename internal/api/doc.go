// Package api is the HTTP edge: it decodes a request, calls one service and
// encodes the answer. It owns the outside contract of DESIGN §6: the paths, the
// wire types, problem+json, who is signed in, Idempotency-Key, cursors, and the
// OpenAPI document made from all of them.
//
// It refuses to decide anything: permissions and rules are asked in the
// services, and it never touches the store.
package api
