// Package sms owns what is particular to telephone numbers and texts:
//
//   - numbers as people write them, and the one form in which they are stored and
//     compared, E.164: Number, Parse, Sender;
//   - what a text costs and where it is cut: Measure, Split (3GPP TS 23.038);
//   - how its segments look on the wire, and back: Encode, Decode (3GPP TS 23.040);
//   - what somebody means who writes STOP: KeywordOf, SoundsLikeOptOut.
//
// It changes no text: what has no place in the GSM alphabet makes the whole text
// UCS-2, and that is for a person to see and decide. It refuses I/O: providers and
// SMPP live in channel/sms.
package sms
