package sms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// enquireEvery is how often we ask whether the far end is there (SMPP 3.4 4.11).
const enquireEvery = 30 * time.Second

// Answers to a deliver_sm.
const (
	smppTaken     = 0
	smppUnknownTo = 0x0b // ESME_RINVDSTADR: it is for nobody here
	smppLater     = 0x64 // ESME_RX_T_APPN: try again
	smppUnbound   = 0x04 // ESME_RINVBNDSTS
	smppStranger  = 0x03 // ESME_RINVCMDID
)

// session is a channel's session at its message centre.
type session struct {
	*smppChannel
	takes, sends *wire // the same but for a pair
	waits        map[string]*incomplete
	// alone: parts came to nothing before, as the centre hands over no text before the
	// one before it is answered. They wait no longer.
	alone bool
}

// incomplete is a text of which parts are missing.
type incomplete struct {
	since time.Time
	parts map[int]frame
	twice []frame
}

// Receive implements channel.Receiver: it holds the session.
func (c *smppChannel) Receive(ctx context.Context, at channel.Place, to channel.Sink) error {
	w, err := c.bind(ctx, c.link.receiving())
	if err != nil {
		return err
	}
	defer w.close()
	s := &session{smppChannel: c, takes: w, sends: w, waits: map[string]*incomplete{}}
	if c.link.pair {
		if s.sends, err = c.bind(ctx, bindTransmitter); err != nil {
			return err
		}
		defer s.sends.close()
	}
	c.sessions.set(s)
	defer c.sessions.drop(s)
	if err := at.Fares(ctx); err != nil {
		return err
	}
	return s.serve(ctx, at, to)
}

func (s *session) serve(ctx context.Context, at channel.Place, to channel.Sink) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	asked := time.Now()
	var stray chan frame // on the connection that only sends nothing should come
	if s.sends != s.takes {
		stray = s.sends.requests
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.takes.dead:
			return s.unreachable(s.takes.err)
		case <-s.sends.dead:
			return s.unreachable(s.sends.err)
		case f := <-s.takes.requests:
			s.take(ctx, f, to)
		case <-stray:
		case <-tick.C:
			s.giveUp(ctx, to)
			if time.Since(asked) < enquireEvery {
				continue
			}
			if err := s.enquire(ctx); err != nil {
				return err
			}
			asked = time.Now()
			if err := at.Fares(ctx); err != nil {
				return err
			}
		}
	}
}

// enquire asks whether the far end is there.
func (s *session) enquire(ctx context.Context) error {
	for _, w := range slices.Compact([]*wire{s.takes, s.sends}) {
		if _, _, err := w.ask(ctx, newFrame(enquireLink, 0, nil)); err != nil {
			return s.unreachable(err)
		}
	}
	return nil
}

// take takes what the centre hands over. It is answered once it is durable.
func (s *session) take(ctx context.Context, f frame, to channel.Sink) {
	if f.command() != deliverSM {
		s.answerUnknown(f)
		return
	}
	e, err := readSMPP(call{body: f, names: s.names()})
	if err != nil { // it is kept as it is
		s.answer(s.accept(ctx, s.numberChannel, nil, event{}, to, f), f)
		return
	}
	if e.idle {
		s.answer(smppTaken, f)
		return
	}
	if e.report == nil && e.piece.ok() && !s.alone {
		s.hold(ctx, f, e, to)
		return
	}
	s.answer(s.acceptOne(ctx, f, e, to), f)
}

func (s *session) answerUnknown(f frame) {
	status := uint32(smppStranger)
	if f.command() == submitSM {
		status = smppUnbound
	}
	_ = s.takes.answer(f, newFrame(genericNack, status, nil)) // a connection that broke ends the session by itself
}

