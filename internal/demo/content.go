package demo

import (
	"context"
	"fmt"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// closings are the signatures of the channels.
var closings = map[channelKey]string{
	support: "<p>{{ user.name }}<br>Harbour Bikes, shop and workshop<br>The Old Quay 3 · Monday to Saturday, nine to six</p>",
	sales:   "<p>{{ user.name }}<br>Harbour Bikes, sales<br>Test rides on Thursdays and Saturdays: {{ channel.address }}</p>",
	rentals: "<p>{{ user.name }}<br>Harbour Bikes, rentals<br>Bikes back by half past six, or through the hatch beside the door</p>",
}

// ready are the messages that the team keeps for use again.
var ready = []struct{ folder, shortcut, name, subject, text string }{
	{"", "thanks", "Thank you for your patience", "", "Hi {{ contact.first_name | default: \"there\" }},\n\nthank you for your patience, and sorry that it took us this long."},
	{"", "hours", "When we are open", "", "We are here from Monday to Saturday, nine to six. The tube machine beside the door works day and night."},
	{"Workshop", "collect", "Ready to collect", "Your bike is ready", "Hi {{ contact.first_name | default: \"there\" }},\n\nyour bike is ready. You can collect it until six today, or any day from nine. Please bring the number of your repair, #{{ conversation.number }}."},
	{"Workshop", "slot", "Offer an appointment", "", "Would one of these suit you?\n\n- Thursday at 8:00\n- Friday at 8:30\n\nBoth leave us time for a look at the rest of the bike."},
	{"Workshop", "warranty", "What we need for a warranty claim", "", "Hi {{ contact.first_name | default: \"there\" }},\n\nthis sounds like a case for the warranty. For the maker we need:\n\n- the number of the frame, which is under the bottom bracket\n- a photo of the part\n- the receipt, if you still have it\n\n{{ user.first_name }} looks after it from here."},
	{"Sales", "ride", "Arrange a test ride", "Your test ride", "Hello {{ contact.first_name | default: \"there\" }},\n\nyou can have the bike for two hours, free of charge. Which day suits you: Thursday or Saturday? Please bring something with your photo on it."},
	{"Sales", "offer", "Ask about an offer", "Our offer for {{ contact.company | default: \"you\" }}", "Dear {{ contact.name | default: \"customer\" }},\n\nhas our offer reached you, and is there anything that we should change? The price holds until the end of the month."},
	{"Rentals", "booked", "A rental is booked", "", "Hi {{ contact.first_name | default: \"there\" }},\n\nyour bikes are booked. Helmets and locks are included, and the deposit is £100 a bike, by card. See you at the quay!"},
	{"Rentals", "deposit", "When the deposit is back", "", "We release the deposit on the evening on which the bike comes back. Banks take up to five working days to show it."},
}

// equip writes the signatures and the canned messages.
func (f *filler) equip(ctx context.Context) error {
	system := parley.SystemActor(f.account)
	for _, o := range outfit {
		ch := f.channels[o.key]
		if _, err := f.settings.SaveSignature(ctx, system, parley.SignatureOfChannel, int64(ch.ID), closings[o.key]); err != nil {
			return fmt.Errorf("write signature: %w", err)
		}
		signed, err := f.settings.UpdateChannel(ctx, system, ch.ID, setting.ChannelChange{AddSignature: new(true)})
		if err != nil {
			return fmt.Errorf("sign mails: %w", err)
		}
		f.channels[o.key] = signed
	}
	for _, m := range ready {
		if err := f.makeCanned(ctx, m.shortcut, setting.CannedChange{
			Name: &m.name, Folder: &m.folder, Subject: &m.subject, Shared: new(true), HTML: new(composed(m.text)),
		}); err != nil {
			return fmt.Errorf("make canned message: %w", err)
		}
	}
	return nil
}

// makeCanned does without the shortcut where the account has given it to a message of its own.
func (f *filler) makeCanned(ctx context.Context, shortcut string, c setting.CannedChange) error {
	c.Shortcut = &shortcut
	made, err := f.settings.CreateCannedMessage(ctx, parley.SystemActor(f.account), c)
	if parley.IsCode(err, parley.Conflict) {
		c.Shortcut = nil
		made, err = f.settings.CreateCannedMessage(ctx, parley.SystemActor(f.account), c)
	}
	if err != nil {
		return err
	}
	return f.note(ctx, store.SampleCanned, int64(made.ID))
}
