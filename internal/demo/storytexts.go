package demo

import "time"

// textStories are what people write who have the shop's number in their phone. Each
// begins after its person has been met, for a number alone says little of who it is.
var textStories = []story{
	{channel: texts, from: sofie, steps: []step{
		{day(12, 8, 12), writesText("Hi, it's Sofie. Are you open on Saturday, and do you have time for new grips?")},
		{day(12, 8, 31), textsBack(kofi, "Morning Sofie! Yes, ten to four. Grips take ten minutes, just drop in.")},
		{day(12, 8, 33), writesText("Perfect, see you then 🚲")},
		{day(12, 8, 36), closes(kofi)},
	}},
	{channel: texts, from: nadia, steps: []step{
		{day(6, 17, 5), writesText("Who is this? I get messages about a bike service and have no bike")},
		{day(6, 17, 22), textsBack(ben, "Harbour Bikes, the workshop at the quay. It seems that somebody gave us your number by mistake. Sorry! Reply STOP and you hear nothing more from us.")},
		{day(6, 17, 24), writesText("STOP")},
		{day(6, 17, 40), notes(ben, "The order with this number is 3390: asked at the till for the right one.")},
	}},
	{channel: texts, from: grace, steps: []step{
		{day(3, 16, 10), startsText(dana, "Hi Grace, Dana from Harbour Bikes. The colour card for your twelve is here. May I drop it off tomorrow?")},
		{day(3, 16, 25), notes(dana, "It came back: the number is a landline. Wrote to her by email instead.")},
	}},
	{channel: texts, from: priya, steps: []step{
		{day(1, 17, 20), writesText("Hi, Priya here. This came off the trailer on the way home, is it important? 😅", upload{"", "image/png", boltPNG})},
		{day(1, 17, 41), textsBack(olive, "It is the pin of the hitch, so yes: please don't ride with it like this. Come by tomorrow, it takes two minutes and costs nothing.")},
		{day(1, 17, 44), writesText("Thank you!! We'll walk it over after school.")},
		{day(1, 17, 46), assigns(olive, olive)},
		{day(1, 17, 50), oliveReads()},
	}},
	{channel: texts, from: maya, steps: []step{
		{ago(22 * time.Minute), writesText("Running ten minutes late for my brakes, is that ok? 🙏")},
	}},
}
