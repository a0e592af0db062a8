package parley

import (
	"strings"
	"time"
	"unicode"
)

// maxInternetID is the longest id worth comparing: a line of RFC 5322 2.1.1.
const maxInternetID = 998

// InternetKey is the form in which Message-IDs are compared and indexed: without
// <>, without white space that folding left inside, lower case (SPEC §3: ids
// compare without case). It is empty where there is nothing to compare.
func InternetKey(id string) string {
	id = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '<' || r == '>' || r == unicode.ReplacementChar {
			return -1
		}
		return unicode.ToLower(r)
	}, id)
	if len(id) > maxInternetID {
		return ""
	}
	return id
}

// ThreadToken is what a verified reply token names. ConversationID is 0 where
// an automated message stood in no conversation when it was sent.
type ThreadToken struct {
	ConversationID ConversationID
	MessageID      MessageID
}

// ThreadQuery is what thread.Choose has to know about the rest of the account
// before it can decide about one mail. The store answers it with
// ThreadEvidence inside the transaction that holds the channel's lock, so that
// no other mail of the channel is filed between the answer and the decision.
type ThreadQuery struct {
	AccountID   AccountID
	ChannelID   ChannelID // that received the mail
	InternetID  string    // InternetKey of its Message-ID; empty: it has none
	ContentHash []byte    // see Message.ContentHash
	From        string    // Address.Key of who wrote it
	Sender      ContactID // whose address that is; 0: the store looks
	Named       []string  // InternetKeys it names: In-Reply-To, then References last to first; unique, at most 200, never its own. Kept with the message as its named ids
	Tokens      []ThreadToken
	Subject     string    // normalised (thread.NormaliseSubject); empty: leave out SameSubject
	ContactID   ContactID // whose conversations SameSubject may be
	Since       time.Time // the oldest Conversation.LastMessageAt of SameSubject
}

// ThreadEvidence is the store's answer to a ThreadQuery. Everything is of the
// query's account. "Filed" means the row is in message, whatever the folder of
// its conversation: trash and spam are included, and told apart by the facts in
// Conversations. ThreadHit.ConversationID is where the message stands now, so
// merges are followed by themselves. The order of each list is free.
type ThreadEvidence struct {
	// Tokens holds one hit for each of ThreadQuery.Tokens that leads anywhere:
	// the message it names; if that is gone, the conversation it names, with
	// MergedIntoID followed and MessageID 0. Hit.Token repeats the token.
	Tokens []ThreadHit
	// Sent holds the outbound messages, of any channel, whose InternetKey is in
	// ThreadQuery.Named.
	Sent []ThreadHit
	// Received holds the inbound messages of ThreadQuery.ChannelID whose
	// InternetKey is in ThreadQuery.Named: one hit for each id and conversation.
	Received []ThreadHit
	// Same holds the messages, inbound and outbound, of any channel, whose
	// InternetKey is ThreadQuery.InternetID: for each channel and conversation
	// the one with the query's ContentHash if there is one, else the oldest.
	// Where ThreadQuery.InternetID is empty: only the message of ThreadQuery.ChannelID
	// that has an empty InternetKey too and the query's ContentHash.
	Same []ThreadHit
	// Children holds the inbound messages of ThreadQuery.ChannelID whose named
	// ids include ThreadQuery.InternetID: for each conversation the one with
	// the earliest At. None where ThreadQuery.InternetID is empty.
	Children []ThreadHit
	// Siblings holds the inbound messages of ThreadQuery.ChannelID whose named
	// ids include one of ThreadQuery.Named, whether that one is filed or missing:
	// one hit for each id and conversation, InternetID being the shared id.
	Siblings []ThreadHit
	// SameSubject is the conversation of ThreadQuery.ContactID on
	// ThreadQuery.ChannelID whose normalised subject is ThreadQuery.Subject and
	// whose LastMessageAt is not before Since; the newest if several; not in the trash.
	SameSubject ConversationID
	// Erased: this very mail (channel, InternetKey, ContentHash) was filed once, and
	// its conversation has been deleted for good since.
	Erased bool
	// Conversations holds the facts of every conversation named above, once.
	Conversations []ThreadConversation
}

// ThreadHit is one message that ThreadQuery asked for.
type ThreadHit struct {
	Token          ThreadToken // Tokens only
	InternetID     string      // the InternetKey asked for that led here; empty in Tokens
	MessageID      MessageID
	ConversationID ConversationID // 0: an automated message that nobody has answered yet
	ChannelID      ChannelID
	ContentHash    []byte    // Same only
	At             time.Time // Message.At; Sent, Received and Children
}

// ThreadConversation holds what the decision has to know of a conversation.
type ThreadConversation struct {
	ID           ConversationID `db:"id"`
	ChannelID    ChannelID      `db:"channel_id"`
	Status       Status         `db:"status"`
	ClosedAt     *time.Time     `db:"closed_at"`
	Spam         bool           `db:"spam"`
	Trashed      bool           `db:"trashed"` // TrashedAt is set
	FollowUpOfID ConversationID `db:"follow_up_of_id"`
	// Replied: an outbound message that a person wrote (not AutoSubmitted) stands
	// in it, in any delivery state but draft and cancelled.
	Replied bool `db:"replied"`
	// MergeUndone: a person took a merge that it was part of back, so it is not merged again by itself.
	MergeUndone bool `db:"merge_undone"`
	// SenderKnown: ThreadQuery.From is an address of its contact, or stands in
	// From, To, Cc or Bcc of a message filed in it.
	SenderKnown bool `db:"sender_known"`
	// ChannelAddresses are the own and the forwarding address of its channel, as
	// Address.Key; needed only where its channel is not ThreadQuery.ChannelID.
	ChannelAddresses []string `db:"-"`
}
