package email

import (
	"context"
	"io"

	"parley/internal/channel"
	"parley/internal/parley"
)

// onData takes a body that ends with a dot (RFC 5321 4.1.1.4).
func (s *session) onData(arg string) error {
	switch {
	case arg != "":
		return s.refuse(replySyntax)
	case !s.mail.open || s.mail.chunks != nil:
		return s.refuse(replySequence)
	case len(s.mail.to) == 0:
		return s.refuse(replyNeedTo)
	case !s.begin():
		s.say(replyClosing)
		return errQuit
	}
	defer s.reset()
	if _, err := s.w.WriteString("354 Send the message, end it with <CRLF>.<CRLF>\r\n"); err != nil {
		return err
	}
	if err := s.flush(); err != nil {
		return err
	}
	s.within(s.l.cfg.DataTimeout)
	b := s.newBody()
	defer b.release()
	if err := readDotted(s.r, b); err != nil {
		return s.flooded(err)
	}
	s.finish(b)
	return s.flush()
}

// onChunk takes a part of a body (RFC 3030 2).
func (s *session) onChunk(arg string) error {
	size, last, ok := chunkParams(arg)
	if !ok || size/drainFactor > s.l.cfg.MaxSize {
		// Where the next command begins is anybody's guess.
		s.say(replySyntax)
		return errQuit
	}
	allowed := s.mail.open && len(s.mail.to) > 0
	if !allowed || s.mail.chunks == nil && !s.begin() {
		return s.skipChunk(size)
	}
	if s.mail.chunks == nil {
		s.mail.chunks = s.newBody()
	}
	b := s.mail.chunks
	if err := s.chunk(b, size); err != nil {
		return s.flooded(err)
	}
	switch {
	case last:
		defer s.reset()
		s.finish(b)
		return s.flush()
	case b.fault != nil: // the transaction has failed; the chunks that were sent ahead of this answer are skipped
		s.say(*b.fault)
		s.reset()
	default:
		s.say(replyChunk)
	}
	return nil
}

// skipChunk: the chunk follows its command whether we like that or not.
func (s *session) skipChunk(size int64) error {
	if err := s.chunk(io.Discard, size); err != nil {
		return err
	}
	return s.refuse(replySequence)
}

// chunk reads one, and lets the client have its answers so far if that may take a while.
func (s *session) chunk(w io.Writer, size int64) error {
	if int64(s.r.Buffered()) < size {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.within(s.l.cfg.DataTimeout)
	return readChunk(s.r, w, size)
}

func (s *session) newBody() *body {
	return &body{limit: s.l.cfg.MaxSize, memory: s.l.memory}
}

// flooded tells a client that won't end why we hang up; err ends the session.
func (s *session) flooded(err error) error {
	if err == errFlood { //nolint:errorlint // our own, never wrapped
		s.say(replyTooLarge)
	}
	return err
}

// finish hands a whole mail over and answers. Only here do we say that it was accepted.
func (s *session) finish(b *body) {
	s.idle = 0
	if b.fault != nil {
		s.say(*b.fault)
		return
	}
	if s.accept(b.buf) {
		s.faults = 0
		s.say(replyAccepted)
		return
	}
	s.say(replyLater)
}

// accept gives the mail to the Sink once for each channel. When one of them
// fails, the client is asked to send all of it again: those that took it
// recognise the copy.
func (s *session) accept(mail []byte) bool {
	ctx, cancel := context.WithTimeout(s.l.ctx, s.l.cfg.AcceptTimeout)
	defer cancel()
	received := s.l.cfg.Now()
	order, byChannel := grouped(s.mail.to)
	for _, id := range order {
		err := s.l.cfg.Sink.Accept(ctx, channel.Raw{
			ChannelID:  id,
			Body:       mail,
			MailFrom:   s.mail.from,
			RcptTo:     byChannel[id],
			RemoteAddr: s.raw.RemoteAddr().String(),
			Helo:       s.hello,
			ReceivedAt: received,
		})
		if err != nil {
			s.l.cfg.Log.Warn("a mail could not be stored; its sender will try again",
				"err", err, "channel_id", id, "bytes", len(mail))
			return false
		}
	}
	return true
}

// grouped sorts recipients by channel, each named once, in the order in which they came.
func grouped(to []recipient) ([]parley.ChannelID, map[parley.ChannelID][]string) {
	var order []parley.ChannelID
	by := map[parley.ChannelID][]string{}
	seen := map[recipient]bool{}
	for _, r := range to {
		if seen[r] {
			continue
		}
		seen[r] = true
		if by[r.channel] == nil {
			order = append(order, r.channel)
		}
		by[r.channel] = append(by[r.channel], r.address)
	}
	return order, by
}
