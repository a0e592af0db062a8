package channeltest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
)

// MessageCentre is a message centre by node-smpp, which shares nothing with our own
// SMPP: see testdata/smsc.cjs for what it says and understands.
type MessageCentre struct {
	t     *testing.T
	says  *bufio.Scanner
	tells io.Writer
	fault *bytes.Buffer
}

// NewMessageCentre starts one, until the test has ended. It skips the test where
// node or node-smpp is not installed.
func NewMessageCentre(t *testing.T) MessageCentre {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node: there is no message centre but our own to try")
	}
	root := moduleRoot(t)
	modules := filepath.Join(root, "web", "node_modules")
	if !exists(filepath.Join(modules, "smpp")) {
		t.Skip("node-smpp is not installed: run npm ci in web")
	}
	c := MessageCentre{t: t, fault: &bytes.Buffer{}}
	cmd := exec.CommandContext(t.Context(), program, filepath.Join(root, "internal", "channel", "channeltest", "testdata", "smsc.cjs"))
	cmd.Env = append(cmd.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = c.fault
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
		if t.Failed() && c.fault.Len() > 0 {
			t.Logf("the message centre: %s", c.fault)
		}
	})
	c.says, c.tells = bufio.NewScanner(out), in
	return c
}

// Next reads what it says next.
func (c MessageCentre) Next(into any) {
	c.t.Helper()
	if !c.says.Scan() {
		c.t.Fatalf("the message centre says nothing more: %v", c.says.Err())
	}
	if err := json.Unmarshal(c.says.Bytes(), into); err != nil {
		c.t.Fatal(err)
	}
}

// Tell has it do something.
func (c MessageCentre) Tell(what any) {
	c.t.Helper()
	line, err := json.Marshal(what)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.tells.Write(append(line, '\n')); err != nil {
		c.t.Fatal(err)
	}
}

// moduleRoot is the folder with go.mod, above the package whose test it is.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		if dir = filepath.Dir(dir); dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
	return dir
}

func exists(file string) bool {
	found, err := filepath.Glob(file)
	return err == nil && len(found) > 0
}
