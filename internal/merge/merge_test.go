package merge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/merge"
)

func facts() merge.Facts {
	return merge.Facts{
		Values: map[string]string{
			"contact.first_name": "Ada", "contact.name": "Ada <b>Lovelace</b>", "contact.company": "", "user.name": "grace hopper",
			"account.name": `"{{ contact.email }}"`, "contact.job_title": "Head\r\nBcc: all@example.com\x00",
		},
		Defaults: map[string]string{"contact.phone": "no phone", "contact.first_name": "unused"},
		Started:  time.Date(2026, 3, 2, 15, 4, 0, 0, time.UTC),
		History: merge.Thread{Said: []merge.Said{
			{From: "Ada <ada@x.example>", At: time.Date(2026, 3, 2, 15, 4, 0, 0, time.UTC), Text: "My chain\nbroke.\n\n<script>"},
			{From: "Grace", At: time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC), Text: "{{ contact.first_name }}"},
		}},
	}
}

const thread = `<p>Mon, 2 Mar 2026 15:04 +0000, Ada &lt;ada@x.example&gt;:</p><blockquote><p>My chain<br/>broke.</p><p>&lt;script&gt;</p></blockquote>` +
	`<p>Mon, 2 Mar 2026 16:00 +0000, Grace:</p><blockquote><p>{{ contact.first_name }}</p></blockquote>`

func chip(expression string) string {
	return `<span data-merge="` + strings.ReplaceAll(expression, `"`, "&#34;") + `">label</span>`
}

func TestExpand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want            string
		unresolved, unknown []string
	}{
		{`<p>Hello {{ contact.first_name }}</p>`, `<p>Hello {{ contact.first_name }}</p>`, nil, nil},
		{`<p>Hello ` + chip("contact.first_name") + `!</p>`, `<p>Hello Ada!</p>`, nil, nil},
		{chip("contact.name"), `Ada &lt;b&gt;Lovelace&lt;/b&gt;`, nil, nil},
		{chip("account.name"), `&#34;{{ contact.email }}&#34;`, nil, nil},
		{chip("contact.job_title"), `Head  Bcc: all@example.com`, nil, nil},
		{chip("contact.company"), ``, []string{"contact.company"}, nil},
		{chip(`contact.company | default: "your company"`), `your company`, nil, nil},
		{chip(`contact.company|default:'<i>'|upcase`), `&lt;I&gt;`, nil, nil},
		{chip(`contact.company | default: ""`), ``, nil, nil},
		{chip(`contact.first_name | default: "there" | downcase`), `ada`, nil, nil},
		{chip("contact.phone"), `no phone`, nil, nil},
		{chip("user.name | capitalize"), `Grace hopper`, nil, nil},
		{chip("conversation.started_at"), `2 March 2026`, nil, nil},
		{chip(`conversation.started_at | date: "%A, %-d.%m.%y %H:%M %Q"`), `Monday, 2.03.26 15:04 %Q`, nil, nil},
		{chip("contact.shoe_size") + chip("contact.shoe_size"), ``, nil, []string{"contact.shoe_size"}},
		{chip("contact.name | append: 'x'"), ``, nil, []string{"append"}},
		{chip("user.name | date"), ``, nil, []string{"date"}},
		{chip("contact.name | default"), ``, nil, []string{"default"}},
		{chip("a{% include 'x' %}"), ``, nil, []string{"a{% include 'x' %}"}},
		{chip("(1..1000000000)"), ``, nil, []string{"(1..1000000000)"}},
		{chip("conversation.history | upcase"), ``, nil, []string{"upcase"}},
		{`<p>` + chip("conversation.history") + `</p>`, thread, nil, nil},
		{
			`<p>So far: <strong>see` + chip("conversation.history") + ` below</strong> this</p><p>Bye</p>`,
			`<p>So far: <strong>see</strong></p>` + thread + `<p><strong> below</strong> this</p><p>Bye</p>`, nil, nil,
		},
		{`<ul><li>` + chip("conversation.history") + `</li></ul>`, `<ul><li>` + thread + `</li></ul>`, nil, nil},
	} {
		got := merge.Expand(c.in, facts())
		if diff := cmp.Diff(merge.Expanded{HTML: c.want, Unresolved: c.unresolved, Unknown: c.unknown}, got); diff != "" {
			t.Errorf("%s\n%s", c.in, diff)
		}
		if diff := cmp.Diff(c.unknown, merge.Unknown(c.in)); diff != "" {
			t.Errorf("%s\n%s", c.in, diff)
		}
	}
}

