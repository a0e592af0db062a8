package mime

import (
	"regexp"
	"strings"

	"parley/internal/parley"
)

// ReasonOf puts into one word why a mail did not arrive, from the code of the far
// end (RFC 3463) and its own words. What the words say plainly counts most: many
// systems answer 5.0.0 or 5.7.1 to everything.
func ReasonOf(status, text string) parley.Reason {
	if len(text) > maxReasonText {
		text = text[:maxReasonText]
	}
	if status == "" {
		status = enhancedCode.FindString(text)
	}
	text = strings.ToLower(text)
	for _, r := range reasonWords {
		if r.words.MatchString(text) {
			return r.reason
		}
	}
	if _, detail, ok := strings.Cut(status, "."); ok {
		if r, ok := reasonOfDetail[detail]; ok {
			return r
		}
		subject, _, _ := strings.Cut(detail, ".")
		if r, ok := reasonOfSubject[subject]; ok {
			return r
		}
	}
	switch {
	case mentionsUser.MatchString(text):
		return parley.ReasonNoSuchUser
	case mentionsPolicy.MatchString(text):
		return parley.ReasonPolicy
	}
	return parley.ReasonOther
}

// maxReasonText is how much of the far end's words is read.
const maxReasonText = 4 << 10

var enhancedCode = regexp.MustCompile(`\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// reasonWords are what mail systems say, the most telling first.
var reasonWords = []struct {
	reason parley.Reason
	words  *regexp.Regexp
}{
	{parley.ReasonPolicy, anyOf(`\brelay(?:ing)? (?:access )?(?:is )?(?:denied|prohibited|not (?:permitted|allowed))`, `unable to relay`)},
	{parley.ReasonMailboxFull, anyOf(`(?:mail ?box|inbox|account|user|recipient|maildrop|folder).{0,40}(?:is |are )?(?:full|over ?quota|exceeded|over its)`, `over ?quota`, `quota (?:exceeded|violation|limit)`,
		`exceed(?:ed|s|ing)? (?:its|their|the|his|her|my)?\s*(?:storage|mailbox|mail|disk)?\s*quota`, `exceeded storage`, `mailbox (?:size limit|exceeds)`, `no space left|not enough (?:storage|disk|mailbox) space|insufficient (?:system )?(?:storage|space|quota)`, `out of (?:storage|space|email) `, `mailfolder is full`, `full mailbox`, `disk quota`, `too much mail data`)},
	{parley.ReasonAuthFailure, anyOf(`\bdmarc\b`, `\bdkim\b`, `\bspf\b`, `unauthenticated (?:email|mail)`, `sender (?:policy framework|id)`, `authentication (?:information|results?) (?:is|was|are) not`, `5\.7\.(?:2[0-9]|30)\b`)},
	{parley.ReasonHostUnknown, anyOf(`host (?:unknown|not found|or domain name not found)`, `unknown (?:host|domain)`, `domain (?:name )?(?:not found|does not exist|doesn't exist|unknown)`, `(?:no such|unrouteable|unroutable|unresolvable) (?:domain|host)`, `couldn't find any host`, `name or service not known`,
		`name service error`, `nxdomain`, `no (?:mx|a) record|mx record not found|no valid mx|null mx|no mail exchanger`, `bad destination (?:mailbox )?(?:system|host|domain)`, `illegal host/domain`, `dns (?:server )?(?:returned answer with no data|lookup fail)`, `can't find the domain|cannot find (?:your|the) (?:domain|hostname)`, `nullmx`, `does not accept mail`)},
	{parley.ReasonSuspended, anyOf(`(?:account|mailbox|user|address|recipient)[^.]{0,40}(?:disabled|suspended|inactive|deactivated|not active|expired|blocked by|closed|locked|terminated|discontinued)`, `(?:disabled|suspended|inactive|deactivated|expired) (?:account|mailbox|user|address|recipient)`, `no longer (?:active|on server|in use|available)`, `not accepting (?:messages|mail)`)},
	{parley.ReasonTooLarge, anyOf(`(?:message|mail|data)[^.]{0,40}(?:too (?:large|big)|exceeds? (?:the )?(?:fixed |maximum |max(?:imum)? |size|limit|message))`, `exceeds? (?:the )?(?:maximum|max|fixed)[^.]{0,20}(?:size|length)`, `too (?:large|big) (?:message|mail)`, `message (?:size|length) (?:exceeds|limit|too)`, `message too (?:large|big|long)`, `mail size limit|size limit exceeded`)},
	{parley.ReasonNoSuchUser, anyOf(`(?:user|recipient|mailbox|account|address|alias|member|login)[^.:]{0,60}(?:unknown|not found|does ?n[o']t exist|doesn.t exist|not exist|unavailable|not available|invalid|not known|is not (?:a )?(?:valid|recognized)|not listed|cannot be found|could ?n[o']t be found|can'?t be found|rejected: user unknown)`,
		`(?:unknown|invalid|no such|nonexistent|non-existent|bad|unrouteable|undeliverable) (?:local[ -]?part|user|recipient|mailbox|address|account|rcpt|login|alias|person|destination mailbox)`, `no (?:mailbox|account|user|recipient)(?: here)? (?:by|with|for|of|called|named|found|here)`, `not our customer`, `there is no (?:such )?(?:user|mailbox|account|recipient|one)`,
		`isn't (?:in|on) .{0,60}(?:list|directory)`, `does not have an? .{0,40}account`, `no such (?:person|addressee|name|entry)`, `not (?:a |in )?(?:valid|known|local) (?:mailbox|user|recipient|address)`, `unknown or illegal alias`, `mailbox (?:name )?not (?:found|allowed)`, `(?:e-?mail )?address you entered couldn't be found`, `destination addresses were unknown`, `recipientnotfound`, `ユーザ.{0,30}(?:存在|見つか)|宛先.{0,30}見つか`)},
	{parley.ReasonBlockedAsSpam, anyOf(`\bspam`, `blacklist|block ?list|denylist|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|sorbs|senderscore`, `reputation`, `unsolicited`, `bulk (?:mail|email)`, `listed (?:at|in|by|on) `, `message (?:content )?(?:rejected|refused) (?:due to|because of|for) (?:content|suspected)`, `high probability of`, `(?:your|ip|client|sender|host)[^.]{0,40}(?:is |has been |was )(?:blocked|banned|blacklisted)`, `message content rejected|content rejected`, `access denied`, `virus|malware|infected`)},
	{parley.ReasonExpired, anyOf(`retry (?:timeout|time)|retry time not reached`, `delivery (?:time ?(?:out|d out)|time expired)|message (?:has )?expired|message timed out|queue (?:time|too long)|been in (?:the )?queue`, `(?:could not|cannot|unable to|not) (?:be )?(?:send|sent|deliver|delivered)[^.]{0,30}(?:for|in|within|after) (?:the )?(?:last )?[0-9]+ (?:days?|hours?)`, `cannot send message (?:for|within)`, `exceeded (?:the )?maximum (?:time|hop)|too old|maximum delay`, `transport_?fault|delivery attempts? (?:have )?failed`)},
	{parley.ReasonNetwork, anyOf(`connection (?:timed out|refused|reset|lost|closed|dropped|failed|died)|connect(?:ion)? to .{0,80}(?:timed out|refused)|timed out while|timeout|operation timed out|no route to host|network (?:is )?(?:unreachable|error)|lost connection|tls|could ?n[o']t (?:connect|establish)|unable to connect|wasn't able to establish|too many (?:hops|connections)|mail (?:forwarding )?loop|loops? back to`)},
}

func anyOf(patterns ...string) *regexp.Regexp { return regexp.MustCompile(strings.Join(patterns, "|")) }

var (
	mentionsUser   = regexp.MustCompile(`unknown user|user unknown|no such user|not found`)
	mentionsPolicy = regexp.MustCompile(`policy|not (?:allowed|permitted|authorized)|prohibited|refused|denied|reject|relay|restrict`)
)

// reasonOfDetail reads subject and detail of an RFC 3463 code.
var reasonOfDetail = map[string]parley.Reason{
	"1.1": parley.ReasonNoSuchUser, "1.3": parley.ReasonNoSuchUser, "1.6": parley.ReasonNoSuchUser, "1.10": parley.ReasonHostUnknown, "1.2": parley.ReasonHostUnknown,
	"2.1": parley.ReasonSuspended, "2.2": parley.ReasonMailboxFull, "2.3": parley.ReasonTooLarge, "3.1": parley.ReasonMailboxFull, "3.4": parley.ReasonTooLarge,
	"4.4": parley.ReasonHostUnknown, "4.7": parley.ReasonExpired, "1.8": parley.ReasonPolicy,
	"7.20": parley.ReasonAuthFailure, "7.21": parley.ReasonAuthFailure, "7.22": parley.ReasonAuthFailure, "7.23": parley.ReasonAuthFailure,
	"7.24": parley.ReasonAuthFailure, "7.25": parley.ReasonAuthFailure, "7.26": parley.ReasonAuthFailure,
}

// reasonOfSubject reads the subject of an RFC 3463 code where its detail says nothing.
var reasonOfSubject = map[string]parley.Reason{"4": parley.ReasonNetwork, "7": parley.ReasonPolicy}
