package merge

import "time"

// Field is something that an expression can name.
type Field struct {
	Name   string // "contact.first_name"
	Group  string // contact, user, conversation, account or channel
	Label  string // what a chip shows
	Sample string // what it may stand for
}

// The fields that are more than a line of text.
const (
	History = "conversation.history"    // the whole thread: block HTML
	Started = "conversation.started_at" // a time, for the filter date
)

// Fields are all fields, in the order of menus.
var Fields = []Field{
	{"contact.name", "contact", "Contact: name", "Ada Lovelace"},
	{"contact.first_name", "contact", "Contact: first name", "Ada"},
	{"contact.last_name", "contact", "Contact: last name", "Lovelace"},
	{"contact.email", "contact", "Contact: email", "ada@customer.example"},
	{"contact.phone", "contact", "Contact: phone", "+44 20 7946 0123"},
	{"contact.company", "contact", "Contact: company", "Analytical Engines"},
	{"contact.job_title", "contact", "Contact: job title", "Head of Programming"},
	{"user.name", "user", "User: name", "Grace Hopper"},
	{"user.first_name", "user", "User: first name", "Grace"},
	{"user.email", "user", "User: email", "grace@company.example"},
	{"conversation.number", "conversation", "Conversation: number", "1234"},
	{"conversation.subject", "conversation", "Conversation: subject", "Broken chain"},
	{Started, "conversation", "Conversation: started", "2 March 2026"},
	{History, "conversation", "Conversation: history", "All messages, the oldest first"},
	{"account.name", "account", "Account: name", "Harbour Bikes"},
	{"channel.name", "channel", "Channel: name", "Support"},
	{"channel.address", "channel", "Channel: address", "support@company.example"},
}

var known = func() map[string]Field {
	m := map[string]Field{}
	for _, f := range Fields {
		m[f.Name] = f
	}
	return m
}()

// Known reports whether there is a field of this name.
func Known(name string) bool {
	_, ok := known[name]
	return ok
}

// HasDefault reports whether an account may say what stands where the field has no value.
func HasDefault(name string) bool { return Known(name) && name != History && name != Started }

// Facts are what the fields stand for in one letter.
type Facts struct {
	Values   map[string]string // by field; absent or blank: it has no value
	Defaults map[string]string // the account's, by field
	Started  time.Time         // of the conversation, in the account's time zone; zero: it has not
	History  Thread            // what History stands for
}

func (f Facts) value(field string) string {
	if field == Started {
		if f.Started.IsZero() {
			return ""
		}
		return f.Started.Format(time.RFC3339)
	}
	return line(f.Values[field])
}
