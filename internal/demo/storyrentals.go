package demo

import "time"

// rentalStories are what people write who want a bike for a day or a week.
var rentalStories = []story{
	{channel: rentals, from: sofie, subject: "Left a lock key in the basket", steps: []step{
		{day(28, 19, 12), says("Hi, I brought the rental back this evening and left the key of my own lock in the front basket. Bike number 14. Could you keep it for me?\n\nSofie")},
		{day(27, 8, 33), replies(ines, "Found it, Sofie. It is in the drawer at the counter with your name on it.")},
		{day(27, 8, 34), closes(ines)},
	}},
	{channel: rentals, from: carlos, subject: "School trip: thirty bikes for a day in June", steps: []step{
		{day(11, 13, 5), says("Dear rentals team,\n\nour year seven (28 pupils, two teachers) would like to ride the estuary path on a Wednesday in June. We need thirty bikes with helmets, four of them in children's sizes.\n\nCould you tell me:\n\n1. whether you have that many on one day\n2. what it costs for a school\n3. who is liable if one of the children damages a bike\n\nCarlos Mendes\nRiverside School")},
		{day(11, 15, 40), assigns(kofi, ines)},
		{day(10, 9, 15), replies(ines, "Dear Carlos,\n\nwhat a good plan! In your order:\n\n- thirty is possible on any Wednesday but the second one; I would need four weeks' notice\n- schools pay £8 a bike and day, helmets included\n- ordinary damage is covered; only a lost bike is charged, at its present value\n\nShall I hold thirty for the third Wednesday?")},
		{day(7, 12, 50), says("Yes, please hold them. The head has agreed. I have to send the parents a letter first and will confirm by the end of the month.\n\nCarlos")},
		{day(7, 14, 2), notes(ines, "Thirty held for the third Wednesday in June: 26 adult S/M, 4 in 24 inch. Two of the 24-inch ones must come back from the Ramans by then.")},
		{day(7, 14, 5), replies(ines, "They are held for you until the end of the month. There is a repair stand at the half-way café, and Ben offers to ride along with his tool bag if you like.")},
		{day(1, 10, 44), says("Hello,\n\nI teach with Carlos and organise the day with him. Two of our pupils cannot ride alone: do you have tandems, or a trike with a seat in front? We would like them to be part of it.\n\nNoor Haddad", as(noor))},
		{day(1, 11, 20), notes(ines, "We have one trike, and the tandem is free that day. @Olive: can we give them both at the school price? They are 45 a day otherwise.")},
		{day(1, 11, 45), oliveReads()},
	}},
	{channel: rentals, from: priya, subject: "Tandem for the long weekend", steps: []step{
		{day(8, 21, 15), says("Hi!\n\nIs the tandem free over the long weekend, Friday to Monday? And would the trailer fit behind it?\n\nPriya")},
		{day(7, 8, 50), assigns(ines, olive)},
		{day(7, 9, 10), replies(olive, "Hi Priya,\n\nit is free and I have put your name on it. The trailer fits behind the tandem, but not with both children in it: 40 kg is the limit for the hitch.\n\nFour days are £96, the trailer is £20.")},
		{day(7, 19, 28), says("Perfect, then the big one rides and the small one sleeps. See you on Friday!")},
		{day(7, 19, 40), oliveReads()},
	}},
	{channel: rentals, from: aiko, subject: "4月のレンタサイクルについて", steps: []step{
		{day(3, 2, 35), says("ハーバーバイクス御中\n\n4月に五日間、港の近くに滞在します。電動自転車を二台お借りすることはできますか。身長は158cmと172cmです。\n\nMy English is not so good, but you may answer in English.\n\n田中 愛子")},
		{day(3, 9, 30), replies(ines, "Dear Tanaka-san,\n\nthank you for writing. Yes: we have two e-bikes for you, one small and one medium, for five days. The price is £30 a day for each bike. Helmets and locks are included.\n\nWhich day do you arrive?")},
		{ago(7 * time.Hour), says("ご返信ありがとうございます。4月12日に到着します。12日から16日までお願いします。\n\nOne question: can we return the bikes in the evening, after 19:00?\n\n田中 愛子")},
	}},
	{channel: rentals, from: zoe, subject: "Helmet for a child of two?", steps: []step{
		{day(2, 7, 55), says("Good morning,\n\ndo you have helmets small enough for a child of two (47 cm)? We would rent the cargo bike on Sunday.\n\nZoe")},
		{day(2, 9, 3), replies(ines, "Good morning Zoe,\n\nwe have two in 45 to 50 cm. I have put the green one with the frogs aside for Sunday, it is the one that nobody takes off again.")},
		{day(2, 12, 40), says("Frogs it is. Thank you!\n\nZoe")},
		{day(2, 12, 55), closes(ines)},
	}},
	{channel: rentals, from: bram, subject: "Two bikes for the dunes", steps: []step{
		{day(2, 14, 8), says("Hello,\n\nwe would like two bikes with wide tyres for the dune path, from Saturday to Monday. Is the path open again after the storm?\n\nBram de Vries")},
		{day(2, 14, 35), replies(ines, "Hello Bram,\n\nit is open as far as the lighthouse. Two Curlews with wide tyres are free for you, £54 together for the three days. Shall I book them?")},
		{day(2, 14, 36), comesBack("5.2.2", "mailbox full")},
		{day(2, 15, 4), notes(ines, "His mailbox is full. Rang him instead: booked, and he empties it tonight.")},
	}},
	{channel: rentals, from: omar, subject: "Deposit not back on my card", steps: []step{
		{day(3, 18, 20), says("Hello,\n\nI brought bike 7 back ten days ago, in one piece, and the £100 deposit is still not back on my card. Your colleague said five days at most.\n\nOmar Nasser")},
		{day(2, 10, 12), notes(ines, "The card terminal shows it as released on the same evening. Asked the bank for the reference, so that he can give it to his own.")},
		{day(1, 20, 2), says("Anybody there?\n\nOmar")},
	}},
	{channel: rentals, from: grace, subject: "Guided ride for a team of nine", steps: []step{
		{day(18, 10, 30), says("Good morning, do you do guided rides? We are nine, mixed ability, about three hours with a stop for cake.\n\nGrace")},
		{day(18, 11, 45), replies(ines, "Good morning Grace,\n\nwe do, and Kofi knows every cake on the estuary. Three hours with bikes are £28 a person from eight people on. Saturdays at ten or two.")},
		{day(17, 9, 10), says("Saturday at two it is.")},
		{day(17, 9, 22), replies(ines, "Booked: Saturday at two, nine people, meeting at the shop.")},
		{day(17, 9, 23), closes(ines)},
	}},
}
