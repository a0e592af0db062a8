package setting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/merge"
	"parley/internal/mime"
	"parley/internal/parley"
	"parley/internal/sanitize"
	"parley/internal/store"
)

const (
	maxTemplate = 256 << 10 // bytes of HTML
	maxFiles    = 25 << 20  // bytes of all files together, as of a message
)

// template is what is stored of a template that a person wrote: safe HTML in which
// what was typed as {{ … }} is chips, and its plain twin. An unknown field is a fault.
func template(faults *parley.Faults, raw string) (html, text string) {
	switch {
	case len(raw) > maxTemplate:
		faults.Add(parley.Errorf(parley.Invalid, "template.too_long", "This is longer than %d kB. Shorten it.", maxTemplate>>10).On("html").With("max", fmt.Sprint(maxTemplate)))
		return "", ""
	case !storable(raw):
		faults.Add(parley.Errorf(parley.Invalid, "field.invalid", "This has characters that can't be stored.").On("html"))
		return "", ""
	}
	unknown := merge.Unknown(raw)
	html, typed := merge.Chips(sanitize.Composed(raw))
	html = sanitize.Composed(html)
	for _, name := range append(unknown, typed...) {
		faults.Add(unknownField(name).On("html"))
	}
	return html, strings.TrimSpace(mime.TextFromHTML(merge.Typed(html)))
}

// blank: there is nothing to see in it.
func blank(html, text string) bool { return text == "" && !strings.Contains(html, "<img") }

func emptyTemplate() *parley.Error {
	return parley.Errorf(parley.Invalid, "template.empty", "Write something first.").On("html")
}

// subjectLine is a template of one line; it may be empty.
func subjectLine(faults *parley.Faults, raw string) string {
	if strings.TrimSpace(raw) == "" {
		return ""
	}
	out, ok := parley.Line(raw, maxSubject)
	if !ok {
		faults.Add(parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxSubject).On("subject").With("max", fmt.Sprint(maxSubject)))
	}
	for _, name := range merge.UnknownInLine(raw) {
		faults.Add(unknownField(name).On("subject"))
	}
	return out
}

func unknownField(name string) *parley.Error {
	return parley.Errorf(parley.Invalid, "merge.unknown", "There is no merge field or filter %q. Take it out, or insert one from the list.", name).With("name", name)
}

// storable: PostgreSQL takes neither NUL nor broken UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// files are the changes to what a template carries.
type files struct{ keep, add, gone []parley.Attachment }

// chooseFiles says which files a template has from now on: those listed (nil: those that it has), and
// the images that its HTML shows. New ones are uploads of the actor.
func chooseFiles(ctx context.Context, tx *store.Tx, actor parley.Actor, have []parley.Attachment, listed *[]parley.AttachmentID, html string) (f files, err error) {
	var want, shown []parley.AttachmentID
	for _, id := range sanitize.Shown(html) {
		shown = append(shown, parley.AttachmentID(id))
	}
	if listed != nil {
		want = *listed
	}
	var rest []parley.AttachmentID
	for _, a := range have {
		stays := slices.Contains(want, a.ID) || slices.Contains(shown, a.ID) || listed == nil && !a.Inline
		a.Inline = slices.Contains(shown, a.ID) && image(a)
		if stays {
			f.keep = append(f.keep, a)
		} else {
			f.gone = append(f.gone, a)
		}
	}
	for _, id := range unique(slices.Concat(want, shown)) {
		if !slices.ContainsFunc(have, func(a parley.Attachment) bool { return a.ID == id }) {
			rest = append(rest, id)
		}
	}
	if f.add, err = tx.ListUploads(ctx, actor.AccountID, actor.UserID, rest); err != nil {
		return f, fmt.Errorf("load uploads: %w", err)
	}
	for i := range f.add {
		f.add[i].Inline = slices.Contains(shown, f.add[i].ID) && image(f.add[i])
	}
	return f, f.check(rest, want)
}

func image(a parley.Attachment) bool { return strings.HasPrefix(a.ContentType, "image/") }

// check refuses listed files that are not there, and too much of them.
func (f files) check(rest, listed []parley.AttachmentID) error {
	for _, id := range rest {
		there := slices.ContainsFunc(f.add, func(a parley.Attachment) bool { return a.ID == id })
		if !there && slices.Contains(listed, id) {
			return parley.Errorf(parley.Invalid, "attachment.gone", "A file was not found. Upload it again.").On("attachment_ids")
		}
	}
	var size int64
	for _, a := range slices.Concat(f.keep, f.add) {
		size += a.Size
	}
	if size > maxFiles {
		return parley.Errorf(parley.Invalid, "attachments.too_large", "Files of one message may have %d MB together. Send a link instead.", maxFiles>>20).On("attachment_ids")
	}
	return nil
}
