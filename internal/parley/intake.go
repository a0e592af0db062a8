package parley

// IntakeTotals are the sums of an account's journal. Accepted = Filed + Failed + Pending at all times.
type IntakeTotals struct {
	Accepted int64
	Filed    int64
	Failed   int64
	Pending  int64
}
