package seed

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"parley/internal/parley"
)

// years is how far back the first conversations lie.
const years = 2

// plan is all that happens, in order.
type plan struct {
	Options
	account  parley.Account
	team     []parley.User
	inboxes  []parley.Inbox
	channels []parley.Channel
	stories  []story
	steps    []step
	people   int
	stock    stock
}

// story is one conversation as it is going to be.
type story struct {
	person  int32
	channel int8
	messages,
	left int32 // messages; steps that are still to be told
	snooze  bool
	started bool // by a user
}

// kind of step.
type kind uint8

const (
	written   kind = iota // the contact writes
	answered              // a user writes
	refused               // a user writes, and the next hop refuses it for good
	given                 // a user gives the conversation to another
	noted                 // a user writes a note
	looked                // a user reads what is there
	closed                // a user closes it
	unwelcome             // a user marks it as spam
)

// step is one thing that happens in a story.
type step struct {
	at    int64 // seconds since 1970
	story int32
	n     int32 // of the message within the story
	by    int16 // of the team
	to    int16
	kind  kind
}

func (s step) time() time.Time { return time.Unix(s.at, 0).UTC() }

// makePlan lays out the stories and everything that happens in them.
func makePlan(o Options) *plan {
	p := &plan{Options: o, people: max(o.Conversations/4, 1)}
	p.stories = make([]story, o.Conversations)
	sizes := p.sizes()
	for i := range p.stories {
		p.steps = append(p.steps, p.tell(i, sizes[i])...)
	}
	slices.SortFunc(p.steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.story, b.story)) })
	return p
}

// sizes shares the messages out: most conversations are short, a few very long,
// and one in a hundred has exactly fifty if there are messages enough.
func (p *plan) sizes() []int32 {
	r := source(p.Seed, ofStory, 1<<30, 0)
	sizes := make([]int32, p.Conversations)
	left := p.Messages - p.Conversations // each has one
	for i := range sizes {
		sizes[i] = 1
		if i%100 == 7 && p.Messages >= 5*p.Conversations {
			sizes[i] = 50
			left -= 49
		}
	}
	for left > 0 {
		i := r.IntN(len(sizes))
		if i%100 == 7 && p.Messages >= 5*p.Conversations {
			continue
		}
		more := min(share(r, float64(p.Messages)/float64(p.Conversations)), left)
		sizes[i] += int32(more)
		left -= more
	}
	return sizes
}

// share is how many more messages a conversation gets at once, for a mean.
func share(r *rand.Rand, mean float64) int {
	switch d := r.IntN(1000); {
	case d < 5:
		return int(mean*10) + r.IntN(int(mean*20)+1)
	case d < 100:
		return int(mean) + r.IntN(int(mean*3)+1)
	}
	return 1 + r.IntN(max(int(mean/2), 1))
}

// tell makes the steps of a story, at least a second apart.
func (p *plan) tell(i int, messages int32) []step {
	r := source(p.Seed, ofStory, uint64(i), 0)
	s := &p.stories[i]
	spam := r.IntN(100) < 2
	*s = story{person: p.personOf(r, i, spam), channel: channelOf(r), messages: messages, started: !spam && r.IntN(100) < 12}
	t := teller{r: r, story: int32(i), who: p.members(int(s.channel)), begins: p.begins(r)}
	if spam {
		return p.fit(t.spam(messages))
	}
	s.snooze = t.talk(p, s, messages)
	return p.fit(t.steps)
}

// personOf: a few contacts write often. Who sends spam sends it once.
func (p *plan) personOf(r *rand.Rand, i int, spam bool) int32 {
	switch {
	case spam:
		return int32(p.people + i)
	case r.IntN(3) == 0:
		return int32(r.IntN(max(p.people/50, 1)))
	}
	return int32(r.IntN(p.people))
}

func channelOf(r *rand.Rand) int8 {
	last := len(rooms) - 1
	return int8(min(r.IntN(2*last), last)) // the last is the busiest
}

// begins: business grows.
func (p *plan) begins(r *rand.Rand) int64 {
	span := float64(years * 365 * 24 * 3600)
	x := max(r.Float64(), r.Float64()*0.9)
	return p.Until.Unix() - int64(span*(1-x))
}

// fit brings a story that would go on after the end back before it, in order.
func (p *plan) fit(steps []step) []step {
	end := p.Until.Unix() - 1
	first, last := steps[0].at, steps[len(steps)-1].at
	if last > end {
		begin := min(first, end-2*int64(len(steps)))
		for i := range steps {
			steps[i].at = begin + int64(float64(steps[i].at-first)*float64(end-begin-int64(len(steps)))/float64(last-first+1)) + int64(i)
		}
	}
	p.stories[steps[0].story].left = int32(len(steps))
	return steps
}

// teller makes up one story.
type teller struct {
	r      *rand.Rand
	story  int32
	who    []int16 // of the team, those who may have it
	begins int64
	at     int64
	steps  []step
}

func (t *teller) add(k kind, n int32, by, to int16, pause int64) {
	if len(t.steps) == 0 {
		t.at = t.begins
	} else {
		t.at += 1 + pause
	}
	t.steps = append(t.steps, step{at: t.at, story: t.story, n: n, by: by, to: to, kind: k})
}

// pause: often minutes, mostly hours, sometimes days.
func (t *teller) pause() int64 {
	switch d := t.r.IntN(10); {
	case d < 3:
		return int64(30 + t.r.IntN(1800))
	case d < 8:
		return int64(1800 + t.r.IntN(8*3600))
	}
	return int64(8*3600 + t.r.IntN(5*24*3600))
}

func (t *teller) one() int16 { return t.who[t.r.IntN(len(t.who))] }

func (t *teller) spam(messages int32) []step {
	for n := range messages {
		t.add(written, n, 0, 0, t.pause())
	}
	t.add(unwelcome, 0, t.one(), 0, 60)
	return t.steps
}

// talk goes back and forth, and tells whether it ends put off.
func (t *teller) talk(p *plan, s *story, messages int32) (snooze bool) {
	owner := t.one()
	t.add(cond(s.started, answered, written), 0, owner, 0, 0)
	assigned, contact := s.started, !s.started
	if !assigned && t.r.IntN(2) == 0 {
		t.add(given, 0, t.one(), owner, 300)
	}
	for n := int32(1); n < messages; n++ {
		if t.r.IntN(10) < 8 {
			contact = !contact
		}
		if !contact {
			t.add(answered, n, owner, 0, t.pause())
			continue
		}
		if t.r.IntN(60) == 0 && t.steps[len(t.steps)-1].kind == answered {
			t.add(closed, 0, owner, 0, 600)
		}
		t.add(written, n, 0, 0, t.pause())
	}
	if t.r.IntN(10) == 0 {
		t.add(noted, 0, t.one(), 0, 900)
	}
	return t.end(p, owner, contact)
}

// end closes most stories; what is left open is read, put off, or waits.
func (t *teller) end(p *plan, owner int16, contact bool) (snooze bool) {
	recent := t.at > p.Until.Add(-10*24*time.Hour).Unix()
	if t.r.IntN(100) >= cond(recent, 65, 16) {
		t.add(closed, 0, owner, 0, t.pause())
		return false
	}
	last := &t.steps[len(t.steps)-1]
	if last.kind == answered && t.r.IntN(40) == 0 {
		last.kind = refused
		return false
	}
	if contact && t.r.IntN(2) == 0 {
		t.add(looked, 0, owner, 0, 1200)
	}
	return t.r.IntN(20) == 0
}

func cond[T any](is bool, then, otherwise T) T {
	if is {
		return then
	}
	return otherwise
}
