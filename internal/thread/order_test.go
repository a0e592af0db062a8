package thread

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/parley"
)

// drawMails makes mails of a few threads that name each other as mail programs
// do: whole References or part of them, only In-Reply-To, in another case,
// themselves, each other in a ring, or what never arrives. Ids repeat or are absent.
func drawMails(t *rapid.T) []Incoming {
	n := rapid.IntRange(2, 14).Draw(t, "mails")
	id := func(i int) string { return fmt.Sprintf("Id%d@x.test", i) }
	mails := make([]Incoming, n)
	for i := range mails {
		in := from(id(i))
		switch rapid.SampledFrom([]string{"own", "own", "own", "own", "none", "repeated"}).Draw(t, "id") {
		case "none":
			in.InternetID = ""
		case "repeated":
			in.InternetID = id(rapid.IntRange(0, n-1).Draw(t, "whose id"))
		}
		// Ids from n up belong to mails that never arrive.
		for range rapid.IntRange(0, 3).Draw(t, "references") {
			ref := id(rapid.IntRange(0, n+3).Draw(t, "names"))
			switch rapid.SampledFrom([]string{"reference", "upper", "reply"}).Draw(t, "as") {
			case "reference":
				in.References = append(in.References, ref)
			case "upper":
				in.References = append(in.References, strings.ToUpper(ref))
			case "reply":
				in.InReplyTo = append(in.InReplyTo, ref)
			}
		}
		in.ContentHash = []byte(fmt.Sprint("mail ", i))
		mails[i] = in
	}
	return mails
}

// groups is the oracle: mails hang together when they are, or name, the same id.
func groups(mails []Incoming) [][]string {
	root := map[string]string{}
	find := func(x string) string {
		for root[x] != "" && root[x] != x {
			x = root[x]
		}
		return x
	}
	join := func(a, b string) {
		if a, b = find(a), find(b); a != b {
			root[a] = b
		}
	}
	for i, in := range mails {
		for _, id := range slices.Concat([]string{in.InternetID}, in.InReplyTo, in.References) {
			if id != "" {
				join(label(i), "id "+parley.InternetKey(id))
			}
		}
	}
	sets := map[string][]string{}
	for i := range mails {
		sets[find(label(i))] = append(sets[find(label(i))], label(i))
	}
	out := slices.Collect(maps.Values(sets))
	for _, set := range out {
		slices.Sort(set)
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

func label(i int) string { return fmt.Sprintf("m%02d", i) }

func TestAnyOrderGivesTheSameThreads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		mails := drawMails(rt)
		order := make([]int, len(mails))
		for i := range order {
			order[i] = i
		}
		s := newModel()
		for _, i := range rapid.Permutation(order).Draw(rt, "order") {
			s.file(t, mails[i], label(i))
		}
		if diff := cmp.Diff(groups(mails), s.partition()); diff != "" {
			rt.Fatalf("threads (-want +got):\n%s", diff)
		}
		for _, c := range s.conversations {
			if len(c.linked) > 0 {
				rt.Fatalf("conversation %d is linked, where all should be merged", c.ID)
			}
		}
	})
}

// TestAcceptTwiceIsOnce delivers every mail once more, somewhere later.
func TestAcceptTwiceIsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		mails := drawMails(rt)
		order := make([]int, 2*len(mails))
		for i := range order {
			order[i] = i % len(mails)
		}
		s := newModel()
		for _, i := range rapid.Permutation(order).Draw(rt, "order") {
			s.file(t, mails[i], label(i))
		}
		if len(s.messages) != len(mails) {
			rt.Fatalf("%d mails filed as %d messages", len(mails), len(s.messages))
		}
	})
}

// TestRepliesToUsInAnyOrder: whatever a customer's program keeps of our ids, and
// in whatever order its mails come, they end where we wrote.
func TestRepliesToUsInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newModel()
		s.file(t, from("first@x"), "first")
		_, token := s.send(1, "sent@ours", rapid.Bool().Draw(rt, "automated"))
		n := rapid.IntRange(1, 6).Draw(rt, "replies")
		mails := make([]Incoming, n)
		for i := range mails {
			in := from(fmt.Sprintf("reply%d@x", i))
			switch rapid.SampledFrom([]string{"address", "in-reply-to", "references", "body", "first", "previous"}).Draw(rt, "by") {
			case "address":
				in.Recipients = []string{"support+" + token + "@ours.test"}
			case "in-reply-to":
				in.InReplyTo = []string{"sent@ours"}
			case "references":
				in.References = []string{"gone@x", "sent@ours"}
			case "body":
				in.BodyTokens = s.signer.Read(testAccount, FindInBody("> "+Marker(token)))
			case "first":
				in.References = []string{"first@x"}
			case "previous":
				in.References = []string{"sent@ours", fmt.Sprintf("reply%d@x", (i+n-1)%n)}
			}
			mails[i] = in
		}
		for i, in := range rapid.Permutation(mails).Draw(rt, "order") {
			if d := s.file(t, in, label(i)); d.Conversation != 1 || d.Merge != nil || d.Link != nil {
				rt.Fatalf("decided %+v, want conversation 1", d)
			}
		}
	})
}

// TestTimelineOfAnyOrder: a thread whose mails name all that went before reads in
// its own order, however it was delivered.
func TestTimelineOfAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(rt, "mails")
		var want, refs []string
		order := make([]int, n)
		mails := make([]Incoming, n)
		for i := range mails {
			id := fmt.Sprintf("id%d@x", i)
			mails[i] = from(id, refs...)
			refs = append(slices.Clone(refs), id)
			want = append(want, label(i))
			order[i] = i
		}
		s := newModel()
		for _, i := range rapid.Permutation(order).Draw(rt, "order") {
			s.file(t, mails[i], label(i))
		}
		if got := s.timeline(1); got != strings.Join(want, " ") {
			rt.Fatalf("the timeline reads %q", got)
		}
	})
}
