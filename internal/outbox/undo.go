package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// replyDraft is the mode under which letters are drafted.
const replyDraft = "reply"

// takenBack brings back the state before m, which nobody got: the conversation
// is as if it had not been sent, and its text and files are a draft of whoever
// took it back, so that it can be sent from one place only.
func (s *Service) takenBack(ctx context.Context, tx *store.Tx, actor parley.Actor, c *parley.Conversation, m parley.Message, before parley.Delivery) error {
	writer := actor.UserID
	if writer == 0 {
		writer = m.AuthorID
	}
	if writer != 0 {
		if err := redraft(ctx, tx, c, m, writer); err != nil {
			return err
		}
	}
	if before == parley.Queued {
		if err := unanswer(ctx, tx, c, m); err != nil {
			return err
		}
	}
	return unlist(ctx, tx, c, writer)
}

// unanswer brings back how far the conversation was answered.
func unanswer(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message) error {
	was, err := tx.AnsweredState(ctx, c.AccountID, c.ID, m.ID)
	if err != nil {
		return fmt.Errorf("load state before the answer: %w", err)
	}
	if was.LastOutboundAt == nil {
		c.FirstReplyAt = nil
	}
	c.LastOutboundAt = was.LastOutboundAt
	if c.Status == parley.Open {
		c.WaitingSince = was.WaitingSince
	}
	return nil
}

// unlist brings back what lists tell of the conversation. One of which nothing
// is left is its creator's draft again.
func unlist(ctx context.Context, tx *store.Tx, c *parley.Conversation, writer parley.UserID) error {
	n, err := tx.NewestState(ctx, c.AccountID, c.ID)
	if err != nil {
		return fmt.Errorf("load newest message: %w", err)
	}
	c.MessageCount, c.Preview, c.LastMessageAt, c.HasAttachment = n.Messages, n.Preview, n.At, n.HasFile
	if n.Messages == 0 {
		c.LastMessageAt = c.CreatedAt
		if n.Notes == 0 && c.CreatorID == writer && c.MergedIntoID == 0 && !c.Spam {
			c.Draft, c.Status, c.ClosedAt = true, parley.Open, nil
		}
	}
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return fmt.Errorf("update conversation: %w", err)
	}
	return nil
}

// redraft writes m into the writer's draft. Where they have begun another
// meanwhile, that keeps whom it goes to, and gets m's text above its own and m's
// files beside its own.
func redraft(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message, writer parley.UserID) error {
	doc, err := documentOf(ctx, tx, c, m)
	if err != nil {
		return err
	}
	ids := make([]parley.AttachmentID, len(doc.Files))
	for i, f := range doc.Files {
		ids[i] = f.ID
	}
	if err := tx.ReleaseAttachments(ctx, c.AccountID, writer, ids); err != nil {
		return fmt.Errorf("release files: %w", err)
	}
	is, err := tx.DraftOf(ctx, c.AccountID, writer, c.ID, replyDraft)
	if err != nil && !errors.Is(err, store.ErrNoRow) {
		return fmt.Errorf("load draft: %w", err)
	}
	content, err := doc.above(is.Content)
	if err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	d := parley.DraftMessage{AccountID: c.AccountID, UserID: writer, ConversationID: c.ID, Mode: replyDraft, Content: content}
	if err := tx.SaveDraft(ctx, &d, is.Version); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: parley.DraftChanged, ActorID: writer, UserID: writer, ConversationID: c.ID,
		Data: parley.JSON(`{"mode":"` + replyDraft + `"}`),
	})
	return nil
}

// document is the composer's own: what a draft holds of a letter.
type document struct {
	Mode    string         `json:"mode"`
	HTML    string         `json:"html"`
	Subject string         `json:"subject"`
	To      []documentName `json:"to"`
	Cc      []documentName `json:"cc"`
	Bcc     []documentName `json:"bcc"`
	Files   []documentFile `json:"files"`
}

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

// documentOf is what m was written as. What a forward carries along is added
// again when it is sent.
func documentOf(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message) (document, error) {
	body, err := tx.BodyByID(ctx, c.AccountID, m.ID)
	if err != nil {
		return document{}, fmt.Errorf("load text: %w", err)
	}
	doc := document{Mode: "reply", HTML: body.HTML, Subject: m.Subject, To: names(m.To), Cc: names(m.Cc), Bcc: names(m.Bcc), Files: []documentFile{}}
	carried := map[parley.BlobKey]bool{}
	if m.Kind == parley.KindForward {
		doc.Mode = "forward"
		doc.HTML, _, _ = strings.Cut(doc.HTML, forwardedMark)
		from, err := parent(ctx, tx, c)
		if err != nil {
			return doc, err
		}
		if from != nil {
			for _, a := range from.Attachments {
				carried[a.Blob] = true
			}
		}
	}
	if doc.HTML == "" && strings.TrimSpace(body.VisibleText) != "" {
		doc.HTML = paragraphs(body.VisibleText)
	}
	for _, a := range m.Attachments {
		if !carried[a.Blob] {
			doc.Files = append(doc.Files, documentFile{a.ID, a.Filename, a.ContentType, a.Size, a.Inline})
		}
	}
	return doc, nil
}

func names(list parley.Addresses) []documentName {
	out := make([]documentName, len(list))
	for i, a := range list {
		out[i] = documentName{a.Name, a.Email}
	}
	return out
}

// above is the content of a draft that holds d, and below it what was begun
// meanwhile, if that is worth keeping.
func (d document) above(begun parley.JSON) (parley.JSON, error) {
	var fields map[string]json.RawMessage
	var newer struct {
		HTML  string            `json:"html"`
		Files []json.RawMessage `json:"files"`
	}
	if json.Unmarshal(begun, &fields) != nil || json.Unmarshal(begun, &newer) != nil || newer.HTML == "" && len(newer.Files) == 0 {
		return json.Marshal(d)
	}
	html, err := json.Marshal(d.HTML + newer.HTML)
	if err != nil {
		return nil, err
	}
	for _, f := range d.Files {
		raw, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		newer.Files = append(newer.Files, raw)
	}
	files, err := json.Marshal(newer.Files)
	if err != nil {
		return nil, err
	}
	fields["html"], fields["files"] = html, files
	return json.Marshal(fields)
}
