package demo

import "time"

// salesStories are what people write who want to buy, and what the shop writes to them.
var salesStories = []story{
	{channel: sales, from: wei, subject: "Does a gift voucher run out?", steps: []step{
		{day(24, 10, 40), says("Hello, I was given one of your vouchers two years ago and have just found it again. Is it still good?\n\nWei Zhang")},
		{day(24, 11, 5), replies(dana, "Hello Wei,\n\nyes: our vouchers do not run out. Bring it along whenever you like, it works for repairs too.")},
		{day(24, 11, 6), closes(dana)},
	}},
	{channel: sales, from: jonas, subject: "Eight e-bikes for our office", steps: []step{
		{day(13, 9, 48), says("Dear Harbour Bikes,\n\nwe are an office of fourteen and would like to replace two of our three pool cars by e-bikes: eight in all, with luggage racks, in two sizes. Could you make us an offer, with a service contract for three years?\n\nIs it possible to try two of them for a day?\n\nKind regards\nJonas Lindqvist\nNorthquay Architects")},
		{day(13, 10, 30), replies(dana, "Dear Jonas,\n\nthat is a lovely thing to hear. I will put an offer together by Wednesday.\n\nYou can have two Herons in M and L for a whole day, free of charge. Would Tuesday or Thursday suit you?")},
		{day(13, 10, 31), answersItself("I am out of the office until Monday and read my mail only now and then. In urgent cases please ring +44 1632 960110.\n\nJonas Lindqvist")},
		{day(10, 9, 2), says("Back again. Thursday would be good, from nine. We would send two people to fetch them.")},
		{day(10, 11, 20), notes(dana, "Eight Herons: list 2,190 each. I would go down to 1,990 if they take the service contract (240 a bike and year).")},
		{day(10, 11, 48), notes(olive, "Agreed: 1,990 with the contract, 2,090 without. Not lower, they are the demo model's last batch.")},
		{day(9, 16, 15), replies(dana, "Dear Jonas,\n\nthe two Herons wait for you on Thursday from nine. The offer is attached. In short:\n\n- eight Herons with rack, four M and four L: £1,990 each with the service contract\n- the contract for three years: £240 a bike and year, with a replacement bike whenever one of yours is here overnight\n- delivery within four weeks", upload{"offer-northquay.pdf", "application/pdf", offerPDF})},
		{day(6, 17, 33), says("The test day went down very well, two colleagues did not want to give them back. The partners meet on the first of the month. One question from them: can the contract be ended after a year if we move?\n\nJonas")},
		{day(5, 9, 40), replies(dana, "Yes, with three months' notice to the end of each year. I have added that to the offer.")},
		{day(1, 16, 58), says("We have a yes! Eight bikes, with the contract. Please send the order form, and a date on which your workshop could come to us for the handover.\n\nBest regards\nJonas")},
		{day(1, 17, 6), says("Or rather, here is a date from us: the invitation is attached. If it does not suit you, please suggest another one.\n\nJonas", invites("Handover of eight e-bikes", "Northquay Architects, 4 Canal Yard", 6, 9))},
	}},
	{channel: sales, from: jonas, subject: "Our bank details have changed", steps: []step{
		{ago(95 * time.Minute), forges("Dear Harbour Bikes,\n\nour old account was closed this morning. Please send back the deposit for the eight e-bikes today, to the new one:\n\nGB00 HARB 0000 0000 0000 00\n\nIt is urgent, as we cannot sign the order before.\n\nJonas Lindqvist\nNorthquay Architects")},
		{ago(80 * time.Minute), notes(dana, "The sender is not verified: this did not come from Northquay's mail server. I rang Jonas, he has not written it. Nobody pays anything, please.")},
	}},
	{channel: support, from: grace, subject: "Twelve matching city bikes for a festival", steps: []step{
		{day(4, 12, 26), says("Hi again,\n\nwe run the Lantern Festival in September and are looking for twelve identical city bikes for the crew, bought, not rented, in one colour, with front racks that we could put our sign on.\n\nIs that something you can do, and by when would you need to know?\n\nGrace Adeyemi\nLantern Events")},
		{day(4, 12, 50), moves(kofi, sales)},
		{day(4, 12, 51), notes(kofi, "Grace is the one with the bracelet. Moved to Sales.")},
		{day(4, 13, 30), assigns(dana, olive)},
		{day(3, 9, 55), replies(olive, "Hi Grace,\n\ntwelve is no problem if we order by the end of June. The maker paints from ten pieces on in any colour of their card for £35 each, and the front rack takes a sign of up to 40 by 25 cm.\n\nShall I send you the colour card?")},
		{day(3, 9, 56), answersItself("Thank you for your mail. I am at the festival site until Thursday and answer in the evenings. For deliveries please ring the site office on +44 1632 960180.\n\nGrace Adeyemi")},
		{ago(55 * time.Minute), says("Yes please! Something between dark blue and night. And could you hold the twelve until I have the signature on Monday?\n\nGrace")},
	}},
	{channel: sales, from: liam, subject: "Your test ride on Saturday", steps: []step{
		{day(2, 14, 10), starts(dana, "Hello Liam,\n\nBen told me that you asked about the cargo version of the Heron. One arrives on Friday, and you could be the first to try it: Saturday between ten and one?")},
		{day(2, 21, 6), says("What a surprise. Saturday at eleven, I will bring the dog to see whether she fits.\n\nLiam")},
		{day(1, 9, 25), replies(dana, "Perfect, the dog is expected.")},
		{day(1, 9, 50), oliveReads()},
	}},
	{channel: sales, from: priya, subject: "Trade-in for a 20-inch children's bike", steps: []step{
		{ago(4*time.Hour + 5*time.Minute), says("Hello,\n\nmy son has outgrown his 20-inch (bought from you two years ago, new tyres, one scratch). Do you take it back against a 24-inch, and roughly for how much?\n\nPriya")},
		{ago(30 * time.Second), schedules(olive, "Hello Priya,\n\nyes, we do. With new tyres and one scratch it is between £70 and £85 against a new one; bring it along and Ben tells you exactly.\n\nThere is a blue 24-inch in the window that was made for him.", 1, 8)},
	}},
}
