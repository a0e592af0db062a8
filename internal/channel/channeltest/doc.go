// Package channeltest holds channel types to their contract (Run), and lends
// the tests of other rooms what stands in for the outside: a Fake channel whose
// provider is the test, a real SMTP server that misbehaves on demand, a
// MessageCentre of another make, a Sink and a Directory in memory.
//
// It refuses to be part of the product: only tests import it.
package channeltest