// hold keeps a part until its others are here.
func (s *session) hold(ctx context.Context, f frame, e event, to channel.Sink) {
	key := strings.Join([]string{e.from, e.to, e.piece.ref, fmt.Sprint(e.piece.total)}, "\x00")
	w := s.waits[key]
	if w == nil {
		w = &incomplete{since: time.Now(), parts: map[int]frame{}}
		s.waits[key] = w
	}
	if was := w.parts[e.piece.number]; was != nil {
		w.twice = append(w.twice, was)
	}
	w.parts[e.piece.number] = f
	if len(w.parts) < e.piece.total {
		return
	}
	delete(s.waits, key)
	frames := w.ordered()
	first, err := readSMPP(call{body: frames[0], names: s.names()})
	status := uint32(smppLater)
	if err == nil {
		status = s.acceptOne(ctx, frames[0], first, to, frames[1:]...)
	}
	s.answer(status, append(frames, w.twice...)...)
}

// ordered are the parts in their order.
func (w *incomplete) ordered() (out []frame) {
	for _, n := range slices.Sorted(maps.Keys(w.parts)) {
		out = append(out, w.parts[n])
	}
	return out
}

// giveUp takes parts as texts of their own that have waited long enough.
func (s *session) giveUp(ctx context.Context, to channel.Sink) {
	for key, w := range s.waits {
		if time.Since(w.since) < piecePatience {
			continue
		}
		delete(s.waits, key)
		s.alone = s.alone || len(w.parts) == 1
		for _, f := range w.ordered() {
			if e, err := readSMPP(call{body: f, names: s.names()}); err == nil {
				s.answer(s.acceptOne(ctx, f, e, to), f)
			}
		}
		s.answer(smppTaken, w.twice...)
	}
}

// acceptOne hands a text or a report to the channel that it is for.
func (s *session) acceptOne(ctx context.Context, f frame, e event, to channel.Sink, more ...frame) uint32 {
	owner := s.numberChannel
	if e.report == nil {
		if owner = s.sessions.owner(s, e.to); owner == nil {
			s.cfg.Log.Warn("a message centre brought a text for a number that no channel has", "channel_id", s.id)
			return smppUnknownTo
		}
	}
	return s.accept(ctx, owner, more, e, to, f)
}

// accept makes it durable, under a name that is the same when the centre brings it again.
func (s *session) accept(ctx context.Context, owner *numberChannel, more []frame, e event, to channel.Sink, f frame) uint32 {
	hash := frameHash(f)
	now := s.cfg.Now()
	k := kept{Version: keptVersion, Provider: "smpp", Names: s.names(), Body: f}
	for _, m := range more {
		k.More = append(k.More, kept{Version: keptVersion, Provider: "smpp", Names: s.names(), Body: m})
	}
	raw := channel.Raw{ChannelID: owner.id, RcptTo: []string{owner.number}, ReceivedAt: now, Source: parley.FromSession, MailFrom: e.from}
	if e.report != nil {
		raw.Key = strings.Join([]string{"smpp", e.report.ProviderID, e.state}, ":")
	} else {
		k.ID = s.sessions.nameOf(hash, now)
		raw.Key = "smpp:" + k.ID
	}
	body, err := json.Marshal(k)
	if err == nil {
		raw.Body = body
		err = to.Accept(ctx, raw)
	}
	if k.ID != "" { // until the answer has left
		s.sessions.remember(hash, k.ID, now)
	}
	if err != nil {
		s.cfg.Log.Warn("what a message centre brought could not be stored; it will try again", "err", err, "channel_id", owner.id)
		return smppLater
	}
	return smppTaken
}

// answer answers frames, and forgets the names of those that were heard.
func (s *session) answer(status uint32, frames ...frame) {
	for _, f := range frames {
		if s.takes.answer(f, newFrame(deliverSM|answerBit, status, []byte{0})) == nil && status == smppTaken {
			s.sessions.heard(frameHash(f))
		}
	}
}

// frameHash tells a deliver_sm from another, whatever its number in the session.
func frameHash(f frame) string {
	sum := sha256.Sum256(f[headerSize:])
	return hex.EncodeToString(sum[:12])
}
