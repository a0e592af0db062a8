package main

import (
	"fmt"
	"net/http"
	"testing"

	"parley/internal/channel/channeltest"
)

// sees reads what a message centre says next.
func sees(c channeltest.MessageCentre) map[string]any {
	seen := map[string]any{}
	c.Next(&seen)
	return seen
}

// A number behind a message centre: the session is held, texts come and go, and
// receipts come back; a wrong password is said in words.
func TestMessageCentre(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	c := channeltest.NewMessageCentre(t)
	port := sees(c)["port"]
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
	c.Tell(map[string]string{"from": "14155550123", "to": "14155550100", "text": "Do you deliver?"})
	for sees(c)["answered"] == nil { // once it is durable
	}
	x.await("/conversations?view=all_open", "items.*.preview", "Do you deliver?")
	id := x.read("/conversations?view=all_open", "items.0.id")
	x.await("/conversations/"+id, "phone", ada)
	x.ask(http.MethodPost, "/conversations/"+id+"/messages", `{"text":"Every Tuesday"}`)
	for {
		if seen := sees(c); seen["to"] == "14155550123" {
			if seen["text"] != "Every Tuesday" {
				t.Errorf("the centre has %v", seen)
			}
			break
		}
	}
	x.await("/conversations/"+id+"/timeline", "items.2.delivery", "delivered")
}
