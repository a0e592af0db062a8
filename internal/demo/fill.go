package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/internal/autoreply"
	"parley/internal/channel"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// filler makes the sample of one account. It works aside (store.DB.Aside): at
// the time at which things are said to have happened, and with jobs that no
// worker sees, so that nothing is sent.
type filler struct {
	s       *Sample
	account parley.AccountID
	clock   clock
	jobs    kept
	wire    *wire

	zoned        *time.Location // of the business
	db           *store.DB
	settings     *setting.Service
	contacts     *contact.Service
	conversation *conversation.Service
	intake       *intake.Service
	outbox       *outbox.Service
	queue        *job.Queue

	team     map[member]parley.User
	channels map[channelKey]parley.Channel
	known    map[string]bool // addresses and numbers of contacts that were introduced, or are the account's own
}

// clock stands where it is put.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// kept are the jobs that wait for the filler.
type kept struct {
	mu  sync.Mutex
	all []parley.Job
}

func (k *kept) add(j parley.Job) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, j)
}

func (k *kept) take() []parley.Job {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := k.all
	k.all = nil
	return all
}

// begun is how long ago the business joined.
const begun = 60 * 24 * time.Hour

func (s *Sample) fill(ctx context.Context, actor parley.Actor) error {
	f := s.newFiller(actor.AccountID)
	defer f.wire.carrier.Close()
	now := s.Now()
	zone, err := f.zone(ctx)
	if err != nil {
		return err
	}
	f.zoned, now = zone, now.In(zone)
	f.clock.set(now.Add(-begun))
	if err := f.setUp(ctx, actor); err != nil {
		return err
	}
	if err := f.equip(ctx); err != nil {
		return err
	}
	if err := f.recognise(ctx); err != nil {
		return fmt.Errorf("find contacts: %w", err)
	}
	if err := f.tell(ctx, now); err != nil {
		return err
	}
	if s.customer != nil {
		s.customer.takeOver(f.wire.carrier)
	}
	return nil
}

func (s *Sample) newFiller(account parley.AccountID) *filler {
	f := &filler{s: s, account: account, team: map[member]parley.User{}, channels: map[channelKey]parley.Channel{}, known: map[string]bool{}}
	f.db = s.DB.Aside(f.clock.now, f.jobs.add)
	f.wire = newWire(&f.clock, s.base())
	settings := s.Settings.Options
	settings.DB, settings.Now = f.db, f.clock.now
	f.settings = setting.New(settings)
	f.contacts = contact.New(f.db)
	f.conversation = conversation.New(f.db, f.settings)
	pretended := pretence{f}
	f.outbox = outbox.New(f.db, s.Blobs, pretended, f.contacts, s.Signer, f.clock.now, s.Log).WithPublic(outbox.Public{BaseURL: wireBase})
	answers := autoreply.New(f.db, f.outbox, mailDomain)
	f.intake = intake.New(intake.Options{
		DB: f.db, Blobs: s.Blobs, Channels: pretended, Settings: f.settings, Contacts: f.contacts, Conversations: f.conversation,
		Signer: s.Signer, Asked: answers.AskedTx, Log: s.Log, Now: f.clock.now,
	})
	f.queue = job.NewQueue(f.db, "sample", s.Log)
	f.queue.Register(intake.FilingJob, intake.FilingOptions, f.intake.File)
	f.outbox.Register(f.queue)
	answers.Register(f.queue)
	f.conversation.Register(f.queue)
	return f
}

// pretence opens channels that read and write as they do, and send nothing.
type pretence struct{ f *filler }

func (p pretence) For(ctx context.Context, account parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	if row := p.f.channels[texts]; row.ID == id {
		return p.f.openText(row)
	}
	ch, err := p.f.s.Channels.For(ctx, account, id)
	return silent{ch, p.f}, err
}

func (p pretence) Open(row parley.Channel) (channel.Channel, error) {
	if row.Type == setting.Text {
		return p.f.openText(row)
	}
	ch, err := p.f.s.Channels.Open(row)
	return silent{ch, p.f}, err
}

