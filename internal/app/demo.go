package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"parley/internal/config"
	"parley/internal/demo"
)

// demoPage is where the customer's side is found, if nobody else is there.
const demoPage = "127.0.0.1:8081"

// carrierHost is where the customer's phones hang on.
const carrierHost = "127.0.0.1"

// Demo runs the product on throwaway data, with a sample account and a simulated
// customer: everything real but the people.
func Demo(ctx context.Context, cfg *config.Config, streams *IO) error {
	dir, err := os.MkdirTemp("", "parley-demo-")
	if err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	customer, err := demo.NewCustomer(ctx, demo.CustomerConfig{HTTP: freeAddr(ctx, demoPage)})
	if err != nil {
		return err
	}
	// Nothing of the operator's is touched: not the data, not the database, not the relay.
	cfg.Data, cfg.DatabaseURL, cfg.Secrets.RelayURL = dir, "", customer.RelayURL()
	cfg.Metrics, cfg.DNS = "", "off" // its world has names of its own
	cfg.AllowPrivate = append(cfg.AllowPrivate, carrierHost)
	cfg.HTTP, cfg.SMTP = freeAddr(ctx, cfg.HTTP), freeAddr(ctx, cfg.SMTP)
	r, err := open(ctx, cfg, streams, func(r *rooms) {
		r.localDomains, r.names, r.between = []string{demo.MailDomain}, demo.Names{}, customer.Internet
	})
	if err != nil {
		return err
	}
	return errors.Join(r.runDemo(ctx, streams, customer), r.close())
}

func (r *rooms) runDemo(ctx context.Context, streams *IO, customer *demo.Customer) error {
	l, err := r.listen(ctx)
	if err != nil {
		return err
	}
	in, err := demo.Fill(ctx, r.account, r.sample, customer)
	if err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	product := demo.Product{
		SMTP: l.smtp.Addr().String(), URL: r.cfg.Base(), Email: in.Email, Password: in.Password,
		Addresses: demo.AddressesOf(r.account, r.setting, in.Owner, customer.CarrierURL()),
	}
	_, err = fmt.Fprintf(streams.Out, `
  Parley runs with sample data, which goes away when you stop it (Ctrl-C).

    The team's inbox   %s
    Sign in with       %s
    Password           %s
    The customer       %s

`, r.cfg.Base(), in.Email, in.Password, customer.URL())
	if err != nil {
		return err
	}
	return r.run(ctx, l, part{"customer", func(ctx context.Context) error { return customer.Run(ctx, product) }})
}

// freeAddr is addr, or another port of the same host where that one is taken.
func freeAddr(ctx context.Context, addr string) string {
	var lc net.ListenConfig
	if l, err := lc.Listen(ctx, "tcp", addr); err == nil {
		_ = l.Close() // it was only tried
		return addr
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return addr
	}
	defer func() { _ = l.Close() }() // it was only tried
	return l.Addr().String()
}
