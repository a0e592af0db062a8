package setting_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/merge"
	"parley/internal/sanitize"
)

// What one room takes for an expression the other keeps: no chip that can be filled
// in is lost when the HTML around it is cleaned.
func TestChipsSurviveCleaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom(merge.Fields).Draw(t, "field").Name
		filters := rapid.StringMatching(`( ?\| ?(upcase|downcase|capitalize|default: ?"[^"{}\x00-\x1f\x7f]{0,9}"|default:'[^'{}\x00-\x1f\x7f]{0,9}')){0,4}`).Draw(t, "filters")
		html, unknown := merge.Chips("<p>{{ " + strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(field+filters) + " }}</p>")
		if len(unknown) > 0 || !strings.Contains(html, "data-merge") {
			return // the history takes no filters
		}
		if clean := sanitize.Composed(html); !merge.Names(clean, field) {
			t.Fatalf("%s became %s", html, clean)
		}
	})
}
