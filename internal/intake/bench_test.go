package intake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// benchMail is what business mail looks like: text and HTML, some kilobytes; every second one is a reply.
func benchMail(n int) string {
	header := ""
	if n%2 == 1 {
		header = fmt.Sprintf("In-Reply-To: <%d@x.test>\nReferences: <%d@x.test>\n", n-1, n-1)
	}
	text := strings.Repeat("We would like to know whether the blue one is still to be had, and when.\n", 20)
	html := strings.Repeat("<p style=\"color:#333\">We would like to know whether the <b>blue</b> one is still to be had, and when.</p>\n", 20)
	return fmt.Sprintf("From: Person %d <p%d@x.test>\nTo: support@harbour.example\nSubject: Question %d\nMessage-ID: <%d@x.test>\n%sMIME-Version: 1.0\n"+
		"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: text/html; charset=utf-8\n\n%s\n--b--\n",
		n/2, n/2, n, n, header, text, html)
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAccept: 16 connections at once, each mail durable before its answer.
func BenchmarkAccept(b *testing.B) {
	o := newOffice(b)
	start, used := time.Now(), cpu(b)
	o.pour(b.N, 16)
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "mails/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/float64(b.N)/1000, "cpu-ms/mail")
}

// BenchmarkEndToEnd: from the first Accept until the last mail is filed.
func BenchmarkEndToEnd(b *testing.B) {
	o := newOffice(b)
	stop := o.run()
	start, used := time.Now(), cpu(b)
	o.pour(b.N, 16)
	o.settled()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "mails/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/float64(b.N)/1000, "cpu-ms/mail")
	stop()
}

// pour accepts n mails from so many goroutines.
func (o *office) pour(n, senders int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := o.intake.Accept(context.Background(), o.raw(o.support, benchMail(i))); err != nil {
					o.t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
