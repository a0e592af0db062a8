package demo

import "time"

// supportStories are what people write to the shop and its workshop.
var supportStories = []story{
	{channel: support, from: maya, subject: "Puncture kit missing from my parcel", steps: []step{
		{day(21, 12, 4), says("Hi,\n\nmy order came today, thank you, but the puncture kit is not in the parcel. The slip says it is.\n\nMaya")},
		{day(21, 13, 10), replies(kofi, "Hi Maya,\n\nsorry about that: it was still lying on the packing table. It goes out with today's post and should be with you tomorrow.")},
		{day(19, 9, 30), says("It is here. Thanks for being so quick!\n\nMaya")},
		{day(19, 9, 41), closes(kofi)},
	}},
	{channel: support, from: tom, subject: "Are you open over the holidays?", steps: []step{
		{day(23, 11, 26), says("Hello, one of our riders needs a new tube on the bank holiday, if it comes to that. Are you open?\n\nTom Hadley")},
		{day(23, 11, 58), replies(kofi, "Hello Tom,\n\nwe are closed on the holiday itself, but the tube machine beside the door takes cards and works day and night. 28 inch is in slot three.")},
		{day(23, 11, 59), closes(kofi)},
	}},
	{channel: support, from: sofie, subject: "Rear wheel out of true", steps: []step{
		{day(16, 17, 22), says("Hello,\n\nmy rear wheel rubs on the brake once per turn, I think a spoke has gone. Can you have a look this week?\n\nSofie Brandt")},
		{day(15, 9, 5), replies(ben, "Hello Sofie,\n\nbring it in any day before four. Truing takes half an hour and is £18; a new spoke is £2.50 on top.")},
		{day(14, 16, 40), notes(ben, "One spoke replaced on the drive side, the rest brought up to tension. The rim has a small dent near the valve: if it comes back, she needs a new rim, not another spoke.")},
		{day(14, 16, 45), replies(ben, "Your bike is ready, Sofie. One spoke was broken and is replaced. The rim has a small dent, so keep an eye on it and let us know if it starts to wander again.")},
		{day(14, 16, 46), closes(ben)},
		{ago(5 * time.Hour), says("Hi Ben,\n\nyou were right about the dent: the same wheel has begun to rub again after two weeks. What would a new rim cost, and how long would I be without the bike?\n\nSofie")},
	}},
	{channel: support, from: liam, subject: "E-bike battery loses half its charge overnight", steps: []step{
		{day(12, 20, 31), says("Hi,\n\nthe battery of my Heron goes from full to about half overnight, switched off, in the hall. It is eleven months old. Is that normal in the cold?\n\nLiam")},
		{day(11, 9, 12), replies(ben, "Hi Liam,\n\nno, that is not the cold: a healthy pack loses a few per cent a week. Could you send me the number on the underside of the battery, and tell me whether the display stays dark when you take the battery out and put it back?")},
		{day(11, 18, 3), says("It is HB-4409-771. The display stays dark for a few seconds and then comes on by itself, even though I have not pressed anything.")},
		{day(10, 9, 20), notes(ben, "HB-4409: that series had the faulty wake-up board. The maker replaces these without question within two years.\n\nDecision: swap it from our stock now, claim it back from the maker afterwards.")},
		{day(10, 9, 34), replies(ben, "That explains it: this series has a board that wakes up by itself. It is a warranty case, and you do not have to wait for the maker, we have one here. Can you bring the old battery and its key?")},
		{day(10, 12, 47), says("Great. Would Friday at five work? And does it need a new key?")},
		{day(10, 13, 15), replies(ben, "Friday at five is fine. The lock comes with the new battery, so you get two new keys and we keep the old ones.")},
		{day(8, 8, 58), notes(olive, "Liam was in on Friday, battery swapped. Claim sent to the maker, number W-3381. Ben, can you close this once they have confirmed?")},
		{day(4, 19, 25), says("Just to let you know: four nights, and it still shows full in the morning. Thank you!\n\nOne more thing. The range on the display jumps between 60 and 90 km when I change the mode. Is that something to worry about?\n\nLiam")},
		{day(3, 10, 2), replies(ben, "Good to hear! And no, nothing to worry about: the display works the range out anew from the mode that you choose, and after a swap it needs five or six full charges before it knows your rides.")},
		{day(3, 12, 30), oliveReads()},
	}},
	{channel: support, from: eleni, subject: "Order 2207: no news about the saddle", steps: []step{
		{day(6, 10, 17), says("Good morning,\n\nI ordered a leather saddle three weeks ago (order 2207). The page said five days. Nobody has told me anything since.\n\nΕλένη Παπαδάκη")},
		{day(6, 11, 2), notes(kofi, "Not in the system under 2207. Asked Hana at the wholesaler whether it ever left them.")},
		{day(4, 9, 45), says("Καλημέρα, I am still waiting for an answer. If the saddle cannot be had, please say so and send the money back.\n\nΕλένη")},
	}},
	{channel: support, from: hana, subject: "Your order 88-1204 is on its way", steps: []step{
		{day(3, 14, 30), says("Your order 88-1204 has left our warehouse.\n\n4 x Brake pads, organic\n2 x Chain, 9 speed\n12 x Inner tube 28 inch\n1 x Leather saddle, honey (back order 2207)\n\nTotal 214.60", inHTML(orderHTML))},
		{day(3, 15, 12), notes(ben, "The saddle for order 2207 is in this delivery.")},
		{day(3, 15, 13), assigns(ben, ben)},
		{day(3, 16, 0), oliveReads()},
	}},
	{channel: support, from: maya, subject: "Front brake squeals when it is wet", steps: []step{
		{day(2, 8, 12), says("Good morning,\n\nsince the service in January my front brake squeals whenever it rains. Is that the new pads, or did I do something wrong? I ride to work every day, so I would rather not leave it.\n\nMaya")},
		{day(2, 8, 40), assigns(kofi, olive)},
		{day(2, 9, 5), notes(ben, "We fitted organic pads in January. They squeal when they get glazed: sand them lightly, or swap them for sintered ones. Ten minutes either way.")},
		{day(2, 9, 31), replies(olive, "Good morning Maya,\n\nthat sounds like glazed pads, so nothing you did. It is a ten-minute job and costs you nothing. Would one of these work before you start?\n\n- Thursday at 8:00\n- Friday at 8:30")},
		{ago(12 * time.Minute), says("Thursday at eight would be perfect, I start at nine. Should I leave the panniers at home?\n\nMaya")},
	}},
	{channel: support, from: tom, subject: "Invoice for the service of the courier bikes", steps: []step{
		{day(1, 15, 20), says("Hello Olive,\n\nattached is the invoice that I got for the three courier bikes. The third one was not in the workshop this time, it had its service in autumn. Could you correct it and send it once more? By post too, please.\n\nTom Hadley\nHadley Print", attached(upload{"invoice-4471.pdf", "application/pdf", invoicePDF}))},
		{day(1, 15, 50), assigns(kofi, olive)},
		{day(1, 16, 1), oliveReads()},
	}},
	{channel: support, from: erik, subject: "When can I pick up my commuter bike?", steps: []step{
		{day(1, 11, 8), says("Hi, is my bike ready? It is the blue one with the child seat rails. I could come after six today.\n\nErik")},
		{day(1, 11, 30), replies(olive, "Hi Erik,\n\nit is ready, and we are here until half past six. The new chain and the cassette are £64 together.")},
	}},
	{channel: support, from: wei, subject: "Question about the difference between the two Tern models on your page, because the table lists the same gears, the same brakes and the same weight for both of them, and yet one costs two hundred more than the other", steps: []step{
		{ago(3*time.Hour + 20*time.Minute), says("As in the subject. Is it only the colour?\n\nWei")},
		{ago(2*time.Hour + 50*time.Minute), replies(kofi, "Hello Wei,\n\nthe table is wrong, thank you for telling us. The dearer one has a belt instead of a chain and lights that run off the hub. We are correcting the page.")},
		{ago(2*time.Hour + 48*time.Minute), notes(kofi, "Dana, the table of the two Terns on the page needs mending: belt drive and hub dynamo are missing.")},
		{ago(2*time.Hour + 30*time.Minute), oliveReads()},
	}},
	{channel: support, from: zoe, subject: "Do you repair child trailers?", steps: []step{
		{ago(38 * time.Minute), says("Hello,\n\nthe tow bar of our child trailer is bent after a fall (nobody was in it, luckily). The maker says that any good workshop can straighten it, the shop where we bought it says throw it away. What do you say?\n\nPhotos attached.\n\nZoe Hartmann", attached(upload{"tow-bar.png", "image/png", photoPNG}))},
	}},
	{channel: support, from: seller, subject: "Your website is losing 73% of its visitors!!!", steps: []step{
		{day(5, 3, 14), says("Dear website owner,\n\nwe have looked at your website and found 27 critical errors. Our experts bring you to place one within 14 days, guaranteed. Answer today for 60% off.\n\nRank First Media")},
		{day(5, 8, 52), spams(kofi, "Cold advertising, the third one this month")},
	}},
	{channel: support, from: grace, subject: "Thank you", steps: []step{
		{day(9, 18, 44), says("To whoever found my bracelet in the changing room and rang me before I had even noticed: thank you. I came in to buy a bell and left with a good story.\n\nGrace")},
		{day(8, 9, 15), notes(olive, "That was Ines! Cake is on me.")},
		{day(8, 9, 20), replies(olive, "It was Ines, and she is blushing. Thank you for writing, Grace, it made our morning.")},
		{day(8, 9, 21), closes(olive)},
	}},
}

