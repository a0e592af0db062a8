package outbox_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/channel/channeltest"
	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/thread"
)

func TestReplyGoesOutThreadedAndAnswersTheContact(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	before := o.conversation()
	m := o.reply(outbox.Letter{HTML: "<p>We <strong>fix</strong> it.</p><script>x</script>"})
	sent := o.relay.Wait(1)[0]
	m = o.await(m.ID, delivery(parley.Sent))

	got := mime.Read(sent.Body)
	tagged := thread.FindInAddresses([]string{got.ReplyTo[0].Email})
	if len(tagged) != 1 || !strings.HasPrefix(got.ReplyTo[0].Email, "support+") {
		t.Errorf("Reply-To is %v", got.ReplyTo)
	}
	if c, id, ok := o.signer.Verify(o.actor.AccountID, tagged[0]); !ok || c != o.conv || id != m.ID {
		t.Errorf("the token names conversation %d, message %d (%v)", c, id, ok)
	}
	if in := thread.FindInBody(got.Text); len(in) != 1 || in[0] != tagged[0] {
		t.Errorf("the body's token is %v", in)
	}
	if got.From != (parley.Address{Name: "Harbour Bikes", Email: "support@harbour.example"}) || got.Subject != "Re: Broken chain" || got.To[0].Email != "ann@client.example" {
		t.Errorf("from %v to %v: %s", got.From, got.To, got.Subject)
	}
	if diff := cmp.Diff([]string{"zero@client.example", "first@client.example"}, got.References); diff != "" || got.InReplyTo[0] != "first@client.example" || got.InternetID != m.InternetID {
		t.Errorf("In-Reply-To %v, id %s: %s", got.InReplyTo, got.InternetID, diff)
	}
	if !strings.Contains(got.HTML, "<strong>fix</strong>") || strings.Contains(got.HTML, "script") || !strings.Contains(got.Text, "We fix it.") {
		t.Errorf("HTML %q text %q", got.HTML, got.Text)
	}
	c := o.conversation()
	if c.WaitingSince != nil || c.FirstReplyAt == nil || c.LastOutboundAt == nil || c.AssigneeID != o.actor.UserID || c.MessageCount != 2 || c.LastSeq <= before.LastSeq {
		t.Errorf("the conversation is %+v", c)
	}
	if diff := cmp.Diff([]parley.EventKind{parley.ConversationAssigned, parley.MessageQueued, parley.MessageSent}, o.kinds(before.LastSeq)); diff != "" {
		t.Error(diff)
	}
}

