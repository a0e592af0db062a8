package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Machine is what the figures were measured on.
type Machine struct {
	CPU   string  `json:"cpu"`
	Cores int     `json:"cores"`
	RAM   float64 `json:"ram_gb"`
	OS    string  `json:"os"`
	Syncs float64 `json:"syncs_per_second"` // of 4 kB appended to a file
	Taken float64 `json:"taken"`            // share of the processor that others had, in the moment before
}

func thisMachine(ctx context.Context, dir string) (Machine, error) {
	m := Machine{CPU: "unknown", Cores: runtime.NumCPU(), OS: runtime.GOOS + "/" + runtime.GOARCH}
	if v := field("/proc/cpuinfo", "model name"); v != "" {
		m.CPU = v
	}
	if kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		m.RAM = kb / (1 << 20)
	}
	m.Taken = taken(ctx)
	var err error
	m.Syncs, err = syncRate(dir)
	return m, err
}

// taken is the share of the processor's time that is used while we wait; 0 where
// the kernel does not tell.
func taken(ctx context.Context) float64 {
	idle, all := processorTime()
	pause(ctx, 2*time.Second)
	idleThen, allThen := processorTime()
	if allThen == all {
		return 0
	}
	return 1 - (idleThen-idle)/(allThen-all)
}

// processorTime is what /proc/stat counts since the start: user, nice, system, idle, iowait and so on.
func processorTime() (idle, all float64) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, f := range strings.Fields(line) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			continue // the line's name
		}
		all += n
		if i == 4 || i == 5 {
			idle += n
		}
	}
	return idle, all
}

// field reads "name : value" of a file of the kernel's; empty where there is none.
func field(file, name string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		key, value, ok := strings.Cut(s.Text(), ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// syncRate is how often a second the disk makes 4 kB durable.
func syncRate(dir string) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return 0, fmt.Errorf("measure the disk: %w", err)
	}
	defer func() {
		_ = f.Close() // only measured
		_ = os.Remove(f.Name())
	}()
	n, begun, page := 0, time.Now(), make([]byte, 4096)
	for ; time.Since(begun) < time.Second; n++ {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}
