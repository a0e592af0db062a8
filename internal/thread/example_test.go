package thread_test

import (
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/thread"
)

// A mail comes in that answers message 7 of conversation 3, closed a week ago.
func ExampleChoose() {
	signer := thread.Signer{Keys: [][]byte{[]byte("secret")}}
	replyTo := thread.Tag("help@shop.test", signer.Token(1, 3, 7))
	now := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	weekAgo := now.AddDate(0, 0, -7)

	in := thread.Incoming{
		AccountID: 1, ChannelID: 1, InternetID: "reply@customer.test", From: "ann@customer.test",
		Recipients: []string{replyTo}, Subject: "Re: Order", ReceivedAt: now,
	}
	in.AddressTokens = signer.Read(in.AccountID, thread.FindInAddresses(in.Recipients))
	q := thread.Wanted(in, thread.DefaultPolicy)
	fmt.Println("the store is asked for", q.Tokens)

	evidence := parley.ThreadEvidence{
		Tokens:        []parley.ThreadHit{{Token: q.Tokens[0], MessageID: 7, ConversationID: 3, ChannelID: 1}},
		Conversations: []parley.ThreadConversation{{ID: 3, ChannelID: 1, Status: parley.Closed, ClosedAt: &weekAgo, SenderKnown: true}},
	}
	d := thread.Choose(in, evidence, thread.DefaultPolicy)
	fmt.Printf("conversation %d by rule %s, reopened: %t\n", d.Conversation, d.Rule, d.Reopen)
	// Output:
	// the store is asked for [{3 7}]
	// conversation 3 by rule a, reopened: true
}
