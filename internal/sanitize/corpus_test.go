package sanitize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// breaches parses safe as a browser does and lists what must not be in it.
func breaches(t testing.TB, safe string, elements map[string]bool) (found []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<!DOCTYPE html><body>" + safe))
	if err != nil {
		t.Fatalf("parse the result: %v", err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.CommentNode:
			found = append(found, "a comment: "+n.Data)
		case html.ElementNode:
			if n.Namespace != "" || !elements[n.Data] && n.Data != "html" && n.Data != "head" && n.Data != "body" {
				found = append(found, "element "+n.Namespace+":"+n.Data)
			}
			if n.Data == "style" && n.FirstChild != nil {
				found = append(found, cssBreaches(n.FirstChild.Data)...)
			}
			for _, a := range n.Attr {
				found = append(found, attrBreaches(n.Data, a)...)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return found
}

var (
	controls   = regexp.MustCompile(`[\x00-\x20\x7f-\xa0]+`)
	badScheme  = regexp.MustCompile(`^(javascript|vbscript|livescript|mocha|data:(text|application|image/svg)|view-source|file):`)
	goodLink   = regexp.MustCompile(`^(https?://|mailto:|tel:)`)
	goodSource = regexp.MustCompile(`^(data:image/(png|jpeg|gif|webp);base64,|cid:|/api/v1/attachments/\d+(\?inline=1)?$)`)
	badCSS     = regexp.MustCompile(`(?i)url\s*\(|@import|@charset|@font-face|expression|-moz-binding|behaviou?r|(?:^|[;{\s])(position|content)\s*:|z-index|javascript|\\|<|margin[a-z-]*:[^;}]*\s-\d`)
)

func cssBreaches(css string) (found []string) {
	for _, m := range badCSS.FindAllString(css, -1) {
		found = append(found, "css "+m)
	}
	return found
}

func attrBreaches(tag string, a html.Attribute) (found []string) {
	where := tag + " " + a.Key + "=" + a.Val
	bare := strings.ToLower(controls.ReplaceAllString(html.UnescapeString(a.Val), ""))
	switch {
	case a.Namespace != "" || strings.HasPrefix(a.Key, "on") || !attrName.MatchString(a.Key):
		found = append(found, where)
	case a.Key == "href" && !goodLink.MatchString(a.Val):
		found = append(found, where)
	case (a.Key == "src" || a.Key == "background") && !goodSource.MatchString(a.Val):
		found = append(found, where)
	case a.Key == "style":
		found = append(found, cssBreaches(a.Val)...)
	case badScheme.MatchString(bare) && !textAttrs[a.Key]:
		found = append(found, where)
	}
	return found
}

var attrName = regexp.MustCompile(`^(` + strings.Join(append(append(keys(wordAttrs), keys(textAttrs)...),
	"href", "src", "background", "style", "class", "id", "name", "usemap", "target", "rel", remoteSrc, remoteBackground,
	"data-id", "data-label", "data-merge", "data-mention", "data-type"), "|") + `)$`)

var mailResult = func() map[string]bool {
	m := map[string]bool{"style": true}
	for tag := range mailElements {
		m[tag] = true
	}
	return m
}()

type htmlCase struct {
	ID             string   `json:"id"`
	Payload        string   `json:"payload"`
	MustNotMatch   []string `json:"peer_must_not_match"`
	MustNotContain []string `json:"peer_must_not_contain"`
}

// corporaDir finds the peer corpora; the test is skipped where they are absent.
func corporaDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PARLEY_CORPORA")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for up := wd; dir == "" && up != filepath.Dir(up); up = filepath.Dir(up) {
			if at := filepath.Join(up, "shared", "corpora"); exists(at) {
				dir = at
			}
		}
	}
	if dir == "" || !exists(dir) {
		t.Skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout")
	}
	return dir
}

func corpusCases(t testing.TB) map[string][]htmlCase {
	t.Helper()
	dir := corporaDir(t)
	files, err := filepath.Glob(filepath.Join(dir, "html-sanitise", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no payloads in %s: %v", dir, err)
	}
	sets := map[string][]htmlCase{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var set struct {
			Cases []htmlCase `json:"cases"`
		}
		if err := json.Unmarshal(raw, &set); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		sets[strings.TrimSuffix(filepath.Base(file), ".json")] = set.Cases
	}
	return sets
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestCorpusIsHarmless(t *testing.T) {
	t.Parallel()
	for set, cases := range corpusCases(t) {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			for _, c := range cases {
				mail := Mail(c.Payload, MailOptions{}).HTML
				for _, b := range breaches(t, mail, mailResult) {
					t.Errorf("%s: mail holds %s\nin:  %q\nout: %q", c.ID, b, c.Payload, mail)
				}
				composed := Composed(c.Payload)
				for _, b := range breaches(t, composed, composedElements) {
					t.Errorf("%s: composed holds %s\nin:  %q\nout: %q", c.ID, b, c.Payload, composed)
				}
				peerBreaches(t, c, mail)
				peerBreaches(t, c, composed)
				if again := Mail(mail, MailOptions{}).HTML; again != mail {
					t.Errorf("%s: mail is not stable\nin:    %q\nonce:  %q\ntwice: %q", c.ID, c.Payload, mail, again)
				}
				if again := Composed(composed); again != composed {
					t.Errorf("%s: composed is not stable\nin:    %q\nonce:  %q\ntwice: %q", c.ID, c.Payload, composed, again)
				}
			}
			t.Logf("%d payloads", len(cases))
		})
	}
}

// peerBreaches applies what the peer's own tests ask of the text of a result.
func peerBreaches(t *testing.T, c htmlCase, out string) {
	t.Helper()
	for _, pattern := range c.MustNotMatch {
		p := strings.Trim(pattern, "/")
		if end := strings.LastIndexByte(pattern, '/'); end > 0 {
			p = pattern[1:end]
			if flags := pattern[end+1:]; flags != "" {
				p = "(?" + flags + ")" + p
			}
		}
		re, err := regexp.Compile(p)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		if re.MatchString(out) {
			t.Errorf("%s: matches %s\nin:  %q\nout: %q", c.ID, pattern, c.Payload, out)
		}
	}
	for _, s := range c.MustNotContain {
		if strings.Contains(out, s) {
			t.Errorf("%s: contains %s\nin:  %q\nout: %q", c.ID, s, c.Payload, out)
		}
	}
}
