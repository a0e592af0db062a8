package live

import (
	"encoding/json"
	"strconv"
	"strings"

	"parley/internal/parley"
)

// Channel names. Ids are unique across accounts, so a name needs no account; who
// may subscribe is asked of the account all the same.
func userChannel(id parley.UserID) string       { return "user:" + id.String() }
func inboxChannel(id parley.InboxID) string     { return "inbox:" + id.String() }
func accountChannel(id parley.AccountID) string { return "account:" + id.String() }

// splitChannel reads "noun:id".
func splitChannel(name string) (noun string, id int64) {
	noun, digits, _ := strings.Cut(name, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id <= 0 {
		return "", 0
	}
	return noun, id
}

// channelsOf lists where an event is published: to exactly those who may see it.
func channelsOf(e parley.Event) []string {
	if private(e) {
		return []string{userChannel(e.UserID)}
	}
	if forAccount(e) {
		return []string{accountChannel(e.AccountID)}
	}
	out := []string{inboxChannel(e.InboxID)}
	if from := movedFrom(e); from != 0 && from != e.InboxID {
		out = append(out, inboxChannel(from)) // those who see only the old inbox must see it leave
	}
	return out
}

// private: a user's own cursor, drafts and canned messages, and conversations that they have not sent yet.
func private(e parley.Event) bool {
	switch e.Kind {
	case parley.ReadMoved, parley.DraftChanged:
		return true
	case parley.CannedMessageChanged:
		return e.UserID != 0
	}
	return e.ConversationID != 0 && e.InboxID == 0 && e.UserID != 0
}

// forAccount: settings and contacts, which stand in no inbox. That an inbox
// changed concerns those, too, who do not see it yet.
func forAccount(e parley.Event) bool { return e.InboxID == 0 || e.Kind == parley.InboxChanged }

func movedFrom(e parley.Event) parley.InboxID {
	if e.Kind != parley.ConversationMoved {
		return 0
	}
	var data struct {
		From parley.InboxID `json:"from"`
	}
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return 0
	}
	return data.From
}

// visible is channelsOf, asked for one actor.
func visible(a parley.Actor, e parley.Event) bool {
	switch {
	case e.AccountID != a.AccountID:
		return false
	case private(e):
		return e.UserID == a.UserID
	case forAccount(e):
		return true
	}
	from := movedFrom(e)
	return a.Sees(e.InboxID) || from != 0 && a.Sees(from)
}
