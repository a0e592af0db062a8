// Package sms owns what is particular to telephone numbers and texts. Now that is
// the one form in which numbers are stored and compared, E.164:
//
//	key, ok := sms.Number("07700 900123", "GB") // "+447700900123"
//
// It refuses I/O: providers live in channel/sms.
package sms
