package autoreply

import (
	"time"

	"parley/internal/parley"
)

const (
	// Pause is how long a contact gets no second answer on a channel.
	Pause = 24 * time.Hour
	// PerHour is how many answers an account gives in an hour: what is more is a flood or a loop.
	PerHour = 300
)

// Reason says why there is no answer; empty: there is one.
type Reason string

// The reasons.
const (
	Off         Reason = "off"          // the channel does not answer, or not any more
	NotNew      Reason = "not_new"      // not begun by a contact: by a user, a program, or an import
	NotFirst    Reason = "not_first"    // not what began the conversation
	Blocked     Reason = "blocked"      // spam, or a blocked contact
	NoAnswer    Reason = "no_answer"    // a machine, a list, a bounce, or who asks for no automatic answers
	Ours        Reason = "ours"         // from one of our own addresses, or from none
	Forged      Reason = "forged"       // DMARC speaks against the sender
	Lately      Reason = "lately"       // this contact was answered on this channel less than Pause ago
	TooMany     Reason = "too_many"     // the account has given PerHour answers within an hour
	AllAnswered Reason = "all_answered" // somebody was faster
)

// Facts are what the decision needs to know.
type Facts struct {
	Answers  bool // the channel is on, and has a canned message to answer with
	Source   parley.Source
	First    bool // the message began the conversation
	Spam     bool // the conversation is spam, or its contact blocked
	Message  parley.Message
	Ours     bool       // its sender's address is one of our own channels'
	Replied  bool       // a team member has answered already
	LastAt   *time.Time // when this contact was answered on this channel last
	LastHour int        // answers of the account within the last hour
	Now      time.Time
}

// Decide says whether a new conversation is answered automatically.
func Decide(f Facts) Reason {
	m := f.Message
	switch {
	case !f.Answers:
		return Off
	case f.Source != parley.FromContact && f.Source != parley.FromForm:
		return NotNew
	case !f.First || m.Direction != parley.Inbound:
		return NotFirst
	case f.Spam:
		return Blocked
	case m.NoAutoReply || m.AutoSubmitted || m.IsBounce || m.Unparsed:
		return NoAnswer
	case f.Ours || !(parley.Address{Email: m.FromEmail}).Valid():
		return Ours
	case m.Auth != nil && m.Auth.DMARC == parley.VerdictFail:
		return Forged
	case f.Replied:
		return AllAnswered
	case f.LastAt != nil && f.Now.Sub(*f.LastAt) < Pause:
		return Lately
	case f.LastHour >= PerHour:
		return TooMany
	}
	return ""
}