func TestWhoAReplyGoesToWhereItDoesNotSay(t *testing.T) {
	t.Parallel()
	bert := parley.Addresses{{Email: "bert@client.example"}}
	for name, c := range map[string]struct {
		letter outbox.Letter
		want   []string
	}{
		"nothing said":           {outbox.Letter{}, []string{"ann@client.example"}},
		"nobody at all":          {outbox.Letter{To: parley.Addresses{}, Cc: parley.Addresses{}}, []string{"ann@client.example"}},
		"a copy beside":          {outbox.Letter{Cc: bert}, []string{"ann@client.example", "bert@client.example"}},
		"nobody, and a copy":     {outbox.Letter{To: parley.Addresses{}, Cc: bert}, []string{"bert@client.example"}},
		"a forward with a copy":  {outbox.Letter{Kind: parley.KindForward, Bcc: bert}, []string{"bert@client.example"}},
		"somebody else entirely": {outbox.Letter{To: bert}, []string{"bert@client.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c.letter.Text = "Hello"
			var got []string
			for _, r := range o.reply(c.letter).Recipients {
				got = append(got, r.Address)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneKeySendsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	o.actor.Once = parley.Once{Key: "k", Fingerprint: "f"}
	var wg sync.WaitGroup
	ids := make(chan parley.MessageID, 8)
	for range 8 {
		wg.Go(func() { ids <- o.reply(outbox.Letter{Text: "Once."}).ID })
	}
	wg.Wait()
	close(ids)
	first := <-ids
	for id := range ids {
		if id != first {
			t.Errorf("message %d and %d of one key", first, id)
		}
	}
	o.await(first, delivery(parley.Sent))
	if got := len(o.relay.Mails()); got != 1 {
		t.Errorf("%d mails went out", got)
	}
}

func TestSendIsHeldWhenSomethingNewerArrived(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seen := o.conversation().LastSeq
	o.reply(outbox.Letter{Text: "A colleague was faster."})
	_, err := o.out.Send(t.Context(), o.actor, o.conv, outbox.Letter{Kind: parley.KindReply, Text: "Mine", SeenSeq: &seen})
	if !parley.IsCode(err, parley.Conflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	o.reply(outbox.Letter{Text: "Mine all the same", SeenSeq: &seen, Force: true})
}

// What the product answers by itself is no news to whoever writes.
func TestSendIsNotHeldByAnAutomaticAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seen := o.conversation().LastSeq
	o.reply(outbox.Letter{Text: "We have your message.", Automatic: true})
	if now := o.conversation().LastSeq; now <= seen {
		t.Fatalf("the automatic answer is no newer than %d: %d", seen, now)
	}
	o.reply(outbox.Letter{Text: "Here is what you asked for.", SeenSeq: &seen})
}

func TestFaultsOnTheWay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		fault channeltest.Fault
		want  parley.Delivery
		mails int
		words string
	}{
		{"refused for good", channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.1.1 No such user"}, parley.Failed, 0, "No such user"},
		{"refused after the body", channeltest.Fault{At: channeltest.AtDot, Reply: "554 5.7.1 Spam"}, parley.Failed, 0, "Spam"},
		{"not now", channeltest.Fault{At: channeltest.AtRcpt, Reply: "450 4.2.0 Greylisted"}, parley.Queued, 0, "Greylisted"},
		{"broken before the body", channeltest.Fault{At: channeltest.AtData, Break: true}, parley.Queued, 0, ""},
		{"broken after the last dot", channeltest.Fault{At: channeltest.AtDot, Keep: true, Break: true}, parley.Uncertain, 1, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.relay.Script(c.fault)
			o.run()
			m := o.reply(outbox.Letter{Text: "Hello"})
			m = o.await(m.ID, func(m parley.Message) bool { return m.Delivery == c.want && m.Tries > 0 })
			if !strings.Contains(m.DeliveryError, c.words) || m.DeliveryError == "" || len(o.relay.Mails()) != c.mails {
				t.Errorf("%d mails, error %q", len(o.relay.Mails()), m.DeliveryError)
			}
			if got, want := o.conversation().FailedCount == 1, c.want.NeedsAttention(); got != want {
				t.Errorf("counted as failed: %v, want %v", got, want)
			}
			if c.want == parley.Queued && m.SendAt == nil {
				t.Error("the next try has no time")
			}
		})
	}
}

func TestOneBadRecipientHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.relay.Script(channeltest.Fault{At: channeltest.AtRcpt, Only: "bad@client.example", Reply: "550 5.1.1 Unknown"})
	o.run()
	m := o.reply(outbox.Letter{Text: "Hi", To: parley.Addresses{{Email: "ann@client.example"}, {Email: "bad@client.example"}}, Bcc: parley.Addresses{{Email: "boss@harbour.example"}}})
	m = o.await(m.ID, delivery(parley.Failed))
	states := map[string]parley.Delivery{}
	for _, r := range m.Recipients {
		states[r.Address] = r.Delivery
	}
	want := map[string]parley.Delivery{"ann@client.example": parley.Sent, "bad@client.example": parley.Failed, "boss@harbour.example": parley.Sent}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	if body := o.relay.Mails()[0].Body; bytes.Contains(body, []byte("boss@")) {
		t.Error("the blind copy stands in the mail")
	}
	// A retry goes to the one who was not reached, and to nobody else.
	if _, err := o.out.Retry(t.Context(), o.actor, m.ID); err != nil {
		t.Fatal(err)
	}
	mails := o.relay.Wait(2)
	if diff := cmp.Diff([]string{"bad@client.example"}, mails[1].To); diff != "" {
		t.Error(diff)
	}
	o.await(m.ID, delivery(parley.Sent))
	if got := o.conversation().FailedCount; got != 0 {
		t.Errorf("failed count is %d after the retry", got)
	}
}

// A process that dies between the claim and the answer leaves "sending": the
// message is uncertain then, and sent again only when a person asks for it.
func TestFoundSendingAfterACrashIsUncertain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.reply(outbox.Letter{Text: "Hello"})
	o.update(func(tx *store.Tx) error {
		if _, err := tx.ClaimJobs(t.Context(), outbox.SendJob, "n1", 1, time.Hour); err != nil {
			return err
		}
		m.Delivery = parley.Sending
		for _, r := range m.Recipients {
			r.Delivery = parley.Sending
			if err := tx.UpdateRecipient(t.Context(), r); err != nil {
				return err
			}
		}
		return tx.UpdateMessageDelivery(t.Context(), &m)
	})
	o.run()
	o.await(m.ID, delivery(parley.Uncertain))
	if got := len(o.relay.Mails()); got != 0 {
		t.Fatalf("%d mails were sent without proof", got)
	}
	if _, err := o.out.Retry(t.Context(), o.actor, m.ID); err != nil {
		t.Fatal(err)
	}
	if sent := o.relay.Wait(1)[0]; mime.Read(sent.Body).InternetID != m.InternetID {
		t.Error("the second attempt has another Message-ID: whoever got the first cannot tell")
	}
}

