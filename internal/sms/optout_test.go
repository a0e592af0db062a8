package sms_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/sms"
)

func ExampleSoundsLikeOptOut() {
	fmt.Println(sms.SoundsLikeOptOut("Please take me off your list"), sms.SoundsLikeOptOut("Could you stop the delivery?"))
	// Output: true false
}

func TestSoundsLikeOptOut(t *testing.T) {
	t.Parallel()
	for _, body := range strings.Split(strings.TrimSpace(`
Stop.
STOP!!!
stop please
Please stop
pls stop, thanks
Ok, stop now.
STOP STOP STOP
Stop it
stop all
Opt-out
opt out please
Remove me
Please remove my number.
Leave me alone!
Take me off please
please take me off your list
Can you take me off your mailing list?
Hi, could you please remove me from this list, thanks
remove my number from your database please
delete my number from your system
get me off this list
Take me off the list.
take us off all of your lists
Who is this? Stop texting me!
stop texting me
Please STOP sending me these messages
I need you to stop texting me
would you please quit texting this number
stop messaging my phone
I don’t know who you are, stop contacting me
stop the texts
Please stop all messages to this number
stop with the texts already
No more texts please
Please, no more messages
I get ten a day. No more texts!
do not text me again
Please don't contact me anymore
Don’t text me.
never text this number again
I told you to stop texting me
I asked you to take me off your list
I'm trying to opt out of these texts
Please unsubscribe me
unsubscribe me from these texts
I want to unsubscribe
I'd like to unsubscribe from your messages
How do I unsubscribe from these texts?
I would like to opt out
I want to opt out of receiving these texts
opt me out of all marketing
I don't want to receive any more texts
i no longer wish to receive your messages
I don't want these messages anymore
I revoke my consent to be texted
I withdraw my consent.
lose my number
Arrêt
Bitte keine SMS mehr
Keine weiteren Nachrichten bitte
Bitte schicken Sie mir keine SMS mehr.
Nehmen Sie mich bitte aus Ihrem Verteiler
Schreib mir nicht mehr!
Ich möchte keine SMS mehr erhalten
Arrêtez de m'envoyer des SMS
Ne m’envoyez plus de messages svp
Désabonnez-moi
Retirez-moi de votre liste
Je ne veux plus recevoir vos messages
Plus de SMS svp
BAJA
No me envíen más mensajes
Dejen de escribirme
Quítenme de su lista por favor
No quiero recibir más mensajes
Parem de me enviar mensagens
Não me mande mais SMS
Não quero mais receber mensagens
Me tira da lista? Me tire da lista!
Smettetela di scrivermi
Non inviatemi più messaggi
Non voglio più ricevere messaggi
Cancellatemi dalla vostra lista
Stop met sms'en
Geen sms meer aub
Haal me van je lijst
`), "\n") {
		if !sms.SoundsLikeOptOut(body) {
			t.Errorf("%q does not sound like an opt-out", body)
		}
	}
}

func TestSoundsLikeNoOptOut(t *testing.T) {
	t.Parallel()
	for _, body := range strings.Split(strings.TrimSpace(`
STOP
unsubscribe
stop by tomorrow?
Can I stop by tomorrow to pick it up?
can you stop the delivery
Please stop the delivery, I am not at home
please stop my order
Which bus stop is nearest?
does the 9 stop here
It won't stop beeping
The brakes don't stop the bike
I'll cancel my appointment
please cancel
please cancel my appointment on Friday
Can you cancel the order?
I want to cancel my subscription
the end
When does it end?
did you stop texting me?
Why did you stop texting me
please don't stop texting me updates
Never stop sending me offers, I love them
If you stop sending me messages I won't know when it's ready
don't text me the address, email it
Don't text me before 9 please
please don't contact me at work, use my mobile
Do not contact me until Monday
You never text me back
I don't text much
no more messages came through after that
there are no more messages
I got no more texts from you, is everything all right?
Any more questions? No more, thanks
take me off the waiting list
please remove me from the waitlist
remove me from the booking on Friday
take me off the schedule for Tuesday
Take the old number off my account
remove my old bike from the order please
can I opt out of the insurance?
I'd like to opt out of the extended warranty
I don't want to opt out
how do I unsubscribe from the premium plan
I unsubscribed my brother from his gym
unsubscribe me from the yoga class on Monday
I don't want the red one any more
I don't want to receive the parcel on Monday
I did not receive your text
I didn't get any messages
Text me when it's ready
quit my job today, can we meet
I revoked the card
Can I withdraw my consent form for the school trip?
I lost my number plate
Reply STOP to unsubscribe from these messages
To opt out of these texts reply STOP
Do I text STOP to stop these messages?
To unsubscribe from this list: send a mail
delete my order
yes
info please
ok
👍
Keine Ahnung
Keine Nachrichten von Ihnen bisher, was ist los?
Ich habe keine SMS bekommen
Schreiben Sie mir bitte eine SMS
Können Sie den Auftrag stoppen?
Je n'ai plus de batterie
Ne me contactez pas avant 9h
Plus de messages ce matin, tout va bien ?
Il n'y a plus de messages
No me enviaron el mensaje
No quiero recibir el paquete
Quiero darme de baja del gimnasio
Vou sair agora
Não recebi mensagens
Non ho ricevuto messaggi
Stop met de bestelling
Ik heb geen sms gekregen
`), "\n") {
		if sms.SoundsLikeOptOut(body) {
			t.Errorf("%q sounds like an opt-out", body)
		}
	}
	if sms.SoundsLikeOptOut("") || sms.SoundsLikeOptOut("\xff\n.,") {
		t.Error("nothing sounds like an opt-out")
	}
}
