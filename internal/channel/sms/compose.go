package sms

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// document is a composed text, as it is kept until it leaves.
type document struct {
	Version  int      `json:"version"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Text     string   `json:"text,omitempty"`
	Images   []string `json:"images,omitempty"`
	Ref      string   `json:"ref,omitempty"`
	Callback string   `json:"callback,omitempty"`
}

const documentVersion = 1

// Compose implements channel.Channel.
func (c *numberChannel) Compose(l channel.Letter) ([]byte, error) {
	d := document{Version: documentVersion, From: l.From.Phone, Text: l.Text, Ref: l.InternetID, Callback: l.Callback}
	var faults parley.Faults
	if d.From == "" {
		faults.Add(parley.Errorf(parley.Invalid, "phone.invalid", "The channel has no number.").On("from"))
	}
	if len(l.To) != 1 || l.To[0].Phone == "" {
		faults.Add(parley.Errorf(parley.Invalid, "phone.invalid", "A text goes to one number.").On("to"))
	} else {
		d.To = l.To[0].Phone
	}
	if strings.TrimSpace(l.Text) == "" && len(l.Parts) == 0 {
		faults.Add(parley.Errorf(parley.Invalid, "text.empty", "Write something to send.").On("text"))
	}
	most := c.about.Limits()
	if n := utf8.RuneCountInString(l.Text); n > most.Characters && len(l.Parts) > 0 {
		faults.Add(parley.Errorf(parley.Invalid, "text.too_long", "The text has %d characters; at most %d can be sent with pictures.", n, most.Characters).
			On("text").With("count", strconv.Itoa(n)).With("max", strconv.Itoa(most.Characters)))
	}
	if n := sms.Measure(l.Text).Segments; n > most.Segments && len(l.Parts) == 0 {
		faults.Add(parley.Errorf(parley.Invalid, "text.too_long", "The text takes %d segments; at most %d can be sent at once.", n, most.Segments).
			On("text").With("segments", strconv.Itoa(n)).With("max_segments", strconv.Itoa(most.Segments)))
	}
	for _, p := range l.Parts {
		d.Images = append(d.Images, p.URL)
	}
	checkImages(l.Parts, most, &faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

// checkImages: how large they are was checked where they are kept; here are their addresses.
func checkImages(parts []channel.Part, most parley.TextLimits, faults *parley.Faults) {
	const field = "attachment_ids"
	if len(parts) > 0 && most.Pictures == 0 {
		faults.Add(parley.Errorf(parley.Invalid, "attachments.none", "This channel's provider sends no pictures.").On(field))
		return
	}
	if len(parts) > most.Pictures {
		faults.Add(parley.Errorf(parley.Invalid, "attachments.too_many", "A text takes at most %d pictures.", most.Pictures).On(field).With("max", strconv.Itoa(most.Pictures)))
	}
	for _, p := range parts {
		if kind, _, _ := strings.Cut(p.ContentType, ";"); !slices.Contains(most.PictureTypes, strings.ToLower(strings.TrimSpace(kind))) {
			faults.Add(parley.Errorf(parley.Invalid, "attachment.not_image", "%s is no picture that can be sent by text: only JPEG, PNG and GIF can.", p.Filename).
				On(field).With("name", p.Filename))
		} else if p.URL == "" {
			faults.Add(parley.Errorf(parley.Internal, "attachment.no_url", "The picture has no address at which the provider can fetch it.").On(field))
		}
	}
}

// opened reads what Compose wrote.
func opened(body []byte) (text, bool) {
	var d document
	if json.Unmarshal(body, &d) != nil || d.Version != documentVersion || d.To == "" {
		return text{}, false
	}
	return text{From: d.From, To: d.To, Body: d.Text, Images: d.Images, Ref: d.Ref, Callback: d.Callback}, true
}