func TestTakenBackWithinTheTimeToUndo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	before := o.conversation()
	m := o.reply(outbox.Letter{Text: "Oops", UndoSeconds: 60})
	if m.Delivery != parley.Scheduled || o.conversation().WaitingSince == nil {
		t.Fatalf("a message within its time to undo is %s and answers already", m.Delivery)
	}
	m, err := o.out.Cancel(t.Context(), o.actor, m.ID)
	if err != nil || m.Delivery != parley.Cancelled {
		t.Fatalf("%s, %v", m.Delivery, err)
	}
	after := o.conversation()
	if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(parley.Conversation{}, "LastSeq", "UnreadSeq")); diff != "" {
		t.Errorf("the conversation is not as it was before the send:\n%s", diff)
	}
	if _, err := o.out.Cancel(t.Context(), o.actor, m.ID); err != nil {
		t.Errorf("taking back twice: %v", err)
	}
	if len(o.relay.Mails()) != 0 {
		t.Error("it left all the same")
	}
}

func TestTakenBackWhileTheRelayIsDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.relay.Script(channeltest.Fault{At: channeltest.AtMail, Reply: "421 4.3.2 Going down", Break: true})
	o.run()
	m := o.reply(outbox.Letter{Text: "Never mind"})
	o.await(m.ID, func(m parley.Message) bool { return m.Delivery == parley.Queued && m.Tries == 1 })
	if _, err := o.out.Cancel(t.Context(), o.actor, m.ID); err != nil {
		t.Fatal(err)
	}
	c := o.conversation()
	if c.WaitingSince == nil || c.LastOutboundAt != nil || c.FirstReplyAt != nil {
		t.Errorf("the contact waits again, but the conversation says %+v", c)
	}
}

func TestWhatLeftCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	m := o.reply(outbox.Letter{Text: "Gone"})
	o.await(m.ID, delivery(parley.Sent))
	if _, err := o.out.Cancel(t.Context(), o.actor, m.ID); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("cancel gave %v", err)
	}
	if _, err := o.out.Retry(t.Context(), o.actor, m.ID); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("retry gave %v", err)
	}
}

func TestFilesAndInlineImages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	file, err := o.out.Upload(t.Context(), o.actor, `C:\docs\Größe.pdf`, "application/pdf", strings.NewReader("%PDF"))
	if err != nil || file.Filename != "Größe.pdf" {
		t.Fatalf("%+v %v", file, err)
	}
	image, err := o.out.Upload(t.Context(), o.actor, "chain.png", "image/png", strings.NewReader("\x89PNG"))
	if err != nil {
		t.Fatal(err)
	}
	html := `<p>See <img src="/api/v1/attachments/` + image.ID.String() + `?inline=1"></p>`
	o.reply(outbox.Letter{HTML: html, AttachmentIDs: []parley.AttachmentID{file.ID, image.ID}})
	got := mime.Read(o.relay.Wait(1)[0].Body)
	if len(got.Parts) != 2 {
		t.Fatalf("%d parts", len(got.Parts))
	}
	for _, p := range got.Parts {
		switch p.Filename {
		case "Größe.pdf":
			if p.Inline || string(p.Body) != "%PDF" {
				t.Errorf("the file came as %+v", p)
			}
		case "chain.png":
			if !p.Inline || !strings.Contains(got.HTML, "cid:"+p.ContentID) {
				t.Errorf("the image came as %q in %s", p.ContentID, got.HTML)
			}
		default:
			t.Errorf("unexpected part %q", p.Filename)
		}
	}
	if _, err := o.out.Send(t.Context(), o.actor, o.conv, outbox.Letter{Kind: parley.KindReply, Text: "again", AttachmentIDs: []parley.AttachmentID{file.ID}}); !parley.IsCode(err, parley.Invalid) {
		t.Errorf("a file of another message was taken: %v", err)
	}
}

