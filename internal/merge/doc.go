// Package merge owns merge fields: their names, what a chip in HTML and {{ … }} in
// a stored template mean, and what stands in their place once the facts are known.
//
// An expression is one field and filters, "contact.first_name | default: "there"".
// It is read by a grammar of ours, which has no tags, loops, ranges or includes,
// before Liquid gets to see it. What a field stands for is text: it is escaped for
// where it goes, and never read as an expression again.
//
// It refuses to know where the facts come from, and to expand anything but chips
// (Expand) and one-line templates (Line): text that somebody typed, quoted or
// received is literal.
package merge
