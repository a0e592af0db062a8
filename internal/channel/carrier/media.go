package carrier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// maxPicture is the largest that is fetched or kept.
const maxPicture = 5 << 20

// fetch gets the pictures of a text that is sent, and takes it on its way.
func (c *Carrier) fetch(t *Text, addresses []string, b Behaviour) {
	media, fault := []Media(nil), 0
	for _, address := range addresses {
		m, err := c.picture(c.ctx, address)
		switch {
		case errors.Is(err, errTooLarge):
			fault = 11751
		case err != nil:
			fault = 11200
		}
		media = append(media, m)
	}
	c.mu.Lock()
	t.Media = media
	c.mu.Unlock()
	if fault != 0 {
		b.Fail = fault
	}
	c.carry(t, b)
}

var errTooLarge = errors.New("the picture is too large")

func (c *Carrier) picture(ctx context.Context, address string) (Media, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return Media{}, fmt.Errorf("fetch picture: %w", err)
	}
	resp, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return Media{}, fmt.Errorf("fetch picture: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it is wanted
	if resp.StatusCode != http.StatusOK {
		return Media{}, fmt.Errorf("fetch picture: status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPicture+1))
	if err != nil {
		return Media{}, fmt.Errorf("fetch picture: %w", err)
	}
	if len(body) > maxPicture {
		return Media{}, errTooLarge
	}
	return Media{resp.Header.Get("Content-Type"), body}, nil
}

// mediaAddress is where a picture of a text lies.
func (c *Carrier) mediaAddress(sid string, index int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base + "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Messages/" + sid + "/Media/" + strconv.Itoa(index)
}

// getMedia leads to where the picture is kept, which asks nobody who they are.
func (c *Carrier) getMedia(w http.ResponseWriter, r *http.Request) {
	sid, index := r.PathValue("message"), r.PathValue("index")
	if _, ok := c.mediaOf(sid, index); !ok {
		refuse(w, http.StatusNotFound, 20404)
		return
	}
	http.Redirect(w, r, "/kept/"+sid+"/"+index+"/"+c.proof(sid, index), http.StatusTemporaryRedirect)
}

// proof is what an address of a picture must have.
func (c *Carrier) proof(sid, index string) string {
	return fmt.Sprintf("%x", Signature(c.cfg.AuthToken, sid+"/"+index, nil))
}

func (c *Carrier) getKept(w http.ResponseWriter, r *http.Request) {
	sid, index := r.PathValue("message"), r.PathValue("index")
	m, ok := c.mediaOf(sid, index)
	if !ok || r.PathValue("proof") != c.proof(sid, index) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.ContentType)
	_, _ = w.Write(m.Body) // whoever hung up needs no answer
}

func (c *Carrier) mediaOf(sid, index string) (Media, bool) {
	i, err := strconv.Atoi(index)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.texts {
		if err == nil && t.SID == sid && i >= 0 && i < len(t.Media) {
			return t.Media[i], true
		}
	}
	return Media{}, false
}
