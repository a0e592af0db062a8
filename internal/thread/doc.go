// Package thread decides which conversation a mail belongs to (SPEC §3), and
// owns the signed reply tokens that make the first of its rules sure.
//
// The flow, inside the one transaction that holds the channel's lock:
//
//	in.AddressTokens = signer.Read(account, thread.FindInAddresses(recipients))
//	in.BodyTokens = signer.Read(account, thread.FindInBody(text))
//	evidence := store looks up thread.Wanted(in, policy)
//	decision := thread.Choose(in, evidence, policy)
//	store writes the decision
//
// It refuses I/O, and guesses: a bare number in a subject proves nothing, and a
// subject alone proves something only where the account has switched that on.
package thread