// silent is a channel whose messages stay here.
type silent struct {
	channel.Channel
	f *filler
}

// Send says what a relay would have said.
func (c silent) Send(_ context.Context, m channel.Outgoing) (channel.Receipt, error) {
	for _, to := range m.Recipients {
		if !mayReceive(parley.Address{Email: to}) {
			return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "550 5.1.1 No such mailbox: it was closed"}
		}
	}
	c.f.carry(newMail(m.Body, m.MailFrom, m.Recipients, c.f.clock.now()))
	return channel.Receipt{}, nil
}

// Verify implements channel.Verifier. The sample's people are nowhere but here: the world's
// DNS is not asked of them.
func (c silent) Verify(ctx context.Context, raw channel.Raw, p channel.Parsed) *parley.Auth {
	if c.f.s.Verifier == nil {
		return nil
	}
	return c.f.s.Verifier.Verify(ctx, raw, p)
}

// carry shows a mail of the sample to the customer's side, where there is one.
func (f *filler) carry(m *mail) {
	if f.s.customer != nil {
		f.s.customer.recall(m)
	}
}

// work does the jobs that were kept, and those that follow from them.
func (f *filler) work(ctx context.Context) error {
	for jobs := f.jobs.take(); len(jobs) > 0; jobs = f.jobs.take() {
		for _, j := range jobs {
			if err := f.queue.Do(ctx, j); err != nil {
				return fmt.Errorf("do job %s: %w", j.Kind, err)
			}
		}
	}
	return nil
}

func (f *filler) zone(ctx context.Context) (*time.Location, error) {
	var a parley.Account
	err := f.db.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByID(ctx, f.account)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load account: %w", err)
	}
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		return time.UTC, nil //nolint:nilerr // a zone that this machine does not know is no reason to have no sample
	}
	return zone, nil
}

// note notes that a row belongs to the sample.
func (f *filler) note(ctx context.Context, noun store.SampleNoun, id int64) error {
	err := f.db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.InsertSampleRow(ctx, f.account, noun, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("note %s: %w", noun, err)
	}
	return nil
}

// colleagues are the team besides whoever adds the sample.
var colleagues = []struct {
	is   member
	name string
	mail string
	role parley.Role
	all  bool // sees every inbox
}{
	{ben, "Ben Castle", "ben@harbour.example", parley.Agent, true},
	{dana, "Dana Ruiz", "dana@harbour.example", parley.Agent, true},
	{ines, "Ines Faria", "ines@harbour.example", parley.Agent, false},
	{kofi, "Kofi Mensah", "kofi@harbour.example", parley.Admin, true},
}

// outfit are the inboxes and their channels.
var outfit = []struct {
	key     channelKey
	name    string
	color   string
	address string
	rule    parley.AssigneeRule
	named   member // where the rule is user
	members []member
}{
	{support, "Support", "indigo", "help", parley.AssignNobody, "", nil},
	{sales, "Sales", "green", "sales", parley.AssignNamed, dana, nil},
	{rentals, "Rentals", "orange", "rentals", parley.AssignRoundRobin, "", []member{ines}},
}

// mailDomain is the business's.
const mailDomain = "harbour.example"

func (f *filler) setUp(ctx context.Context, actor parley.Actor) error {
	if err := f.hire(ctx, actor); err != nil {
		return fmt.Errorf("make team: %w", err)
	}
	for _, o := range outfit {
		c := setting.InboxChange{Color: &o.color, AssigneeRule: &o.rule, MemberIDs: &[]parley.UserID{}}
		if o.named != "" {
			c.DefaultAssigneeID = new(f.team[o.named].ID)
		}
		for _, m := range o.members {
			*c.MemberIDs = append(*c.MemberIDs, f.team[m].ID)
		}
		if !actor.AllInboxes {
			*c.MemberIDs = append(*c.MemberIDs, actor.UserID)
		}
		inbox, err := f.makeInbox(ctx, o.name, c)
		if err != nil {
			return fmt.Errorf("make inbox: %w", err)
		}
		ch, err := f.makeChannel(ctx, setting.NewChannel{Type: setting.Email, Name: o.name, InboxID: inbox.ID, FromName: "Harbour Bikes " + o.name}, o.address)
		if err != nil {
			return fmt.Errorf("make channel: %w", err)
		}
		f.channels[o.key] = ch
	}
	number, err := f.makeNumber(ctx, f.channels[support].InboxID)
	if err != nil {
		return fmt.Errorf("make number: %w", err)
	}
	f.channels[texts] = number
	return nil
}

