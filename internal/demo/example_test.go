package demo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/smtp"
	"strings"

	"parley/internal/demo"
)

// What is sent through the relay lies in the mailbox that it was sent to.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	c, err := demo.NewCustomer(ctx, demo.CustomerConfig{})
	if err != nil {
		panic(err)
	}
	ended := make(chan error)
	go func() {
		ended <- c.Run(ctx, demo.Product{Addresses: func(context.Context) (demo.Addresses, error) { return demo.Addresses{}, nil }})
	}()

	mail := "From: Harbour Bikes <help@harbour.example>\r\nTo: maya@okafor.example\r\nSubject: Your brakes\r\n\r\nCome by on Thursday.\r\n"
	err = smtp.SendMail(strings.TrimPrefix(c.RelayURL(), "smtp://"), nil, "help@harbour.example", []string{"maya@okafor.example"}, []byte(mail))
	if err != nil {
		panic(err)
	}
	res, err := http.Get(c.URL() + "api/mails?box=maya@okafor.example")
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
	var box struct {
		Items []struct{ Subject, Preview string }
	}
	if err := json.NewDecoder(res.Body).Decode(&box); err != nil {
		panic(err)
	}
	fmt.Println(box.Items)
	stop()
	fmt.Println(<-ended)
	// Output:
	// [{Your brakes Come by on Thursday.}]
	// <nil>
}
