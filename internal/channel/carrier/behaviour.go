package carrier

import (
	"strconv"
	"strings"
	"time"
)

// Behaviour is what becomes of texts to one number. The zero Behaviour delivers them.
type Behaviour struct {
	// Refuse answers the request with this error of Twilio's: 21211, 21610, 21614, 20429 …
	Refuse int
	// Status answers the request with this HTTP status and nothing that Twilio would say.
	Status int
	// Fail ends with "undelivered" and this error, 30003 to 30008, in place of "delivered".
	Fail int
	// Pace is how long it stays in each state; 0: Config.Pace.
	Pace time.Duration
	// Again makes each call so many more times.
	Again int
	// Backwards makes the calls in the opposite order.
	Backwards bool
	// Silent makes none.
	Silent bool
	// Once: the behaviour holds for one request.
	Once bool
}

// Behave says what becomes of texts to a number.
func (c *Carrier) Behave(number string, b Behaviour) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behave[number] = b
}

// behaviourOf is that of a number: what a test said, or what the number says itself.
// c.mu is held.
func (c *Carrier) behaviourOf(number string) Behaviour {
	b, ok := c.behave[number]
	if !ok {
		return magic(number)
	}
	if b.Once {
		delete(c.behave, number)
	}
	return b
}

// magicPrefix is that of numbers which say themselves what becomes of their texts.
const magicPrefix = "+150055"

// magic reads a number of Twilio's own for tests, or +150055 and an error code:
// +15005530003 is never reached, and +15005521610 has opted out.
func magic(number string) Behaviour {
	rest, ok := strings.CutPrefix(number, magicPrefix)
	if !ok {
		return Behaviour{}
	}
	known := map[string]int{"50001": 21211, "50002": 21612, "50003": 21408, "50004": 21610, "50009": 21614}
	code, ok := known[rest]
	if !ok {
		code, _ = strconv.Atoi(rest) // no number: 0, which is no code
	}
	switch {
	case messages[code] == "":
		return Behaviour{}
	case code >= 30000:
		return Behaviour{Fail: code}
	}
	return Behaviour{Refuse: code}
}

// messages are Twilio's errors that the carrier knows, with what it says of them.
var messages = map[int]string{
	11200: "HTTP retrieval failure",
	11751: "Media Message - Media exceeds messaging provider size limit",
	20003: "Authenticate",
	20404: "The requested resource was not found",
	20429: "Too Many Requests",
	21211: "Invalid 'To' Phone Number",
	21266: "'To' and 'From' number cannot be the same",
	21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
	21602: "Message body is required.",
	21603: "A 'From' phone number is required.",
	21604: "A 'To' phone number is required.",
	21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination.",
	21610: "Attempt to send to unsubscribed recipient",
	21611: "This 'From' number has exceeded the maximum number of queued messages",
	21612: "Message cannot be sent with the current combination of 'To' and 'From' parameters",
	21614: "'To' number is not a valid mobile number",
	21617: "The concatenated message body exceeds the 1600 character limit",
	21620: "Invalid media URL(s)",
	21623: "Number of media files exceeds allowed limit",
	21705: "The Messaging Service Sid is invalid",
	30001: "Queue overflow",
	30002: "Account suspended",
	30003: "Unreachable destination handset",
	30004: "Message blocked",
	30005: "Unknown destination handset",
	30006: "Landline or unreachable carrier",
	30007: "Message filtered",
	30008: "Unknown error",
	30034: "US A2P 10DLC - Message from an Unregistered Number",
}
