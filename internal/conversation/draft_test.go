package conversation_test

import (
	"testing"

	"parley/internal/conversation"
	"parley/internal/parley"
)

// A draft is worth a place in the list where something would be lost with it.
func TestBegunDrafts(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]struct {
		preview string
		begun   bool
	}{
		`{"html":"<p>Dear  Ann,</p>"}`:                                                            {"Dear Ann,", true},
		`{"html":"","files":[{"filename":"plan.pdf"}]}`:                                           {"plan.pdf", true},
		`{"mode":"reply","to":[{"email":"a@x.test"}],"subject":"Re: bells"}`:                      {"", false},
		`{"mode":"forward","to":[{"name":"Ann","email":"a@x.test"}],"cc":[{"email":"b@x.test"}]}`: {"Ann, b@x.test", true},
		`{"mode":"forward","to":[]}`:                                                              {"", false},
		`{"mode":"forward","to":7,"html":"Hi"}`:                                                   {"Hi", true},
	} {
		if preview, begun := conversation.Begun(parley.JSON(content)); preview != want.preview || begun != want.begun {
			t.Errorf("%s begins with %q, %v", content, preview, begun)
		}
	}
}
