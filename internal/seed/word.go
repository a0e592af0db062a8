package seed

import "math/rand/v2"

// Words is the size of the vocabulary.
const Words = 30_000

// Ranks of words that a search may look for, by how many messages have them.
const (
	Common = 9      // one in a few messages
	Second = 14     // another such
	Rare   = 24_000 // a few in ten thousand
)

// Absent is a word that no message has.
const Absent = "qqzzxxyy"

// frequent words of a shop's mail, the most frequent first.
var frequent = []string{
	"the", "to", "you", "and", "we", "for", "is", "your", "it", "order", "on", "in", "of", "have", "delivery", "this", "can", "please", "that", "with",
	"not", "be", "are", "thank", "will", "my", "invoice", "at", "from", "was", "has", "but", "payment", "as", "if", "would", "help", "bike", "day", "when",
	"our", "any", "date", "there", "week", "so", "account", "number", "know", "could", "time", "today", "been", "do", "address", "all", "price", "still", "send", "refund",
	"parts", "email", "service", "tomorrow", "quote", "wheel", "back", "new", "shop", "return", "let", "just", "they", "get", "receipt", "call", "out", "which", "repair", "frame",
	"booking", "ready", "stock", "chain", "again", "brakes", "confirm", "phone", "size", "monday", "attached", "question", "morning", "about", "warranty", "rental", "battery", "kind", "change", "weekend",
}

var (
	consonants = []string{"b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "st", "tr", "pl"}
	vowels     = []string{"a", "e", "i", "o", "u"}
	endings    = []string{"", "n", "s", "rix"}
)

// Word is a word of the vocabulary by its rank: 0 is the most frequent. Behind
// the frequent ones all are made up.
func Word(rank int) string {
	if rank < len(frequent) {
		return frequent[rank]
	}
	code := rank * 7919 % 1_000_000 // another order, each its own
	syllable := func(n int) string { return consonants[n%20] + vowels[n/20%5] }
	return syllable(code) + syllable(code/100) + syllable(code/10_000) + endings[rank%4]
}

// vocabulary holds all words, made once.
var vocabulary = func() []string {
	all := make([]string, Words)
	for i := range all {
		all[i] = Word(i)
	}
	return all
}()

// source is the randomness of one thing of the plan, the same whenever it is asked for.
func source(seed uint64, kind, a, b uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed<<8|kind, a<<20|b))
}

// Kinds of source.
const (
	ofStory = iota
	ofPerson
	ofText
	ofFiles
	ofMessage
)

// zipf draws ranks as words of a language are distributed.
func zipf(r *rand.Rand) *rand.Zipf { return rand.NewZipf(r, 1.07, 3, Words-1) }