// orderHTML is mail as a wholesaler's system writes it: a table, and an image from elsewhere.
const orderHTML = `<div style="font-family:Arial,sans-serif;max-width:600px">
<img src="https://images.spoke-and-rim.example/header-2x.png" width="600" height="90" alt="Spoke &amp; Rim Wholesale">
<h2 style="color:#1d4f73">Your order 88-1204 is on its way</h2>
<p>It left our warehouse today and should reach you within two working days.</p>
<table cellpadding="8" style="border-collapse:collapse;width:100%">
<tr style="background:#e8f0f6"><th align="left">Article</th><th align="right">Pieces</th><th align="right">Each</th><th align="right">Sum</th></tr>
<tr><td>Brake pads, organic</td><td align="right">4</td><td align="right">£8.90</td><td align="right">£35.60</td></tr>
<tr><td>Chain, 9 speed</td><td align="right">2</td><td align="right">£17.50</td><td align="right">£35.00</td></tr>
<tr><td>Inner tube, 28 inch</td><td align="right">12</td><td align="right">£4.50</td><td align="right">£54.00</td></tr>
<tr><td>Leather saddle, honey <em>(back order 2207)</em></td><td align="right">1</td><td align="right">£90.00</td><td align="right">£90.00</td></tr>
<tr style="border-top:2px solid #1d4f73"><td colspan="3"><b>Total</b></td><td align="right"><b>£214.60</b></td></tr>
</table>
<p><a href="https://www.spoke-and-rim.example/orders/88-1204">Follow the delivery</a></p>
<p style="color:#777;font-size:12px">Spoke &amp; Rim Wholesale · Unit 4, Canal Yard</p>
</div>`
