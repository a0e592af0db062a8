package carrier

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const apiVersion = "2010-04-01"

func (c *Carrier) routes() http.Handler {
	const account = "/" + apiVersion + "/Accounts/"
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+account+"{sid}/Messages.json", c.known(c.postMessage))
	mux.HandleFunc("GET "+account+"{sid}/Messages/{message}/Media/{index}", c.known(c.getMedia))
	mux.HandleFunc("GET "+account+"{sid}/Messages/{message}", c.known(c.getMessage))
	mux.HandleFunc("GET "+account+"{sid}/IncomingPhoneNumbers.json", c.known(c.getNumbers))
	mux.HandleFunc("GET "+account+"{sid}", c.known(c.getAccount)) // {sid} is AC….json here
	mux.HandleFunc("GET /kept/{message}/{index}/{proof}", c.getKept)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, 20404) })
	return mux
}

// known asks who it is (RFC 7617).
func (c *Carrier) known(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ := r.BasicAuth()
		if user != c.cfg.AccountSID || subtle.ConstantTimeCompare([]byte(pass), []byte(c.cfg.AuthToken)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
			refuse(w, http.StatusUnauthorized, 20003)
			return
		}
		if sid := r.PathValue("sid"); sid != c.cfg.AccountSID && sid != c.cfg.AccountSID+".json" {
			refuse(w, http.StatusNotFound, 20404)
			return
		}
		next(w, r)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever hung up needs no answer
}

func refuse(w http.ResponseWriter, status, code int) {
	answer(w, status, map[string]any{
		"code": code, "message": messages[code], "status": status,
		"more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(code),
	})
}

func (c *Carrier) getAccount(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"sid": c.cfg.AccountSID, "friendly_name": "Carrier", "status": "active", "type": "Full"})
}

func (c *Carrier) getNumbers(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size, err := strconv.Atoi(r.URL.Query().Get("PageSize"))
	if err != nil || size < 1 || size > 1000 {
		size = 50
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("Page")) // none: the first
	from := min(max(page, 0)*size, len(c.numbers))
	to := min(from+size, len(c.numbers))
	list := []any{}
	for _, n := range c.numbers[from:to] {
		list = append(list, map[string]any{
			"phone_number": n.Number, "friendly_name": n.Name, "sms_url": n.URL,
			"capabilities": map[string]bool{"voice": false, "sms": true, "mms": n.MMS, "fax": false},
		})
	}
	var next any
	if to < len(c.numbers) {
		q := url.Values{"PageSize": {strconv.Itoa(size)}, "Page": {strconv.Itoa(page + 1)}}
		next = r.URL.Path + "?" + q.Encode()
	}
	answer(w, http.StatusOK, map[string]any{"incoming_phone_numbers": list, "page": page, "page_size": size, "next_page_uri": next})
}

func (c *Carrier) getMessage(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.texts {
		if t.SID+".json" == r.PathValue("message") {
			answer(w, http.StatusOK, c.resource(t))
			return
		}
	}
	refuse(w, http.StatusNotFound, 20404)
}

var (
	validNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	validMedia  = regexp.MustCompile(`^https?://[^/]+`)
)

const (
	maxForm   = 1 << 20
	maxRunes  = 1600
	maxImages = 10
)

// postMessage takes a text to a phone.
func (c *Carrier) postMessage(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		refuse(w, http.StatusBadRequest, 21604)
		return
	}
	c.mu.Lock()
	b := c.behaviourOf(form.Get("To"))
	from, code := c.sender(form)
	if code == 0 {
		code = c.judge(form, from, b)
	}
	switch {
	case b.Status != 0:
		c.mu.Unlock()
		w.WriteHeader(b.Status)
		return
	case code == 20429:
		c.mu.Unlock()
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, code)
		return
	case code != 0:
		c.mu.Unlock()
		refuse(w, http.StatusBadRequest, code)
		return
	}
	t := &Text{
		SID: c.sid("SM"), From: from.Number, To: form.Get("To"), Body: form.Get("Body"), At: c.cfg.Now(), Status: "queued",
		callback: form.Get("StatusCallback"), service: form.Get("MessagingServiceSid"),
	}
	c.texts = append(c.texts, t)
	c.news()
	made := c.resource(t)
	c.mu.Unlock()
	answer(w, http.StatusCreated, made)
	c.after(0, func() { c.fetch(t, form["MediaUrl"], b) })
}

// sender is the number that a request sends from. c.mu is held.
func (c *Carrier) sender(form url.Values) (Number, int) {
	from, service := form.Get("From"), form.Get("MessagingServiceSid")
	if from == "" && service == "" {
		return Number{}, 21603
	}
	i := slices.IndexFunc(c.numbers, func(n Number) bool {
		return (from == "" || n.Number == from) && (service == "" || slices.Contains(n.Services, service))
	})
	switch {
	case i >= 0:
		return c.numbers[i], 0
	case from == "":
		return Number{}, 21705
	}
	return Number{}, 21606
}

// judge finds what is wrong with a request; 0: nothing. c.mu is held.
func (c *Carrier) judge(form url.Values, from Number, b Behaviour) int {
	to, images := form.Get("To"), form["MediaUrl"]
	switch {
	case to == "":
		return 21604
	case !validNumber.MatchString(to):
		return 21211
	case to == from.Number:
		return 21266
	case form.Get("Body") == "" && len(images) == 0:
		return 21602
	case utf8.RuneCountInString(form.Get("Body")) > maxRunes:
		return 21617
	case len(images) > maxImages:
		return 21623
	case slices.ContainsFunc(images, func(u string) bool { return !validMedia.MatchString(u) }):
		return 21620
	case b.Refuse != 0:
		return b.Refuse
	case c.out(from, to):
		return 21610
	}
	return 0
}

// resource is a text as the API shows it. c.mu is held.
func (c *Carrier) resource(t *Text) map[string]any {
	direction := "outbound-api"
	if t.Written {
		direction = "inbound"
	}
	out := map[string]any{
		"sid": t.SID, "account_sid": c.cfg.AccountSID, "api_version": apiVersion, "from": t.From, "to": t.To, "body": t.Body,
		"status": t.Status, "direction": direction, "num_segments": segments(t.Body), "num_media": strconv.Itoa(len(t.Media)),
		"date_created": t.At.UTC().Format(time.RFC1123Z), "messaging_service_sid": nil, "error_code": nil, "error_message": nil, "price": nil, "price_unit": "USD",
		"uri": "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Messages/" + t.SID + ".json",
	}
	if t.service != "" {
		out["messaging_service_sid"] = t.service
	}
	if t.ErrorCode != 0 {
		out["error_code"], out["error_message"] = t.ErrorCode, messages[t.ErrorCode]
	}
	return out
}
