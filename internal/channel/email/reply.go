package email

import "fmt"

// reply is one answer of RFC 5321 4.2 with its enhanced status code (RFC 3463).
type reply struct {
	code   int
	status string
	text   string
}

func (r reply) bytes() []byte { return fmt.Appendf(nil, "%d %s %s\r\n", r.code, r.status, r.text) }

// What the listener says. The texts end up in the bounces of the senders.
var (
	replyOK         = reply{250, "2.0.0", "OK"}
	replyBye        = reply{221, "2.0.0", "Bye"}
	replyTLS        = reply{220, "2.0.0", "Ready to start TLS"}
	replyFrom       = reply{250, "2.1.0", "Sender OK"}
	replyTo         = reply{250, "2.1.5", "Recipient OK"}
	replyVerify     = reply{252, "2.1.5", "Send some mail and see"}
	replyChunk      = reply{250, "2.0.0", "Chunk OK"}
	replyAccepted   = reply{250, "2.0.0", "Message accepted"}
	replyTooOld     = reply{421, "4.4.2", "Timeout, closing the connection"}
	replyClosing    = reply{421, "4.3.2", "Shutting down, try again later"}
	replyBusy       = reply{421, "4.3.2", "Too many connections, try again later"}
	replyBusyClient = reply{421, "4.7.0", "Too many connections from your address"}
	replyTooManyBad = reply{421, "4.7.0", "Too many errors, closing the connection"}
	replyFault      = reply{421, "4.3.0", "Local error, try again later"}
	replyLater      = reply{451, "4.3.0", "The message could not be stored, try again later"}
	replyLookup     = reply{451, "4.3.0", "Local error, try again later"}
	replyFull       = reply{452, "4.3.1", "Too much mail at the moment, try again later"}
	replyManyTo     = reply{452, "4.5.3", "Too many recipients in one message"}
	replyUnknown    = reply{500, "5.5.1", "Command not recognised"}
	replyLongLine   = reply{500, "5.5.2", "Command line too long"}
	replySyntax     = reply{501, "5.5.4", "Syntax error in parameters"}
	replyNotOffered = reply{502, "5.5.1", "Command not implemented"}
	replySequence   = reply{503, "5.5.1", "Bad sequence of commands"}
	replyNeedHello  = reply{503, "5.5.1", "Say EHLO first"}
	replyNeedTo     = reply{503, "5.5.1", "No valid recipients"}
	replyNoMailbox  = reply{550, "5.1.1", "No such address here"}
	replyTooLarge   = reply{552, "5.3.4", "The message is too large"}
	replyBadFrom    = reply{553, "5.1.7", "Sender address not understood"}
	replyBadTo      = reply{553, "5.1.3", "Recipient address not understood"}
	replyParameter  = reply{555, "5.5.4", "Parameter not recognised"}
)
