package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Request is one call to the API, as an outside program makes it.
type Request struct {
	Method, Path string // path under /api/v1, or of the whole server if it begins with //
	Body         string
	Header       http.Header
	Token        string
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

func (a Answer) String() string { return fmt.Sprintf("%d %s", a.Status, a.Body) }

// client keeps as many connections as a test has goroutines that ask.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 10 * time.Second}}

// Call asks the server; an error means that there was no answer.
func (s *Site) Call(ctx context.Context, r Request) (Answer, error) {
	path, whole := strings.CutPrefix(r.Path, "//")
	if !whole {
		path = "api/v1" + r.Path
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, "http://"+s.HTTP+"/"+strings.TrimPrefix(path, "/"), strings.NewReader(r.Body))
	if err != nil {
		return Answer{}, err
	}
	maps.Copy(req.Header, r.Header)
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	if r.Body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, body}, err
}

// Read finds a value in an answer by a path of names and numbers with dots
// between, where "*" stands for all items, "len" for how many there are, and a
// negative number counts from the end. Several values are joined by spaces.
func (a Answer) Read(path string) (string, error) {
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return "", fmt.Errorf("no JSON: %s", a)
	}
	value, err := dig(root, strings.Split(path, "."))
	if err != nil {
		return "", fmt.Errorf("%s: %w in %s", path, err, a)
	}
	return written(value), nil
}

func dig(value any, path []string) (any, error) {
	if len(path) == 0 || path[0] == "" {
		return value, nil
	}
	key, rest := path[0], path[1:]
	switch v := value.(type) {
	case map[string]any:
		next, ok := v[key]
		if !ok {
			return nil, fmt.Errorf("no member %q", key)
		}
		return dig(next, rest)
	case []any:
		return digList(v, key, rest)
	}
	return nil, fmt.Errorf("nothing under %q", key)
}

func digList(list []any, key string, rest []string) (any, error) {
	switch key {
	case "len":
		return len(list), nil
	case "*":
		all := make(joined, len(list))
		for i, item := range list {
			value, err := dig(item, rest)
			if err != nil {
				return nil, err
			}
			all[i] = value
		}
		return all, nil
	}
	i, err := strconv.Atoi(key)
	if i < 0 {
		i += len(list)
	}
	if err != nil || i < 0 || i >= len(list) {
		return nil, fmt.Errorf("no item %s", key)
	}
	return dig(list[i], rest)
}

// joined are the values that a "*" found.
type joined []any

func written(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return v
	case joined:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = written(one)
		}
		return strings.Join(parts, " ")
	case map[string]any, []any:
		b, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
	return fmt.Sprint(value)
}
