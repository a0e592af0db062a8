package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// serveMetrics answers Prometheus on a listener of its own, which no proxy
// publishes by mistake. A taken port is told and goes without: figures are no
// reason to receive no mail.
func (r *rooms) serveMetrics(ctx context.Context) error {
	if r.cfg.Metrics == "" {
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", r.cfg.Metrics)
	if err != nil {
		r.log.Warn("no metrics are served: see --metrics", "err", err)
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = srv.Close() })() // a scrape that is cut off is tried again
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
