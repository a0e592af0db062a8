package sms

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longest is how much of a body is looked at, in bytes: who wants to hear no more says so soon.
const longest = 2000

// SoundsLikeOptOut reports whether somebody asks, in words of their own, to hear no
// more from us: “please take me off your list”. It would rather miss one than cry wolf,
// for a person decides about it; it knows English well, and the plainest wordings of
// German, French, Spanish, Portuguese, Italian and Dutch. What KeywordOf knows is no
// guess, and not for it.
func SoundsLikeOptOut(body string) bool {
	if KeywordOf(body) != None {
		return false
	}
	if len(body) > longest {
		body = strings.ToValidUTF8(body[:longest], "")
	}
	sentences := sentencesOf(body)
	if len(sentences) == 1 && plainly[withoutManners(sentences[0])] {
		return true
	}
	for _, sentence := range sentences {
		for _, wording := range wordings {
			if at := wording.FindStringIndex(sentence); len(at) > 0 && !turnedBy(sentence[:at[0]]) {
				return true
			}
		}
	}
	return false
}

// sentencesOf gives the sentences of a text in small letters without accents, their
// words parted by one space; apostrophes stay, and a comma is a word of its own.
func sentencesOf(body string) []string {
	fold := strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ß", "ss")
	body = strings.ToLower(norm.NFD.String(fold.Replace(body)))
	var b strings.Builder
	for _, r := range body {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '\'':
			b.WriteRune(r)
		case unicode.In(r, unicode.Mn, unicode.Cf):
		case strings.ContainsRune(".!?;\n¡¿", r):
			b.WriteByte('\n')
		case r == ',':
			b.WriteString(" , ")
		default:
			b.WriteByte(' ')
		}
	}
	var out []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if words := strings.Fields(line); len(words) > 0 {
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

// manners are words around a wish that do not change it.
var manners = setOf(strings.Fields(`please pls plz kindly hi hello hey ok okay just now immediately already again thanks thank you thx
	asap at once right away sir madam guys the , bitte danke hallo svp merci bonjour por favor gracias hola obrigado
	per favore grazie ciao alstublieft aub`))

// withoutManners leaves the bare wish.
func withoutManners(sentence string) string {
	var bare []string
	for word := range strings.FieldsSeq(sentence) {
		if !manners[word] {
			bare = append(bare, word)
		}
	}
	return strings.Join(bare, " ")
}

// plainly are texts that say nothing else, but for manners.
var plainly = setOf(lines(`
stop
stop stop
stop stop stop
stop it
stop this
stop that
stop all
stop texts
stop texting
stop messages
stop messaging
stop spamming
unsubscribe
unsubscribe me
opt out
optout
opt me out
remove
remove me
remove my number
delete my number
lose my number
take me off
leave me alone
no texts
do not text
do not contact
stopp
abmelden
arret
arretez
desabonnement
desinscription
baja
darme de baja
cancelar suscripcion
cancelar inscricao
sair
disiscrivimi
cancellami
afmelden
schrijf me uit
`))

// turned is what stands before a wish and makes it its contrary, or a question.
var turned = regexp.MustCompile(`\b(?:don't|dont|do not|never|not|didn't|didnt|did|won't|wont|why|when|until|unless|if|` +
	`nicht|nie|wenn|warum|ne|jamais|si|pourquoi|nunca|quando|cuando|mai|se|perche|niet|nooit|als|waarom)(?: [^ ,]+){0,3} ?$`)

// wishing is what may stand before “to”; else somebody is told how, as by a text of our
// own that is quoted: “reply STOP to unsubscribe from these messages”.
var wishing = regexp.MustCompile(`\b(?:want|wish|like|need|try|trying|going|how|ask|asked|asking|told|tell|telling|beg|begging)(?: [^ ,]+){0,2} to $`)

func turnedBy(before string) bool {
	told := before == "to " || strings.HasSuffix(before, " to ") && !wishing.MatchString(before)
	return told || turned.MatchString(before)
}

// wordings are wishes anywhere in a sentence; ^ and $ are where it begins and ends.
var wordings = compile(`
\b(?:stop|quit|cease) (?:texting|messaging|contacting|spamming|bothering|harassing) (?:me|us|this (?:phone|number)|my (?:phone|cell|number))\b
\b(?:stop|quit) sending (?:me |us )?(?:{all} )*{texts}\b
\bstop(?: with)? (?:{all} )+{texts}(?:{end}| to (?:me|us|this number|my (?:phone|number)))
^(?:{please} )*no more {texts}(?:{end}| from you{end}| to (?:me|this number){end})
^(?:{please} )*(?:don't|dont|do not|never) (?:ever )?(?:text|message|contact|sms|spam) (?:me|us|this number|my (?:phone|number))(?:{again}|{end})
\b(?:take|remove|get|delete|drop) (?:me|us|{mynumber}) (?:off|from|out of|off of) (?:{list}|{texts}{end})
\bunsubscribe (?:me|us|{mynumber})(?:{end}| from (?:{list}|(?:{all} )*{texts}|everything))
\bunsubscribe from (?:{all} )*(?:{list}|{texts})
\b(?:want|wish|like) to (?:unsubscribe|opt out)(?:{end}| (?:of|from) (?:receiving )?(?:{list}|(?:{all} )*{texts}))
\bopt(?:ing)? (?:me |us )?out (?:of|from) (?:receiving )?(?:{list}|(?:{all} )*{texts})
^(?:{please} )*(?:i'm |i am )?opt(?:ing)? (?:me |us )?out(?:{end})
\bi (?:don't|dont|do not|no longer) (?:want|wish)(?: to (?:receive|get))? (?:{all} )*{texts}(?:{again}|{end}| from you)
\b(?:revoke|withdraw) my consent(?:{end}| (?:to|for) (?:{all} )*(?:receive |receiving |be (?:texted|contacted|messaged)|{texts}))
^(?:{please} )*lose my number\b

\bkeine (?:weiteren )?(?:sms|nachrichten|werbung|texte)(?: mehr)?{end}
\b(?:senden|schicken|schreiben) sie mir (?:{please} )?(?:keine|nichts|nicht)(?: weiteren)?(?: sms| nachrichten| werbung)?(?: mehr)?{end}
\b(?:schreib|schreibt|schick|schickt|sende|sendet) mir (?:{please} )?(?:nicht mehr|nichts mehr|keine (?:sms|nachrichten) mehr){end}
\b(?:nehmen|streichen|loschen|entfernen) sie (?:mich|meine nummer) (?:{please} )?(?:aus|von) (?:ihrer|ihrem|der|dem) (?:liste|verteiler)\b
\bmochte keine (?:sms|nachrichten|werbung)(?: mehr)?(?: erhalten| bekommen)?{end}

\barretez de m'(?:envoyer|ecrire|contacter)\b
\bne m'(?:envoyez|ecrivez) plus\b
\bne me contactez plus\b
^(?:{please} )*(?:desabonnez|desinscrivez) moi{end}
\b(?:retirez|enlevez|supprimez) moi de (?:votre|vos|cette) listes?\b
\bne (?:veux|souhaite|desire) plus recevoir (?:de |vos |ces )(?:sms|messages|textos)\b
^(?:{please} )*plus de (?:sms|messages|textos){end}

\bno me (?:envien|manden|escriban|contacten|envies|mandes|escribas) mas\b
\bdejen? de (?:enviarme|mandarme|escribirme|molestarme)\b
\b(?:quitenme|borrenme|saquenme|eliminenme) de (?:su|esta|la) lista\b
\bno quiero recibir mas (?:mensajes|sms|textos)\b
\bdarme de baja de (?:esta|su|la) lista\b

\bparem? de me (?:enviar|mandar|escrever|contatar)\b
\bnao me (?:envie|envia|mande|manda|enviem|mandem) mais\b
\bnao quero (?:mais )?receber (?:mais )?(?:mensagens|sms)(?: mais)?{end}
\b(?:remova|retire|tire)m? me d(?:a|esta) (?:sua |vossa )?lista\b
\bme (?:remova|retire|tire)m? d(?:a|esta) (?:sua |vossa )?lista\b

\b(?:smettetela|smettila|smettete) di (?:scrivermi|mandarmi|inviarmi|contattarmi|messaggiarmi)\b
\bnon (?:inviatemi|mandatemi|scrivetemi|contattatemi|scrivermi|mandarmi) piu\b
\bnon voglio (?:piu )?ricevere (?:piu )?(?:messaggi|sms|vostri messaggi)\b
\b(?:cancellatemi|toglietemi|rimuovetemi) dalla (?:vostra )?lista\b

\bstop met (?:sms'en|berichten sturen|sms sturen|mij (?:te )?(?:sms'en|appen|berichten))\b
\bgeen (?:sms'jes|sms|berichten) meer{end}
\bhaal (?:me|mij|mijn nummer) van (?:je|jullie|uw|de|deze) (?:lijst|verzendlijst)\b
`)

// parts are what wordings have in common.
var parts = strings.NewReplacer(
	"{please}", `(?:please|pls|plz|kindly|just|hi|hello|hey|and|so|i said|i told you|bitte|hallo|bonjour|,)`,
	"{all}", `(?:me|us|any|all|more|further|these|those|the|your|with|so many|damn|stupid|annoying|this)`,
	"{texts}", `(?:texts?|messages?|msgs?|sms|text messages?|texting|spam|marketing(?: (?:texts|messages))?|promotional (?:texts|messages)|promotions)`,
	"{mynumber}", `(?:my (?:phone |cell |mobile |cell phone )?number|this number|my (?:name|info|details))`,
	"{list}", `(?:(?:your|this|these|all|any|that|all your|all of your) (?:{what} )?(?:lists?|database|system|distribution)|the (?:{what} )(?:lists?|database)|the list{end}|{what} lists?)`,
	"{again}", `(?: (?:ever )?again| any ?more| ever)`,
	"{end}", `(?:(?: ,)?(?: (?:please|pls|plz|thanks|thank you|thx|now|immediately|asap|already|anymore|any more|again|bitte|danke|svp|merci|s'il vous plait|por favor|gracias|per favore|grazie|aub|alstublieft))*$)`,
	"{what}", `(?:mailing|text|texting|text message|sms|marketing|contact|contacts|call|calling|phone|message|messaging|subscriber|subscription|promo|promotional|spam)`,
)

func compile(patterns string) []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, pattern := range lines(patterns) {
		for pattern != parts.Replace(pattern) { // a part may have parts
			pattern = parts.Replace(pattern)
		}
		out = append(out, regexp.MustCompile(pattern))
	}
	return out
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

func setOf(all []string) map[string]bool {
	out := map[string]bool{}
	for _, one := range all {
		out[one] = true
	}
	return out
}
