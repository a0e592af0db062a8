package mime

import (
	"bytes"
	"cmp"
	"strings"

	"parley/internal/parley"
)

// maxRecipients bounds the recipients of one report.
const maxRecipients = 1000

// isReport tells the parts that readReports wants: the machine-readable one
// (RFC 3464 2.1) and what was returned of the message (RFC 3462 2).
func isReport(kind string) bool {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status",
		"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		return true
	}
	return false
}

// readReports reads the delivery status notification among the parts, if there is one.
func (r *reader) readReports(head header, body []byte) {
	m := &r.msg
	statusID := ""
	for _, e := range r.reports {
		if strings.HasSuffix(e.kind.value, "delivery-status") {
			reports, id := readStatus(e.content())
			m.Reports, statusID = append(m.Reports, reports...), cmp.Or(statusID, id)
		}
	}
	if len(m.Reports) == 0 && r.kind == "multipart/report" {
		m.Reports, statusID = readStatus(body) // its parts could not be told apart
	}
	if len(m.Reports) == 0 {
		m.Reports = failedRecipients(head)
	}
	for i := range m.Reports {
		rep := &m.Reports[i]
		rep.InternetID = cmp.Or(r.returnedID(), statusID)
		m.IsBounce = m.IsBounce || rep.Delivery == parley.Bounced || rep.Delivery == parley.Queued
		if rep.Delivery != parley.Delivered {
			rep.Reason = ReasonOf(rep.Status, rep.Text)
		}
	}
}

// returnedID is the Message-ID of the mail that a report returns, or of its header.
func (r *reader) returnedID() string {
	for _, e := range r.reports {
		if strings.HasSuffix(e.kind.value, "delivery-status") {
			continue
		}
		returned, _ := splitHeader(normalize(e.content()))
		if id := readMessageID(returned.get("message-id")); id != "" {
			return id
		}
	}
	return ""
}

// failedRecipients reads the field by which Exim and Gmail name who was not reached.
func failedRecipients(head header) []Report {
	var reports []Report
	for _, a := range readAddresses(head.joined("x-failed-recipients"), "") {
		if len(reports) < maxRecipients {
			reports = append(reports, Report{Recipient: a.Email, Delivery: parley.Bounced})
		}
	}
	return reports
}

// readStatus reads a message/delivery-status body: a block of fields for the
// message, then one for each recipient (RFC 3464 2.1). The id is that of the
// message reported on, which some name among the fields.
func readStatus(b []byte) (reports []Report, id string) {
	for len(b) > 0 && len(reports) < maxRecipients {
		b = bytes.TrimLeft(b, "\r\n")
		var h header
		h, b = splitHeader(b)
		id = cmp.Or(id, readMessageID(h.get("x-original-message-id")), readMessageID(h.get("original-message-id")))
		if rep, ok := readRecipient(h); ok {
			reports = append(reports, rep)
		}
		if len(h) == 0 {
			_, b = cutLine(b)
		}
	}
	return reports, id
}

// readRecipient reads the fields of one recipient (RFC 3464 2.3).
func readRecipient(h header) (Report, bool) {
	rep := Report{
		Recipient: typedAddress(h.get("original-recipient")),
		Delivery:  deliveryOf(h.get("action")),
		Status:    statusCode(h.get("status")),
		Text:      readText(typedText(h.get("diagnostic-code")), ""),
	}
	if rep.Recipient == "" {
		rep.Recipient = typedAddress(h.get("final-recipient"))
	}
	if rep.Delivery == "" {
		rep.Delivery = deliveryOfStatus(rep.Status)
	}
	return rep, rep.Recipient != "" && rep.Delivery != ""
}

// statusCode reads a code of RFC 3463 2, "5.1.1", and nothing else that may stand there.
func statusCode(v string) string {
	code := firstWord(v)
	if end := strings.IndexFunc(code, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); end >= 0 {
		code = code[:end]
	}
	return code[:min(len(code), maxStatus)]
}

// maxStatus is the longest code: a class of one digit, and two of three.
const maxStatus = len("5.999.999")

// deliveryOf maps the Action field (RFC 3464 2.3.3).
func deliveryOf(action string) parley.Delivery {
	switch firstWord(action) {
	case "failed", "failure":
		return parley.Bounced
	case "delayed":
		return parley.Queued
	case "delivered", "relayed", "expanded":
		return parley.Delivered
	}
	return ""
}

// deliveryOfStatus maps the class of an RFC 3463 code where the Action is missing.
func deliveryOfStatus(status string) parley.Delivery {
	switch {
	case strings.HasPrefix(status, "2."):
		return parley.Delivered
	case strings.HasPrefix(status, "4."):
		return parley.Queued
	case strings.HasPrefix(status, "5."):
		return parley.Bounced
	}
	return ""
}

// typedText drops the type of "smtp; 550 no such user".
func typedText(v string) string {
	if kind, rest, ok := strings.Cut(v, ";"); ok && len(kind) < 20 {
		return rest
	}
	return v
}

// typedAddress reads "rfc822; user@example.com".
func typedAddress(v string) string {
	list := readAddresses(typedText(v), "")
	if len(list) == 0 {
		return ""
	}
	return list[0].Email
}
