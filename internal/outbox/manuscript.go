package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"parley/internal/parley"
	"parley/internal/sanitize"
	"parley/internal/store"
)

// replyDraft is the mode under which letters are drafted.
const replyDraft = "reply"

// document is the composer's own, by its members: what a draft holds of a letter.
// What we do not know of it we keep.
type document map[string]json.RawMessage

type documentName struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type documentFile struct {
	ID          parley.AttachmentID `json:"id"`
	Filename    string              `json:"filename"`
	ContentType string              `json:"content_type"`
	Size        int64               `json:"size"`
	Inline      bool                `json:"inline"`
}

func (d document) set(member string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s of draft: %w", member, err)
	}
	d[member] = raw
	return nil
}

func (d document) text(member string) (s string) {
	if json.Unmarshal(d[member], &s) != nil {
		return ""
	}
	return s
}

// files are the members of its list of files, as they are, and their ids.
func (d document) files() (list []json.RawMessage, ids []parley.AttachmentID) {
	var all []json.RawMessage
	if json.Unmarshal(d["files"], &all) != nil {
		return nil, nil
	}
	for _, raw := range all {
		var f documentFile
		if json.Unmarshal(raw, &f) == nil && f.ID != 0 {
			list, ids = append(list, raw), append(ids, f.ID)
		}
	}
	return list, ids
}

// fill sets what every letter has.
func (d document) fill(m parley.Message, html string, uploads []parley.Attachment) error {
	files := make([]any, len(uploads))
	known, ids := d.files()
	for i, a := range uploads {
		files[i] = documentFile{a.ID, a.Filename, a.ContentType, a.Size, a.Inline}
		if at := slices.Index(ids, a.ID); at >= 0 {
			files[i] = known[at]
		}
	}
	mode := "reply"
	if m.Kind == parley.KindForward {
		mode = "forward"
	}
	if was := d.text("mode"); mode == "reply" && was != "reply_all" || mode == "forward" {
		if err := d.set("mode", mode); err != nil {
			return err
		}
	}
	for member, value := range map[string]any{
		"html": html, "subject": m.Subject, "to": names(m.To), "cc": names(m.Cc), "bcc": names(m.Bcc), "files": files,
	} {
		if err := d.set(member, value); err != nil {
			return err
		}
	}
	return nil
}

func names(list parley.Addresses) []documentName {
	out := make([]documentName, len(list))
	for i, a := range list {
		out[i] = documentName{a.Name, a.Email}
	}
	return out
}

// keep ends the writer's draft. Where the message does not tell what was written, for
// it has fields filled in, a signature, or other messages below, or names what it
// answers, that is kept beside it until it has left: it may be taken back.
func (d *draft) keep(ctx context.Context, tx *store.Tx, m parley.Message) error {
	was, err := tx.TakeDraft(ctx, m.AccountID, m.AuthorID, m.ConversationID, replyDraft)
	if err != nil {
		return fmt.Errorf("end draft: %w", err)
	}
	plain := !d.l.names() && d.signature.HTML == "" && len(d.forwarded) == 0 && d.l.AnswersID == 0
	if len(was) == 0 && plain || d.l.Automatic {
		return nil
	}
	doc := document{}
	if len(was) > 0 && json.Unmarshal(was, &doc) != nil {
		doc = document{}
	}
	html := sanitize.Composed(d.l.HTML)
	if d.l.HTML == "" && d.l.Text != "" {
		html = paragraphs(d.l.Text)
	}
	if err := doc.fill(m, html, m.Attachments[:len(d.uploads)]); err != nil {
		return err
	}
	if d.l.AnswersID != 0 {
		if err := doc.set("answers_id", d.l.AnswersID); err != nil {
			return err
		}
	}
	if d.l.Signature != nil {
		if err := doc.set("signature", *d.l.Signature); err != nil {
			return err
		}
	}
	if f := d.l.Forward; f != nil {
		err := doc.set("forward", map[string]any{"message_ids": f.MessageIDs, "history": f.History, "attachment_ids": f.AttachmentIDs})
		if err != nil {
			return err
		}
	}
	content, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write manuscript: %w", err)
	}
	if err := tx.SaveManuscript(ctx, m.AccountID, m.ID, content); err != nil {
		return fmt.Errorf("save manuscript: %w", err)
	}
	return nil
}
