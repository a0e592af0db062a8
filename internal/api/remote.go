package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// withRemoteAddr makes RemoteAddr the address of the browser, also behind the
// operator's own proxies. X-Forwarded-For is read from its end: what stands
// before the first address that is no proxy of ours may be made up.
func (s *Server) withRemoteAddr(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if client := s.client(r); client != r.RemoteAddr {
			r = r.Clone(r.Context())
			r.RemoteAddr = client
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) client(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !s.proxy(peer.Addr()) {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	client := r.RemoteAddr
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = netip.AddrPortFrom(a, 0).String()
		if !s.proxy(a) {
			break
		}
	}
	return client
}

func (s *Server) proxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