func TestHistoryOfNothingIsUnresolved(t *testing.T) {
	t.Parallel()
	got := merge.Expand(chip(merge.History), merge.Facts{})
	if diff := cmp.Diff(merge.Expanded{Unresolved: []string{merge.History}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	var long merge.Thread
	for range 100 {
		long.Said = append(long.Said, merge.Said{From: "Ada", Text: strings.Repeat("ä", 5000)})
	}
	long.Said[0].Text, long.Said[99].Text = "the oldest", "the newest"
	for name, one := range map[string]merge.Thread{"many": long, "one": {Said: []merge.Said{{From: "Ada", Text: strings.Repeat("ä", merge.MaxHistory)}}}} {
		out := one.HTML()
		if len(out) > merge.MaxHistory+20_000 || !strings.HasPrefix(out, "<p>Earlier messages are left out.</p>") || strings.Contains(out, "the oldest") {
			t.Errorf("%s: %d bytes: %.100s", name, len(out), out)
		}
		if name == "many" && !strings.Contains(out, "the newest") {
			t.Error("the newest is left out")
		}
	}
}

func TestChips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		unknown  []string
	}{
		{`<p>Plain</p>`, `<p>Plain</p>`, nil},
		{
			`<p>Dear {{contact.first_name}}, hi {{ user.name | upcase }}.</p>`,
			`<p>Dear <span data-merge="contact.first_name">Contact: first name</span>, hi <span data-merge="user.name | upcase">User: name</span>.</p>`, nil,
		},
		{`<p>{{ contact.first_name | default: “there” }}</p>`, `<p><span data-merge="contact.first_name | default: &#34;there&#34;">Contact: first name</span></p>`, nil},
		{`<p>{{ contact.age }} and {{ and {{}}</p>`, `<p>{{ contact.age }} and {{ and {{}}</p>`, []string{"contact.age", ""}},
		{chip("contact.name"), chip("contact.name"), nil},
		{`<span data-merge="contact.name">{{ user.name }}</span>`, `<span data-merge="contact.name">{{ user.name }}</span>`, nil},
	} {
		got, unknown := merge.Chips(c.in)
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
		if diff := cmp.Diff(c.unknown, unknown); diff != "" {
			t.Errorf("%s\n%s", c.in, diff)
		}
	}
	if got := merge.Typed(`<p>Hi ` + chip(`contact.name | default: "x"`) + `</p>`); got != `<p>Hi {{ contact.name | default: &#34;x&#34; }}</p>` {
		t.Error(got)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want   string
		unresolved []string
	}{
		{"Your order", "Your order", nil},
		{"Hi {{ contact.first_name }}: {{contact.job_title}}", "Hi Ada: Head  Bcc: all@example.com", nil},
		{"{{ contact.company }} {{ contact.company }}", "", []string{"contact.company"}},
		{"{{ conversation.history }}{{ nonsense }}\r\nBcc: x", "Bcc: x", nil},
	} {
		got, unresolved := merge.Line(c.in, facts())
		if got != c.want || !cmp.Equal(unresolved, c.unresolved) {
			t.Errorf("%q: %q, %v", c.in, got, unresolved)
		}
	}
	if diff := cmp.Diff([]string{"nonsense", merge.History}, merge.UnknownInLine("{{ nonsense }} {{ conversation.history }} {{ user.name }}")); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFieldHasAValueInSamples(t *testing.T) {
	t.Parallel()
	for _, f := range merge.Fields {
		if !merge.Known(f.Name) || f.Sample == "" || f.Label == "" || !strings.HasPrefix(f.Name, f.Group+".") {
			t.Errorf("%+v", f)
		}
		if merge.Names(chip(f.Name), f.Name) != true || merge.Names("<p>"+f.Name+"</p>", f.Name) {
			t.Errorf("a chip of %s is not found", f.Name)
		}
	}
}
