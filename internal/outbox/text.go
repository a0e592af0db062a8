package outbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// TextJob is the kind of job that sends one text. Those of a number run one after
// the other: that is what keeps it within its rate.
const TextJob = "outbox.text"

// textSettings are those of a channel of texts.
func textSettings(ch parley.Channel) (t parley.TextSettings, p parley.TextProvider, err error) {
	var set parley.ChannelSettings
	if err := json.Unmarshal(ch.Settings, &set); err != nil || set.Text == nil {
		return t, p, errors.Join(errors.New("read settings of a number"), err)
	}
	p, _ = parley.TextProviderNamed(set.Text.Provider)
	return *set.Text, p, nil
}

// textFacts checks what a text may not be, and whom it may not go to.
func (d *draft) textFacts(ctx context.Context, tx *store.Tx) error {
	if fault := d.l.checkText(); fault != nil {
		return fault
	}
	out, err := tx.OptedOut(ctx, d.c.AccountID, d.c.Phone)
	if err != nil {
		return fmt.Errorf("ask for consent: %w", err)
	}
	if out && !d.l.Anyway {
		return optedOut()
	}
	_, provider, err := textSettings(d.channel)
	if err != nil {
		return err
	}
	d.limits = provider.Limits()
	return checkImages(d.uploads, d.limits)
}

func optedOut() error {
	return parley.Errorf(parley.Conflict, "contact.opted_out", "This number has opted out of texts. They can opt in again by texting START, or you record the consent they gave you another way.")
}

func (l Letter) checkText() error {
	var f parley.Faults
	if l.Kind == parley.KindForward {
		f.Add(parley.Errorf(parley.Invalid, "text.no_forward", "A text cannot be forwarded. Copy it into a new conversation.").On("kind"))
	}
	if l.Subject != nil && strings.TrimSpace(*l.Subject) != "" && !l.Automatic {
		f.Add(parley.Errorf(parley.Invalid, "text.no_subject", "A text has no subject.").On("subject"))
	}
	for field, list := range map[string]parley.Addresses{"cc": l.Cc, "bcc": l.Bcc} {
		if len(list) > 0 {
			f.Add(parley.Errorf(parley.Invalid, "text.one_recipient", "A text goes to the number of its conversation alone.").On(field))
		}
	}
	return f.Err()
}

func checkImages(files []parley.Attachment, most parley.TextLimits) error {
	if len(files) == 0 {
		return nil
	}
	if most.Pictures == 0 {
		return parley.Errorf(parley.Invalid, "attachment.no_mms", "This number cannot send pictures.").On("attachment_ids")
	}
	if len(files) > most.Pictures {
		return parley.Errorf(parley.Invalid, "attachments.too_many", "A text has at most %d pictures.", most.Pictures).On("attachment_ids")
	}
	var size int64
	for _, a := range files {
		if !slices.Contains(most.PictureTypes, a.ContentType) {
			return parley.Errorf(parley.Invalid, "attachment.not_image", "Only JPEG, PNG and GIF pictures can be sent by text: %s is none.", a.Filename).On("attachment_ids")
		}
		size += a.Size
	}
	if size > most.PictureBytes {
		return parley.Errorf(parley.Invalid, "attachments.too_large", "The pictures of one text may have %d MB together. Make them smaller, or send fewer.", most.PictureBytes/1_000_000).On("attachment_ids")
	}
	return nil
}

// textMessage makes the row and the words of a text: only plain words leave.
func (d *draft) textMessage(m *parley.Message) (parley.Body, error) {
	m.FromPhone, m.FromEmail, m.Subject = d.channel.Address, "", ""
	m.InternetID, m.InReplyTo, m.References = strings.ToLower(rand.Text()), "", nil
	m.To = parley.Addresses{{Name: d.contact.Name, Phone: d.c.Phone}}
	m.Cc, m.Bcc = nil, nil
	m.Recipients = []parley.Recipient{{Kind: parley.RcptTo, Name: d.contact.Name, Address: d.c.Phone, Delivery: m.Delivery}}
	body, missing := d.l.body(d.fields)
	if d.l.Merge && !d.l.MergeEmpty && len(missing) > 0 {
		return body, unresolved(unique(missing, nil))
	}
	body.HTML = ""
	body.Text = strings.TrimSpace(body.Text)
	body.VisibleText = body.Text
	m.Preview = Preview(body.Text)
	if body.Text == "" && len(m.Attachments) > 0 {
		m.Preview = m.Attachments[0].Filename
	}
	return body, d.measure(m, body.Text)
}

// measure counts the segments of a text, and refuses what is too long. With pictures
// it is an MMS: that has none, and is limited in characters.
func (d *draft) measure(m *parley.Message, text string) error {
	if len(m.Attachments) > 0 {
		if utf8.RuneCountInString(text) > d.limits.Characters {
			return parley.Errorf(parley.Invalid, "text.too_long", "This is longer than the %d characters that a text with pictures may have. Send it in parts.", d.limits.Characters).On("text")
		}
		return nil
	}
	if m.Segments = sms.Measure(text).Segments; m.Segments > d.limits.Segments {
		return parley.Errorf(parley.Invalid, "text.too_long", "This is longer than the %d segments that one text may have. Send it in parts.", d.limits.Segments).On("text")
	}
	return nil
}

