package email

import (
	"bytes"
	"fmt"
	"io"
	stdmime "mime"
	"mime/multipart"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/mime"
	"parley/internal/parley"
)

const maxFormParts = 1000

// form is what an HTML form would send: fields, and files with their field's name.
type form struct {
	fields url.Values
	files  map[string]mime.Part
}

// readForm reads application/x-www-form-urlencoded or multipart/form-data (RFC 7578).
func readForm(contentType string, body []byte) (form, error) {
	f := form{fields: url.Values{}, files: map[string]mime.Part{}}
	kind, params, err := stdmime.ParseMediaType(contentType)
	if err != nil {
		return f, fmt.Errorf("%w: content type: %w", channel.ErrUnreadable, err)
	}
	if kind == "application/x-www-form-urlencoded" {
		if f.fields, err = url.ParseQuery(string(body)); err != nil {
			return f, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
		}
		return f, nil
	}
	if kind != "multipart/form-data" || params["boundary"] == "" {
		return f, fmt.Errorf("%w: content type", channel.ErrUnreadable)
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range maxFormParts {
		p, err := parts.NextRawPart()
		if err == io.EOF { //nolint:errorlint // never wrapped
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return f, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
		}
		if p.FileName() == "" {
			f.fields.Add(p.FormName(), string(content))
			continue
		}
		f.files[p.FormName()] = mime.Part{Filename: p.FileName(), ContentType: p.Header.Get("Content-Type"), Body: content}
	}
	return f, fmt.Errorf("%w: too many parts", channel.ErrUnreadable)
}

// field is a header field.
type field struct{ name, value string }

// written is a mail that a provider took apart, put together again: the header as
// it was, and the body from its text, HTML and files.
type written struct {
	header []field
	from   string // where the header has none of these
	to     string
	cc     string
	subj   string
	id     string
	date   time.Time
	text   string
	html   string
	parts  []mime.Part
}

// compose writes the mail. What was in the header stays as the provider tells it,
// but for what describes the body.
func (m written) compose() ([]byte, error) {
	body, err := mime.Compose(mime.Draft{
		From: parley.Address{Email: "nobody@invalid"}, To: parley.Addresses{{Email: "nobody@invalid"}}, Subject: "-", SentAt: time.Unix(0, 0), InternetID: "0@invalid",
		Text: m.text, HTML: m.html, Parts: m.parts,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	var out bytes.Buffer
	have := map[string]bool{}
	write := func(name, value string) {
		if name = fieldName(name); name == "" || strings.TrimSpace(value) == "" {
			return
		}
		have[strings.ToLower(name)] = true
		_, _ = fmt.Fprintf(&out, "%s: %s\r\n", name, oneField(value)) // a buffer never fails to write
	}
	for _, f := range m.header {
		if !ofBody(f.name) {
			write(f.name, f.value)
		}
	}
	for _, f := range []field{{"From", m.from}, {"To", m.to}, {"Cc", m.cc}, {"Subject", m.subj}, {"Message-ID", m.id}} {
		if !have[strings.ToLower(f.name)] {
			write(f.name, f.value)
		}
	}
	if !have["date"] && !m.date.IsZero() {
		write("Date", m.date.Format(time.RFC1123Z))
	}
	head, rest, _ := bytes.Cut(body, []byte("\r\n\r\n"))
	keep := false
	for line := range bytes.Lines(append(head, "\r\n"...)) {
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := strings.Cut(string(line), ":")
			keep = ofBody(name)
		}
		if keep {
			_, _ = out.Write(line)
		}
	}
	_, _ = out.WriteString("\r\n")
	_, _ = out.Write(rest)
	return out.Bytes(), nil
}

// ofBody are the fields that describe the body (RFC 2045).
func ofBody(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	return name == "mime-version" || strings.HasPrefix(name, "content-")
}

// fieldName is a name that can stand in a header (RFC 5322 3.6.8), or nothing.
func fieldName(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > 100 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == ':' || r >= 0x7f }) {
		return ""
	}
	return name
}

// oneField folds what came unfolded, so that no value begins a field of its own.
func oneField(value string) string {
	words := strings.FieldsFunc(value, func(r rune) bool { return r == '\r' || r == '\n' || r == 0 })
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return strings.Join(words, "\r\n ")
}

// headerFields reads a header block as it stood in the mail.
func headerFields(block string) (out []field) {
	msg, err := mail.ReadMessage(strings.NewReader(strings.TrimRight(block, "\r\n") + "\r\n\r\n"))
	if err != nil {
		return nil
	}
	for name, values := range msg.Header {
		for _, v := range values {
			out = append(out, field{name, v})
		}
	}
	return out
}
