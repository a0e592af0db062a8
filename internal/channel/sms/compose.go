package sms

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// What no provider takes more of.
const (
	maxRunes  = 1600
	maxImages = 10
)

// maxSegments is what providers take at most, where they count in segments.
var maxSegments = map[string]int{"telnyx": 10, "messagebird": 9, "plivo": 11, "smpp": 10}

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
	if n := utf8.RuneCountInString(l.Text); n > maxRunes {
		faults.Add(parley.Errorf(parley.Invalid, "text.too_long", "The text has %d characters; at most %d can be sent at once.", n, maxRunes).
			On("text").With("count", strconv.Itoa(n)).With("max", strconv.Itoa(maxRunes)))
	}
	if n, most := sms.Measure(l.Text).Segments, maxSegments[c.about.Name]; most > 0 && n > most {
		faults.Add(parley.Errorf(parley.Invalid, "text.too_long", "The text takes %d segments; at most %d can be sent at once.", n, most).
			On("text").With("segments", strconv.Itoa(n)).With("max_segments", strconv.Itoa(most)))
	}
	for _, p := range l.Parts {
		d.Images = append(d.Images, p.URL)
	}
	c.checkImages(l.Parts, &faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

// sendable are the types of picture that phones show, and providers take.
var sendable = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true}

func (c *numberChannel) checkImages(parts []channel.Part, faults *parley.Faults) {
	const field = "attachment_ids"
	size := int64(0)
	for _, p := range parts {
		size += int64(len(p.Body))
		if kind, _, _ := strings.Cut(p.ContentType, ";"); !sendable[strings.ToLower(strings.TrimSpace(kind))] {
			faults.Add(parley.Errorf(parley.Invalid, "attachment.not_image", "%s is no picture that can be sent by text: only JPEG, PNG and GIF can.", p.Filename).
				On(field).With("name", p.Filename))
		} else if p.URL == "" {
			faults.Add(parley.Errorf(parley.Internal, "attachment.no_url", "The picture has no address at which the provider can fetch it.").On(field))
		}
	}
	switch {
	case len(parts) > 0 && !c.about.Images:
		faults.Add(parley.Errorf(parley.Invalid, "attachments.none", "This channel's provider sends no pictures.").On(field))
	case len(parts) > maxImages:
		faults.Add(parley.Errorf(parley.Invalid, "attachments.too_many", "A text takes at most %d pictures.", maxImages).On(field).With("max", strconv.Itoa(maxImages)))
	case size > c.about.MaxImages && c.about.Images:
		faults.Add(parley.Errorf(parley.Invalid, "attachments.too_large", "The pictures have %d bytes together; this channel's provider takes %d.", size, c.about.MaxImages).
			On(field).With("max", strconv.FormatInt(c.about.MaxImages, 10)))
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
