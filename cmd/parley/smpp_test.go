package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// centre is a message centre by node-smpp, which shares nothing with our own SMPP.
type centre struct {
	t     *testing.T
	says  *bufio.Scanner
	tells io.Writer
}

func startCentre(t *testing.T) centre {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node: there is no other message centre to try")
	}
	root := filepath.Join("..", "..")
	modules, err := filepath.Abs(filepath.Join(root, "web", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "smpp")); err != nil {
		t.Skip("node-smpp is not installed: run npm ci in web")
	}
	cmd := exec.CommandContext(t.Context(), program, filepath.Join(root, "internal", "channel", "sms", "testdata", "smsc.cjs"))
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it is killed with the test's context, if it has not ended by then
	})
	return centre{t, bufio.NewScanner(out), in}
}

// sees reads what the centre says next.
func (c centre) sees() map[string]any {
	c.t.Helper()
	if !c.says.Scan() {
		c.t.Fatalf("the message centre says nothing more: %v", c.says.Err())
	}
	seen := map[string]any{}
	if err := json.Unmarshal(c.says.Bytes(), &seen); err != nil {
		c.t.Fatal(err)
	}
	return seen
}

// A number behind a message centre: the session is held, texts come and go, and
// receipts come back; a wrong password is said in words.
func TestMessageCentre(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	c := startCentre(t)
	port := c.sees()["port"]
	s := testSite(t)
	s.Env = append(s.Env, "PARLEY_ALLOW_PRIVATE=127.0.0.1")
	s.Troubled = true // it warns of the wrong password
	x := &texting{t: t, s: s}
	var err error
	if x.o, err = s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example"); err != nil {
		t.Fatal(err)
	}
	a := x.ask(http.MethodPost, "/channels", fmt.Sprintf(`{"type":"sms","name":"Texts","inbox_id":%s,"number":%q,"provider":"smpp",
		"settings":{"host":"127.0.0.1","port":"%v","tls":"none","system_id":"parley","password":"wrong"}}`, x.o.Inbox, ourNumber, port))
	if x.channel, err = a.Read("id"); err != nil {
		t.Fatal(err)
	}
	x.await("/channels/"+x.channel, "incoming.state", "failed")
	x.ask(http.MethodPatch, "/channels/"+x.channel, `{"settings":{"password":"secret"}}`)
	x.await("/channels/"+x.channel, "incoming.state", "ok")
	if _, err := fmt.Fprintf(c.tells, `{"from":"14155550123","to":"14155550100","text":"Do you deliver?"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	for c.sees()["answered"] == nil { // once it is durable
	}
	x.await("/conversations?view=all_open", "items.*.preview", "Do you deliver?")
	id := x.read("/conversations?view=all_open", "items.0.id")
	x.await("/conversations/"+id, "phone", ada)
	x.ask(http.MethodPost, "/conversations/"+id+"/messages", `{"text":"Every Tuesday"}`)
	for {
		if seen := c.sees(); seen["to"] == "14155550123" {
			if seen["text"] != "Every Tuesday" {
				t.Errorf("the centre has %v", seen)
			}
			break
		}
	}
	x.await("/conversations/"+id+"/timeline", "items.2.delivery", "delivered")
}
