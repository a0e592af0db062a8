package setting_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// upload makes an upload of the actor, as outbox does.
func (w world) upload(actor parley.Actor, name, contentType string, size int64) parley.AttachmentID {
	w.t.Helper()
	key := parley.BlobKey(strings.Repeat("0", 64-len(name)) + name)
	a := parley.Attachment{AccountID: actor.AccountID, UploaderID: actor.UserID, Filename: name, ContentType: contentType, Size: size, Blob: key, CreatedAt: w.clock.now()}
	w.update(func(tx *store.Tx) error {
		if err := tx.InsertBlob(w.t.Context(), a.AccountID, key, []byte(name), 0); err != nil {
			return err
		}
		return tx.InsertAttachment(w.t.Context(), &a)
	})
	return a.ID
}

// refs is how often the blob of an upload is referred to.
func (w world) refs(name string) int {
	w.t.Helper()
	for _, row := range storetest.Dump(w.t, w.place)["blobs"] {
		if !strings.Contains(row, name) {
			continue
		}
		for cell := range strings.FieldsSeq(row) {
			if n, ok := strings.CutPrefix(cell, "refs="); ok {
				return int(n[0] - '0')
			}
		}
	}
	w.t.Fatalf("there is no blob of %s", name)
	return 0
}

func (w world) canned(actor parley.Actor, change setting.CannedChange) parley.CannedMessage {
	w.t.Helper()
	if change.HTML == nil {
		change.HTML = new("<p>Text of " + *change.Name + "</p>")
	}
	c, err := w.CreateCannedMessage(w.t.Context(), actor, change)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestCannedMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.user(parley.Agent, "ann@harbour.example")
	file, image, stray := w.upload(w.owner, "a.pdf", "application/pdf", 10), w.upload(w.owner, "b.png", "image/png", 20), w.upload(ann, "c.pdf", "application/pdf", 5)
	c := w.canned(w.owner, setting.CannedChange{
		Name: new(" Refund "), Shortcut: new("/Refund"), Folder: new("Orders"), Shared: new(true), Subject: new("Your {{ contact.company | default: 'order' }}"),
		HTML:          new(`<p onclick="x">Dear {{ contact.first_name }},<img src="/api/v1/attachments/` + image.String() + `"><script>x</script></p>`),
		AttachmentIDs: &[]parley.AttachmentID{file},
	})
	want := parley.CannedMessage{
		ID: c.ID, AccountID: w.owner.AccountID, Name: "Refund", Shortcut: "refund", Folder: "Orders", Subject: "Your {{ contact.company | default: 'order' }}",
		HTML: `<p>Dear <span data-merge="contact.first_name">Contact: first name</span>,<img src="/api/v1/attachments/` + image.String() + `"/></p>`,
		Text: "Dear {{ contact.first_name }},", CreatedAt: w.clock.now(), UpdatedAt: w.clock.now(), Attachments: c.Attachments,
	}
	want.HTML = strings.ReplaceAll(want.HTML, `"/></p>`, c.HTML[strings.LastIndex(c.HTML, `"`):])
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	if len(c.Attachments) != 2 || c.Attachments[0].Inline || !c.Attachments[1].Inline || w.refs("a.pdf") != 1 || w.refs("b.png") != 1 {
		t.Errorf("its files are %+v", c.Attachments)
	}
	if e := w.lastEvent(); e.Kind != parley.CannedMessageChanged || e.UserID != 0 {
		t.Errorf("%+v", e)
	}
	_, err := w.UpdateCannedMessage(t.Context(), w.owner, c.ID, setting.CannedChange{AttachmentIDs: &[]parley.AttachmentID{stray}})
	wantKey(t, err, "attachment.gone", "attachment_ids")
	c, err = w.UpdateCannedMessage(t.Context(), w.owner, c.ID, setting.CannedChange{HTML: new("<p>No image</p>")})
	if err != nil || len(c.Attachments) != 1 || c.Attachments[0].ID != file || w.refs("b.png") != 0 {
		t.Errorf("%v, %+v", err, c.Attachments)
	}
	own := w.canned(ann, setting.CannedChange{Name: new("Mine"), Shortcut: new("mine")})
	if own.OwnerID != ann.UserID || w.lastEvent().UserID != ann.UserID {
		t.Errorf("%+v", own)
	}
	if err := w.DeleteCannedMessage(t.Context(), w.owner, c.ID); err != nil || w.refs("a.pdf") != 0 {
		t.Error(err)
	}
	_, err = w.CannedMessage(t.Context(), w.owner, c.ID)
	wantKey(t, err, "id.unknown", "")
}

func TestCannedMessageFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, light := w.user(parley.Agent, "ann@harbour.example"), w.user(parley.LightAgent, "leo@harbour.example")
	shared := w.canned(w.owner, setting.CannedChange{Name: new("Shared"), Shared: new(true), Shortcut: new("hi")})
	own := w.canned(ann, setting.CannedChange{Name: new("Own"), Shortcut: new("own")})
	for name, c := range map[string]struct {
		actor      parley.Actor
		id         parley.CannedMessageID
		change     setting.CannedChange
		key, field string
	}{
		"no name":               {ann, 0, setting.CannedChange{HTML: new("x")}, "field.line", "name"},
		"no text":               {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("<p></p><script>1</script>")}, "template.empty", "html"},
		"nothing":               {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("<script>1</script>")}, "template.empty", "html"},
		"unknown field":         {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("<p>{{ contact.age }}</p>")}, "merge.unknown", "html"},
		"unknown chip":          {ann, 0, setting.CannedChange{Name: new("x"), HTML: new(`<p><span data-merge="a|b">x</span></p>`)}, "merge.unknown", "html"},
		"unknown in subject":    {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Subject: new("{{ x }}")}, "merge.unknown", "subject"},
		"two lines":             {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Subject: new("a\r\nBcc: b")}, "field.line", "subject"},
		"shortcut":              {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Shortcut: new("a b")}, "canned.shortcut", "shortcut"},
		"shortcut of own":       {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Shortcut: new("own")}, "canned.shortcut_taken", "shortcut"},
		"shortcut of shared":    {ann, own.ID, setting.CannedChange{Shortcut: new("HI")}, "canned.shortcut_taken", "shortcut"},
		"NUL":                   {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("a\x00")}, "field.invalid", "html"},
		"too long":              {ann, 0, setting.CannedChange{Name: new("x"), HTML: new(strings.Repeat("x", 300<<10))}, "template.too_long", "html"},
		"to share":              {ann, own.ID, setting.CannedChange{Shared: new(true)}, "role.not_allowed", ""},
		"to make shared":        {ann, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Shared: new(true)}, "role.not_allowed", ""},
		"to change shared":      {ann, shared.ID, setting.CannedChange{Name: new("x")}, "role.not_allowed", ""},
		"to write nothing":      {light, 0, setting.CannedChange{Name: new("x"), HTML: new("x")}, "role.not_allowed", ""},
		"of somebody else":      {w.owner, own.ID, setting.CannedChange{Name: new("x")}, "id.unknown", ""},
		"the same shortcut":     {ann, own.ID, setting.CannedChange{Shortcut: new("own"), Name: new("Own")}, "", ""},
		"another's may be mine": {w.owner, 0, setting.CannedChange{Name: new("x"), HTML: new("x"), Shortcut: new("own")}, "", ""},
	} {
		var err error
		if c.id == 0 {
			_, err = w.CreateCannedMessage(t.Context(), c.actor, c.change)
		} else {
			_, err = w.UpdateCannedMessage(t.Context(), c.actor, c.id, c.change)
		}
		t.Run(name, func(t *testing.T) { t.Parallel(); wantKey(t, err, c.key, c.field) })
	}
	wantKey(t, w.DeleteCannedMessage(t.Context(), ann, shared.ID), "role.not_allowed", "")
	wantKey(t, w.DeleteCannedMessage(t.Context(), w.owner, own.ID), "id.unknown", "")
}

func (w world) names(actor parley.Actor, f setting.CannedFilter) (out []string) {
	w.t.Helper()
	f.Limit = 2
	for {
		rows, next, err := w.CannedMessages(w.t.Context(), actor, f)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range rows {
			out = append(out, c.Name)
		}
		if f.Cursor = next; next == "" {
			return out
		}
	}
}

func TestCannedMessagesAreFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.user(parley.Agent, "ann@harbour.example")
	for _, c := range []setting.CannedChange{
		{Name: new("Thanks"), Shared: new(true), Folder: new("Short"), HTML: new("<p>Thank you</p>")},
		{Name: new("Refund"), Shared: new(true), Shortcut: new("ref"), HTML: new("<p>Money back, 100% of it</p>")},
		{Name: new("About refunds"), Shared: new(true), Folder: new("Long"), HTML: new("<p>It takes a week</p>")},
		{Name: new("Other"), Shared: new(true), Subject: new("A refund")},
	} {
		w.canned(w.owner, c)
	}
	used := w.canned(ann, setting.CannedChange{Name: new("Mine"), Folder: new("Short"), Shortcut: new("refuse")})
	w.canned(w.owner, setting.CannedChange{Name: new("Olive's refund")})
	w.update(func(tx *store.Tx) error { return tx.CountCannedUse(t.Context(), ann.AccountID, used.ID) })
	for query, want := range map[string][]string{
		"":            {"Mine", "Other", "About refunds", "Refund", "Thanks"},
		"ref":         {"Refund", "Mine", "Other", "About refunds"},
		"REFUND":      {"Refund", "Other", "About refunds"},
		"100%":        {"Refund"},
		"100%back":    nil,
		"_":           nil,
		"money back,": {"Refund"},
	} {
		if diff := cmp.Diff(want, w.names(ann, setting.CannedFilter{Query: query})); diff != "" {
			t.Errorf("%q:\n%s", query, diff)
		}
	}
	if diff := cmp.Diff([]string{"Mine", "Thanks"}, w.names(ann, setting.CannedFilter{Folder: new("Short")})); diff != "" {
		t.Error(diff)
	}
	folders, err := w.CannedFolders(t.Context(), ann)
	if diff := cmp.Diff([]store.CannedFolder{{Name: "Long", Count: 1}, {Name: "Short", Count: 2}}, folders); diff != "" || err != nil {
		t.Error(err, diff)
	}
	_, _, err = w.CannedMessages(t.Context(), ann, setting.CannedFilter{Limit: 1, Cursor: "1.x.2"})
	wantKey(t, err, "cursor.invalid", "cursor")
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in, hidden := w.inbox("Support"), w.inbox("Hidden")
	ch := w.channel(in.ID, "support@acme.example")
	ann := w.user(parley.Agent, "ann@harbour.example", in.ID)
	_, err := w.UpdateChannel(t.Context(), w.owner, ch.ID, setting.ChannelChange{AddSignature: new(true)})
	wantKey(t, err, "signature.none", "add_signature")
	save := func(actor parley.Actor, level parley.SignatureLevel, owner int64, html string) error {
		_, err := w.SaveSignature(t.Context(), actor, level, owner, html)
		return err
	}
	for name, c := range map[string]struct {
		actor parley.Actor
		level parley.SignatureLevel
		owner int64
		html  string
		key   string
	}{
		"another account":    {w.owner, "account", 1, "x", "id.unknown"},
		"no such level":      {w.owner, "team", 1, "x", "id.unknown"},
		"no such inbox":      {w.owner, "inbox", 999, "x", "id.unknown"},
		"no such channel":    {w.owner, "channel", 999, "x", "id.unknown"},
		"no such user":       {w.owner, "user", 999, "x", "id.unknown"},
		"inbox not seen":     {ann, "inbox", int64(hidden.ID), "x", "id.unknown"},
		"inbox by an agent":  {ann, "inbox", int64(in.ID), "x", "role.not_allowed"},
		"of somebody else":   {ann, "user", int64(w.owner.UserID), "x", "role.not_allowed"},
		"nothing in it":      {ann, "user", int64(ann.UserID), "<script>x</script>", "template.empty"},
		"with unknown field": {ann, "user", int64(ann.UserID), "{{ user.shoe }}", "merge.unknown"},
		"own":                {ann, "user", int64(ann.UserID), "<p>{{ user.name }}</p>", ""},
		"inbox":              {w.owner, "inbox", int64(in.ID), "<p>Inbox</p>", ""},
		"hidden inbox":       {w.owner, "inbox", int64(hidden.ID), "<p>Hidden</p>", ""},
		"channel":            {w.owner, "channel", int64(ch.ID), "<p>Channel</p>", ""},
		"account":            {w.owner, "account", 0, "<p>Account</p>", ""},
		"admin's":            {w.owner, "user", int64(w.owner.UserID), "<p>Olive</p>", ""},
	} {
		err := save(c.actor, c.level, c.owner, c.html)
		field := ""
		if c.key == "template.empty" || c.key == "merge.unknown" {
			field = "html"
		}
		t.Run(name, func(t *testing.T) { t.Parallel(); wantKey(t, err, c.key, field) })
	}
	if err := save(w.owner, "account", 0, "<p>Account, again</p>"); err != nil {
		t.Fatal(err)
	}
	known := func(actor parley.Actor) map[string]string {
		all, next, err := w.Signatures(t.Context(), actor, 0, 100)
		if err != nil || next != 0 {
			t.Fatal(next, err)
		}
		out := map[string]string{}
		for _, s := range all {
			out[string(s.Level)+" "+s.Text] = s.HTML
		}
		return out
	}
	own := map[string]string{
		"user {{ user.name }}": `<p><span data-merge="user.name">User: name</span></p>`, "inbox Inbox": "<p>Inbox</p>", "channel Channel": "<p>Channel</p>", "account Account, again": "<p>Account, again</p>",
	}
	if diff := cmp.Diff(own, known(ann)); diff != "" {
		t.Error(diff)
	}
	if all := known(w.owner); len(all) != 6 {
		t.Errorf("the owner knows %v", all)
	}
	for _, want := range []parley.SignatureLevel{"user", "channel", "inbox", "account", ""} {
		var got parley.Signature
		_ = w.db.View(t.Context(), func(tx *store.Tx) (err error) {
			got, err = tx.SignatureFor(t.Context(), ann.AccountID, ann.UserID, ch.ID, in.ID)
			return err
		})
		if got.Level != want {
			t.Errorf("the signature is %q, want %q", got.Level, want)
		}
		owner := map[parley.SignatureLevel]int64{"user": int64(ann.UserID), "channel": int64(ch.ID), "inbox": int64(in.ID)}[want]
		err := w.DeleteSignature(t.Context(), w.owner, want, owner)
		if (err == nil) != (want != "") {
			t.Error(want, err)
		}
	}
	if e := w.lastEvent(); e.Kind != parley.SignatureChanged || string(e.Data) != `{"level":"account","owner_id":0}` {
		t.Errorf("%+v", e)
	}
	wantKey(t, w.DeleteSignature(t.Context(), w.owner, "account", 0), "id.unknown", "")
	if c, err := w.UpdateChannel(t.Context(), w.owner, ch.ID, setting.ChannelChange{AddSignature: new(true)}); err != nil || !c.AddSignature {
		t.Error("the owner has a signature of their own:", err)
	}
}

func TestImagesOfASignatureAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	logo := w.upload(w.owner, "logo.png", "image/png", 20)
	s, err := w.SaveSignature(t.Context(), w.owner, "account", 0, `<p><img src="/api/v1/attachments/`+logo.String()+`?inline=1"></p>`)
	if err != nil || w.refs("logo.png") != 1 {
		t.Fatal(err, w.refs("logo.png"))
	}
	if _, err := w.SaveSignature(t.Context(), w.owner, "account", 0, s.HTML+"<p>Bye</p>"); err != nil || w.refs("logo.png") != 1 {
		t.Error(err)
	}
	if _, err := w.SaveSignature(t.Context(), w.owner, "account", 0, "<p>Bye</p>"); err != nil || w.refs("logo.png") != 0 {
		t.Error(err)
	}
}

func TestAutoresponderOfAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch := w.channel(w.inbox("Support").ID, "support@acme.example")
	shared := w.canned(w.owner, setting.CannedChange{Name: new("We got it"), Shared: new(true)})
	own := w.canned(w.owner, setting.CannedChange{Name: new("Mine")})
	set := func(id parley.CannedMessageID) error {
		_, err := w.UpdateChannel(t.Context(), w.owner, ch.ID, setting.ChannelChange{AutoresponderID: &id})
		return err
	}
	wantKey(t, set(999), "id.unknown", "autoresponder_id")
	wantKey(t, set(own.ID), "channel.autoresponder_personal", "autoresponder_id")
	wantKey(t, set(shared.ID), "", "")
	wantKey(t, w.DeleteCannedMessage(t.Context(), w.owner, shared.ID), "canned.in_use", "")
	_, err := w.UpdateCannedMessage(t.Context(), w.owner, shared.ID, setting.CannedChange{Shared: new(false)})
	wantKey(t, err, "canned.in_use", "")
	if err := w.DeleteChannel(t.Context(), w.owner, ch.ID); err != nil {
		t.Fatal(err)
	}
	wantKey(t, w.DeleteCannedMessage(t.Context(), w.owner, shared.ID), "", "")
}

func TestDefaultsOfMergeFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.user(parley.Agent, "ann@harbour.example")
	for _, c := range []struct {
		actor            parley.Actor
		name, value, key string
		field            string
	}{
		{ann, "contact.first_name", "x", "role.not_allowed", ""},
		{w.owner, "contact.age", "x", "id.unknown", ""},
		{w.owner, "conversation.history", "x", "merge.no_default", "default"},
		{w.owner, "contact.first_name", "a\nb", "field.line", "default"},
		{w.owner, "contact.company", "x", "", ""},
		{w.owner, "contact.company", " ", "", ""},
		{w.owner, "contact.first_name", " there ", "", ""},
	} {
		_, err := w.SetMergeDefault(t.Context(), c.actor, c.name, c.value)
		wantKey(t, err, c.key, c.field)
	}
	all, err := w.MergeFields(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if want := map[string]string{"contact.first_name": "there"}[f.Name]; f.Default != want {
			t.Errorf("%s: %q", f.Name, f.Default)
		}
	}
	if e := w.lastEvent(); e.Kind != parley.MergeFieldChanged {
		t.Errorf("%+v", e)
	}
}