func TestForwardCarriesTheMessageAndStaysInTheConversation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	m := o.reply(outbox.Letter{Kind: parley.KindForward, Text: "Please look.", To: parley.Addresses{{Email: "workshop@harbour.example"}}})
	got := mime.Read(o.relay.Wait(1)[0].Body)
	if got.Subject != "Fwd: Broken chain" || !strings.Contains(got.Text, "My chain broke.") || !strings.Contains(got.Text, "ann@client.example") || len(got.InReplyTo) != 0 {
		t.Errorf("%s\n%s", got.Subject, got.Text)
	}
	o.await(m.ID, delivery(parley.Sent))
	if c := o.conversation(); c.WaitingSince == nil {
		t.Error("a forward counts as an answer to the contact")
	}
}

func TestBadLettersNameEveryField(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	subject := "two\r\nBcc: evil@x.test"
	_, err := o.out.Send(t.Context(), o.actor, o.conv, outbox.Letter{
		Kind: parley.KindReply, Text: " ", Subject: &subject, To: parley.Addresses{{Email: "no address"}}, UndoSeconds: 61,
	})
	if !parley.IsCode(err, parley.Invalid) {
		t.Fatalf("got %v", err)
	}
	fields := fieldsOf(err)
	for _, want := range []string{"text", "subject", "to[0].email", "undo_seconds"} {
		if !fields[want] {
			t.Errorf("%s is not named in %v", want, fields)
		}
	}
	_, err = o.out.Send(t.Context(), o.actor, o.conv, outbox.Letter{Kind: parley.KindReply, Text: "x", To: parley.Addresses{{Email: "Support@Harbour.example"}}})
	if !parley.IsCode(err, parley.Conflict) {
		t.Errorf("a mail to our own address gave %v", err)
	}
}

func TestStartedConversationIsADraftUntilSomethingIsSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	id, err := o.out.Start(t.Context(), o.actor, outbox.NewConversation{ChannelID: o.channel.ID, Source: parley.FromUser, Letter: outbox.Letter{To: parley.Addresses{{Name: "Bo", Email: "bo@client.example"}}}})
	if err != nil {
		t.Fatal(err)
	}
	o.conv = id
	if c := o.conversation(); !c.Draft || c.Folder != parley.FolderDraft || c.AssigneeID != o.actor.UserID {
		t.Fatalf("%+v", c)
	}
	subject := "Your bike is ready"
	o.reply(outbox.Letter{Text: "Come by.", Subject: &subject})
	sent := mime.Read(o.relay.Wait(1)[0].Body)
	if sent.Subject != subject || sent.To[0].Email != "bo@client.example" {
		t.Errorf("%s to %v", sent.Subject, sent.To)
	}
	if c := o.conversation(); c.Draft || c.Subject != subject || c.FirstReplyAt != nil {
		t.Errorf("%+v", c)
	}
}

func TestOthersSeeNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.reply(outbox.Letter{Text: "Hello"})
	strangers := map[string]parley.Actor{
		"another account": {AccountID: o.actor.AccountID + 1, UserID: 99, Role: parley.Owner, AllInboxes: true},
		"another inbox":   {AccountID: o.actor.AccountID, UserID: 99, Role: parley.Agent},
	}
	for name, actor := range strangers {
		_, sendErr := o.out.Send(t.Context(), actor, o.conv, outbox.Letter{Kind: parley.KindReply, Text: "x"})
		_, readErr := o.out.Message(t.Context(), actor, m.ID)
		_, cancelErr := o.out.Cancel(t.Context(), actor, m.ID)
		for _, err := range []error{sendErr, readErr, cancelErr} {
			if !parley.IsCode(err, parley.NotFound) {
				t.Errorf("%s: got %v, want not found", name, err)
			}
		}
	}
	light := o.actor
	light.Role = parley.LightAgent
	if _, err := o.out.Send(t.Context(), light, o.conv, outbox.Letter{Kind: parley.KindReply, Text: "x"}); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("a light agent sends: %v", err)
	}
}

func fieldsOf(err error) map[string]bool {
	out := map[string]bool{}
	e := &parley.Error{}
	ok := errors.As(err, &e)
	if !ok {
		return out
	}
	out[e.Field] = true
	for _, more := range e.More {
		out[more.Field] = true
	}
	return out
}
