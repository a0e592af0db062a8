package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

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
	_, ids := doc.files()
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
	d.Preview, d.Begun = conversation.Begun(content)
	if err := tx.SaveDraft(ctx, &d, is.Version); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	if err := tx.DeleteManuscript(ctx, c.AccountID, m.ID); err != nil {
		return fmt.Errorf("forget manuscript: %w", err)
	}
	tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: parley.DraftChanged, ActorID: writer, UserID: writer, ConversationID: c.ID,
		Data: parley.JSON(`{"mode":"` + replyDraft + `"}`),
	})
	return nil
}

// documentOf is what m was written as: what was kept of it, or where nothing was
// m itself.
func documentOf(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message) (document, error) {
	doc := document{}
	kept, err := tx.ManuscriptOf(ctx, c.AccountID, m.ID)
	switch {
	case err == nil:
		if err := json.Unmarshal(kept, &doc); err != nil {
			return nil, fmt.Errorf("read manuscript: %w", err)
		}
		return doc, nil
	case !errors.Is(err, store.ErrNoRow):
		return nil, fmt.Errorf("load manuscript: %w", err)
	}
	body, err := tx.BodyByID(ctx, c.AccountID, m.ID)
	if err != nil {
		return nil, fmt.Errorf("load text: %w", err)
	}
	html := body.HTML
	if html == "" && strings.TrimSpace(body.VisibleText) != "" {
		html = paragraphs(body.VisibleText)
	}
	return doc, doc.fill(m, html, m.Attachments)
}

// above is the content of a draft that holds d, and below it what was begun
// meanwhile, if that is worth keeping.
func (d document) above(begun parley.JSON) (parley.JSON, error) {
	newer := document{}
	err := json.Unmarshal(begun, &newer)
	files, _ := newer.files()
	if err != nil || newer.text("html") == "" && len(files) == 0 {
		return json.Marshal(d)
	}
	if err := newer.set("html", d.text("html")+newer.text("html")); err != nil {
		return nil, err
	}
	own, _ := d.files()
	if err := newer.set("files", append(files, own...)); err != nil {
		return nil, err
	}
	return json.Marshal(newer)
}