// textLetter is what the channel makes a provider's request of.
func (s *Service) textLetter(p *parcel) channel.Letter {
	l := channel.Letter{
		From: parley.Address{Phone: p.channel.Address}, To: p.m.To, SentAt: p.m.ReceivedAt, InternetID: p.m.InternetID,
		Text: p.body.Text, AutoSubmitted: p.m.AutoSubmitted,
	}
	if p.hook != "" && s.public.BaseURL != "" {
		l.Callback = s.public.BaseURL + "/hooks/" + p.hook + "?ref=" + p.m.InternetID
	}
	for _, a := range p.m.Attachments {
		l.Parts = append(l.Parts, channel.Part{Filename: a.Filename, ContentType: a.ContentType, URL: s.public.mediaURL(a, p.m.ReceivedAt)})
	}
	return l
}

// startText is where a new conversation by text goes on or begins: the open one of
// the number is gone on with (SPEC §2).
func (s *Service) startText(ctx context.Context, tx *store.Tx, actor parley.Actor, ch parley.Channel, n NewConversation) (parley.ConversationID, error) {
	person, phone, err := s.textAddressee(ctx, tx, actor, ch, n)
	if err != nil {
		return 0, err
	}
	if person.BlockedAt != nil {
		return 0, parley.Errorf(parley.Conflict, "contact.blocked", "This contact is blocked as spam. Mark the conversation as not spam first.")
	}
	n.Letter.To = nil
	id, err := tx.OpenTextConversation(ctx, actor.AccountID, ch.ID, phone)
	if err == nil {
		return s.goOn(ctx, tx, actor, id, n.Letter)
	}
	if !errors.Is(err, store.ErrNoRow) {
		return 0, fmt.Errorf("find conversation: %w", err)
	}
	return s.begin(ctx, tx, actor, ch, person, phone, n)
}

func (s *Service) goOn(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID, l Letter) (parley.ConversationID, error) {
	c, err := tx.LockConversation(ctx, actor.AccountID, id)
	if err != nil {
		return 0, fmt.Errorf("load conversation: %w", err)
	}
	if !actor.Sees(c.InboxID) {
		return 0, parley.Errorf(parley.Conflict, "conversation.elsewhere", "There is an open conversation with this number in an inbox that you do not see.")
	}
	if !l.Empty() || len(l.AttachmentIDs) > 0 {
		_, err = s.SendTx(ctx, tx, actor, &c, l)
	}
	return id, err
}

// textAddressee is the contact that is written to, and which of their numbers.
func (s *Service) textAddressee(ctx context.Context, tx *store.Tx, actor parley.Actor, ch parley.Channel, n NewConversation) (parley.Contact, string, error) {
	settings, _, err := textSettings(ch)
	if err != nil {
		return parley.Contact{}, "", err
	}
	wanted := ""
	if len(n.Letter.To) > 0 {
		wanted, err = sms.Parse(n.Letter.To[0].Phone, settings.Region)
		if fault, ok := errors.AsType[*parley.Error](err); ok {
			return parley.Contact{}, "", fault.On("to[0].phone")
		}
	}
	if n.ContactID == 0 {
		if wanted == "" {
			return parley.Contact{}, "", parley.Errorf(parley.Invalid, "contact.required", "Say who the conversation is with.").On("to")
		}
		person, _, err := s.contacts.FindOrCreateTx(ctx, tx, actor.AccountID, parley.Address{Name: n.Letter.To[0].Name, Phone: wanted})
		return person, wanted, err
	}
	person, err := tx.ContactByID(ctx, actor.AccountID, n.ContactID)
	if errors.Is(err, store.ErrNoRow) {
		return person, "", parley.Errorf(parley.Invalid, "contact.gone", "This contact no longer exists.").On("contact_id")
	}
	if err != nil {
		return person, "", fmt.Errorf("load contact: %w", err)
	}
	phone, err := phoneOf(person, wanted)
	return person, phone, err
}

// phoneOf is the number that was asked for, else the first that takes texts.
func phoneOf(c parley.Contact, wanted string) (string, error) {
	out := false
	for _, p := range c.Points {
		if p.Kind != parley.PointPhone || wanted != "" && p.Key != wanted {
			continue
		}
		if p.OptedOutAt == nil {
			return p.Key, nil
		}
		out = true
	}
	switch {
	case out:
		return "", optedOut()
	case wanted != "":
		return "", parley.Errorf(parley.Invalid, "contact.no_such_phone", "This contact does not have this number.").On("to[0].phone")
	}
	return "", parley.Errorf(parley.Invalid, "contact.no_phone", "This contact has no telephone number.").On("contact_id")
}