// hire makes the team. Its members have no password and cannot sign in.
func (f *filler) hire(ctx context.Context, actor parley.Actor) error {
	return f.db.Update(ctx, func(tx *store.Tx) error {
		var err error
		if f.team[olive], err = tx.UserByID(ctx, f.account, actor.UserID); err != nil {
			return err
		}
		for _, c := range colleagues {
			u := parley.User{AccountID: f.account, Email: c.mail, Name: c.name, Role: c.role, AllInboxes: c.all, Preferences: parley.JSON("{}"), CreatedAt: tx.Now()}
			if err := tx.InsertUser(ctx, &u); err != nil {
				return err
			}
			if _, err := tx.InsertSampleRow(ctx, f.account, store.SampleUser, int64(u.ID)); err != nil {
				return err
			}
			tx.AppendEvent(&parley.Event{AccountID: f.account, Kind: parley.UserChanged, UserID: u.ID})
			f.team[c.is] = u
		}
		return nil
	})
}

// makeInbox takes another name where the account has one of this name.
func (f *filler) makeInbox(ctx context.Context, name string, c setting.InboxChange) (setting.Inbox, error) {
	for _, name := range []string{name, name + " (sample)"} {
		c.Name = &name
		inbox, err := f.settings.CreateInbox(ctx, parley.SystemActor(f.account), c)
		if parley.IsCode(err, parley.Conflict) {
			continue
		}
		if err != nil {
			return inbox, err
		}
		return inbox, f.note(ctx, store.SampleInbox, int64(inbox.ID))
	}
	return setting.Inbox{}, errors.New("every name is taken")
}

// makeChannel takes another address where another account of the installation has this one.
func (f *filler) makeChannel(ctx context.Context, c setting.NewChannel, local string) (parley.Channel, error) {
	for _, local := range []string{local, fmt.Sprintf("%s-%d", local, f.account)} {
		c.Address = local + "@" + mailDomain
		ch, err := f.settings.CreateChannel(ctx, parley.SystemActor(f.account), c)
		if parley.IsCode(err, parley.Conflict) {
			continue
		}
		if err != nil {
			return ch, err
		}
		return ch, f.note(ctx, store.SampleChannel, int64(ch.ID))
	}
	return parley.Channel{}, errors.New("every address is taken")
}

// recognise finds people of the sample whom the account knows already: they stay its own.
func (f *filler) recognise(ctx context.Context) error {
	return f.db.View(ctx, func(tx *store.Tx) error {
		for _, p := range everybody {
			for _, point := range []parley.Address{{Email: p.Email}, {Phone: p.number()}} {
				_, err := tx.ContactByPoint(ctx, f.account, point.Kind(), point.Key())
				if err != nil && !errors.Is(err, store.ErrNoRow) {
					return err
				}
				f.known[point.Key()] = err == nil
			}
		}
		return nil
	})
}

// tell takes the steps of all stories in the order of their times.
func (f *filler) tell(ctx context.Context, now time.Time) error {
	type turn struct {
		at  time.Time
		act act
		in  *telling
	}
	var turns []turn
	for _, s := range stories() {
		in := &telling{filler: f, story: s}
		for _, st := range s.steps {
			turns = append(turns, turn{st.at.before(now), st.act, in})
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return a.at.Compare(b.at) })
	for _, t := range turns {
		f.clock.set(t.at)
		if err := t.act(ctx, t.in); err != nil {
			return fmt.Errorf("tell of %s: %w", t.in.story.from.Key(), err)
		}
	}
	return nil
}
