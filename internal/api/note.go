package api

import (
	"context"
	"net/http"

	"parley/internal/conversation"
	"parley/internal/parley"
)

// NoteBody is a note's text, plain or as the editor makes it.
type NoteBody struct {
	Text string `json:"text,omitempty"`
	HTML string `json:"html,omitempty"`
}

// NoteInput names a note in a path.
type NoteInput struct {
	ConversationInput
	NoteID parley.NoteID `path:"note_id"`
}

func (s *Server) registerNotes() {
	const notes = "/api/v1/conversations/{id}/notes"
	signedIn(s, op(http.MethodPost, notes, "post-conversations-id-notes", "Write a note for the team"), s.addNote)
	signedIn(s, op(http.MethodPatch, notes+"/{note_id}", "patch-conversations-id-notes-note_id", "Change a note"), s.editNote)
	signedInTo(s, status(op(http.MethodDelete, notes+"/{note_id}", "delete-conversations-id-notes-note_id", "Delete a note"), http.StatusNoContent), s.deleteNote)
}

func noteBody(n parley.Note, err error) (*Body[NoteItem], error) {
	if err != nil {
		return nil, err
	}
	return &Body[NoteItem]{newNote(n)}, nil
}

func (s *Server) addNote(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body NoteBody
},
) (*Body[NoteItem], error) {
	return noteBody(s.Conversation.AddNote(ctx, actor, in.ID, conversation.NoteText(in.Body)))
}

func (s *Server) editNote(ctx context.Context, actor parley.Actor, in *struct {
	NoteInput
	Body NoteBody
},
) (*Body[NoteItem], error) {
	return noteBody(s.Conversation.EditNote(ctx, actor, in.ID, in.NoteID, conversation.NoteText(in.Body)))
}

func (s *Server) deleteNote(ctx context.Context, actor parley.Actor, in *NoteInput) (*Empty, error) {
	return nil, s.Conversation.DeleteNote(ctx, actor, in.ID, in.NoteID)
}
