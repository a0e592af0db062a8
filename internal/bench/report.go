package bench

import (
	"fmt"
	"strings"
	"time"
)

func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f ms", float64(d)/1e6)
}

// cells are a row of the table.
func (row Row) cells() []string {
	out := []string{row.Work, row.Value, "", "", "", "", "", row.Bar, ""}
	if f := row.Ours; f != nil {
		out[1], out[2], out[3], out[4] = fmt.Sprintf("%.0f/s", f.Rate), short(f.P50), short(f.P95), short(f.P99)
		if f.CPU > 0 {
			out[5] = short(f.CPU)
		}
	}
	if f := row.Plain; f != nil {
		out[6] = fmt.Sprintf("%.0f/s, p99 %s", f.Rate, short(f.P99))
	}
	switch {
	case row.Bar == "":
	case row.Miss == "":
		out[8] = "met"
	default:
		out[8] = "**missed: " + row.Miss + "**"
	}
	return out
}

func (row Row) text() string {
	return strings.Join(row.cells(), " · ")
}

// Markdown is a report as a table.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %d conversations, %d messages, %d clients\n\n", r.Database, r.Conversations, r.Messages, r.Clients)
	m := r.Machine
	fmt.Fprintf(&b, "%s, %d cores, %.0f GB, %s; the disk syncs %.0f times a second. %s\n\n", m.CPU, m.Cores, m.RAM, m.OS, m.Syncs, m.loaded())
	b.WriteString("| Work | Ours | p50 | p95 | p99 | CPU | Plain SQL | Bar | |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range r.Rows {
		b.WriteString("| " + strings.Join(row.cells(), " | ") + " |\n")
	}
	return b.String()
}

// Busy reports whether other programs took much of the machine when the run began.
func (m Machine) Busy() bool { return m.Taken > 0.25 }

// loaded warns of figures that were taken beside other work.
func (m Machine) loaded() string {
	if !m.Busy() {
		return "Little else ran on it."
	}
	return fmt.Sprintf("**Other programs ran on it at the same time and took %.0f %% of it before the run began**: the figures say less than those of an idle one, and are best read beside those of plain SQL.", 100*m.Taken)
}
