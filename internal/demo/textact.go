package demo

import (
	"context"
	"fmt"

	"parley/internal/channel/carrier"
	"parley/internal/intake"
	"parley/internal/outbox"
	"parley/internal/parley"
)

// writesText lets the contact's phone write.
func writesText(body string, pictures ...upload) act {
	return func(ctx context.Context, t *telling) error {
		var media []carrier.Media
		for _, p := range pictures {
			media = append(media, carrier.Media{ContentType: p.contentType, Body: p.content()})
		}
		from := parley.Address{Phone: t.story.from.number()}
		if _, err := t.wire.carrier.Text(ctx, from.Phone, t.channels[t.story.channel].Address, body, media...); err != nil {
			return err
		}
		entry, err := t.file(ctx)
		if err != nil {
			return err
		}
		if t.conversation == 0 {
			e, err := t.intake.Entry(ctx, parley.SystemActor(t.account), entry)
			if err != nil {
				return err
			}
			if err := t.begin(ctx, e.ConversationID); err != nil {
				return err
			}
		}
		if err := t.settle(ctx); err != nil {
			return err
		}
		return t.introduce(ctx, from)
	}
}

// textsBack lets a member of the team answer a text.
func textsBack(m member, body string) act {
	return func(ctx context.Context, t *telling) error {
		if _, err := t.outbox.Send(ctx, t.actor(m), t.conversation, outbox.Letter{Kind: parley.KindReply, Text: body}); err != nil {
			return err
		}
		t.clock.set(t.clock.now().Add(transit))
		return t.settle(ctx)
	}
}

// startsText lets a member of the team text first.
func startsText(m member, body string) act {
	return func(ctx context.Context, t *telling) error {
		to := parley.Address{Phone: t.story.from.number()}
		id, err := t.outbox.Start(ctx, t.actor(m), outbox.NewConversation{
			ChannelID: t.channels[t.story.channel].ID, Source: parley.FromUser, Letter: outbox.Letter{To: parley.Addresses{to}, Text: body},
		})
		if err != nil {
			return err
		}
		if err := t.begin(ctx, id); err != nil {
			return err
		}
		t.clock.set(t.clock.now().Add(transit))
		if err := t.settle(ctx); err != nil {
			return err
		}
		return t.introduce(ctx, to)
	}
}

// settle does what is to be done, here and by the carrier, until neither has anything left.
func (t *telling) settle(ctx context.Context) error {
	for {
		jobs := t.jobs.take()
		if len(jobs) == 0 && !t.wire.later.Step() {
			return nil
		}
		for _, j := range jobs {
			if j.Kind == intake.FilingJob {
				if _, err := t.fileOne(ctx, j); err != nil {
					return err
				}
				continue
			}
			if err := t.queue.Do(ctx, j); err != nil {
				return fmt.Errorf("do job %s: %w", j.Kind, err)
			}
		}
	}
}
