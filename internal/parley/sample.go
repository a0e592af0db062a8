package parley

// SampleContents is what of an account is sample data.
type SampleContents struct {
	There         bool // also while it is being added
	Users         []UserID
	Inboxes       []InboxID
	Channels      []ChannelID
	Contacts      int
	Conversations int
}
