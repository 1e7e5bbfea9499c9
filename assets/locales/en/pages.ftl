# The words of each kind of page.

attract = What do you need? Day or night.
    .hint = Please have your ID card ready. If it is lost, your number will do.
    .voice = Hello. Touch the screen to begin, or lay your ID card on the reader below the screen.
    .heading = Often asked for
    .touch = Touch anywhere to begin
    .open-count = { $n ->
        [one] { $n } service available now
       *[other] { $n } services available now
     }
    .none-open = Nothing is available now. Please call an officer.
    .card-door = Or lay down your ID card first and see what you can do

attract-closed = Nothing can be done here just now
    .hint = The reasons are below. If it is urgent, call an officer or the duty telephone.
    .voice = Nothing can be done here just now. If it is urgent, call an officer.

all-services = What do you need?
    .hint = Grey ones are closed for now; the reason is below.
    .voice = What do you need?

what-to-bring = What to bring
    .hint = Something missing? You can still tap to have a look.
    .voice = Here is what to bring.

read-card-waiting = Please lay your second-generation ID card on the reader below the screen, stand straight and look at the camera
    .hint = Leave it there until it has been read.
    .status = Waiting for your ID card…
    .place = The lit area is the reader
    .voice = Please lay your ID card on the reader below the screen, stand straight and look at the camera.
read-card-reading = Reading. Please leave the card there
    .hint = It takes a second or two.
    .status = Reading your ID card…
    .voice = Reading. Please leave the card there.
read-card-read = Done. Please keep your card safe
    .status = Your card was read
    .voice = Done. Please keep your card safe.
read-card-taken-too-soon = The card was lifted too soon. Please lay it down again
    .hint = Lay it flat until the screen says it has been read.
    .status = Waiting for your ID card…
    .voice = The card was lifted too soon. Please lay it down again.
read-card-unreadable = The card was not read. Please lift it and lay it down again
    .hint = Take it out of its sleeve, away from phones and other cards.
    .status = Waiting for your ID card…
    .voice = The card was not read. Please lay it down again.
read-card-not-authentic = This card did not pass the check. Please use another
    .hint = Use your own resident ID card. For help, tap “Help”.
    .status = Waiting for your ID card…
    .voice = This card did not pass the check. Use another, or call an officer.
read-card-foreign = This kind of document cannot be used here
    .hint = Only Chinese resident ID cards. Tap “Help” and an officer tells you where to go.
    .status = Waiting for your ID card…
    .voice = This kind of document cannot be used here. Please tap Help.
read-card-nonsense = What is on this card makes no sense. Please lay it down again
    .hint = If it does not help, tap “Help” and an officer will look.
    .status = Waiting for your ID card…
    .voice = What is on this card makes no sense. Please lay it down again.
read-card-reader-away = The ID card area does not answer
    .hint = Please wait a moment. If you are in a hurry, tap “Help”.
    .hint-without = Wait a moment, or tap “I have no card with me” and type your number, or tap “Help”.
    .status = Connecting again…
    .voice = The ID card area does not answer. Please wait a moment.
read-card-old-card = This is your old card. Please lay down the new one
    .hint = Keep the old one safe.
    .status = Waiting for your new card…
    .voice = This is your old card. Please lay down the new one.
read-card-other-card = This is another card than before. Please change it
    .hint = Use the card of the person this is for.
    .status = Waiting for your ID card…
    .voice = This is another card than before. Please change it.

new-card-waiting = Please lay your new card on the reader to try it
    .hint = When it has been read, all is done.
    .status = Waiting for your new card…
    .place = The lit area is the reader
    .voice = Please lay your new card on the reader to try it.
new-card-read = Your new card works. Please keep it safe
    .status = The card works
    .voice = Your new card works. Please keep it safe.
new-card-unreadable = Your new card was not read. Please lay it down again
    .hint = This card only, please. If it fails, tap “Help”; do not take a bad card home.
    .status = Waiting for your new card…
    .voice = Your new card was not read. Please lay it down again.
new-card-other-card = This is not the card you just got. Please change it
    .hint = Use the card from the cabinet.
    .status = Waiting for your new card…
    .voice = This is not the card you just got. Please change it.

type-number = Please enter your ID number
    .hint = The last character may be X. Then tap “Next”.
    .voice = Please enter your ID number. The last character may be X.
    .placeholder = Region Birth date Last four
keypad-erase = Erase
keypad-clear = Clear
fault-number-length = Too many or too few characters. Please check.
fault-number-fifteen-digits = This is the old short number. Please enter the long one.
fault-number-characters = Only the last character may be X; the rest are digits. Please check.
fault-number-birth-date = The birth date in the middle does not exist. Please check.
fault-number-birth-in-future = The birth date in the middle has not come yet. Please check.
fault-number-check-digit = One character is wrong. Please compare and enter it again.

face-look = Please look at the camera, so that we see it is you
    .hint = Take off hat and mask. Glasses may stay on.
    .voice = Please look at the camera, so that we see it is you.
face-comparing = Comparing. One moment, please
    .hint = You can relax.
    .status = Comparing…
    .voice = Comparing. One moment, please.
face-again = No match yet. Please look at the camera again
    .hint = Face the light, and keep hair out of your eyes.
    .voice = No match yet. Please look at the camera again.
face-camera-away = There is no picture from the camera
    .hint = Wait a moment, or tap “Another way” and use your fingerprint.
    .status = Connecting again…
    .voice = There is no picture from the camera. Wait a moment, or take another way.
face-person = Checking: { $name }
face-tries = { $n ->
    [1] Last try; after it, fingerprint or an officer
   *[other] { $n } more tries
 }

finger-place = Please lay your finger flat on the sensor
    .hint = A finger that is on record. Press lightly and hold still.
    .status = Waiting for your finger…
    .voice = Please lay your finger flat on the sensor and hold still.
finger-again = No match. Please try again
    .hint = Dry the finger, turn it a little, or use another one.
    .status = Waiting for your finger…
    .voice = No match. Please try again.
finger-not-read = The print was not clear. Please try again
    .hint = If too dry, breathe on it. If too wet, wipe it.
    .status = Waiting for your finger…
    .voice = The print was not clear. Please try again.
finger-lift = Good. Lift your finger
    .status = Print read
    .voice = Good. Lift your finger.
finger-sensor-away = The fingerprint sensor does not answer
    .hint = Wait a moment, or tap “Another way”.
    .status = Connecting again…
    .voice = The fingerprint sensor does not answer. Please wait.
finger-tries = { $n ->
    [1] Last try; after it, an officer checks
   *[other] { $n } more tries
 }

enrol-place = Please lay your { $finger } flat on the sensor
    .hint = Your new card will hold this print. Press lightly with the pad of the finger.
    .status = Waiting for your finger…
    .voice = Please lay your { $finger } flat on the sensor.
enrol-again = Your { $finger } once more, please
    .hint = It need not be the very same spot.
    .status = Waiting for your finger…
    .voice = Your { $finger } once more, please.
enrol-not-read = Your { $finger } was not clear. Please try again
    .hint = If too dry, breathe on it. If too wet, wipe it. Worn? Use another finger.
    .status = Waiting for your finger…
    .voice = Your { $finger } was not clear. Please try again.
enrol-lift = Good. Lift your { $finger } and press again
    .hint = Lift it, then lay it flat again.
    .status = Print read
    .voice = Good. Lift your finger and press again.
enrol-sensor-away = The fingerprint sensor does not answer
    .hint = Wait a moment, or tap “Help”.
    .status = Connecting again…
    .voice = The fingerprint sensor does not answer. Please wait.
touch-of = { $n } of { $of }

choose-fines = Which fines do you want to pay?
    .hint = One code for each fine, one after another.
    .voice = Which fines do you want to pay? One after another.
    .decision = Decision { $number }
    .due = To pay: { $amount } yuan
    .pay-by = Pay by { $date }
    .late = { $days ->
        [one] One day late
       *[other] { $days } days late
    }: fine { $fine } yuan, surcharge { $surcharge } yuan
    .paid = { $term }; { $paid } yuan paid already
    .chosen = { $n ->
        [0] None chosen
        [one] One chosen
       *[other] { $n } chosen
    }
choose-violations = Which records do you want to settle?
    .hint = Only those when you were driving. Tap a picture to enlarge it.
    .voice = Which records do you want to settle? Only those when you were driving.
    .look = Enlarge
    .picture = Picture of { $plate }
    .no-picture = No picture
    .chosen = { $n ->
        [0] None chosen
       *[other] { $n } chosen
     }

rights = Please read: this penalty is intended for you
    .hint = Nothing is decided yet. Read it, then decide; every answer is fine.
    .voice = Please read. The intended penalty: a fine of { $fine } yuan and { $points } points. You may state your case and object.
    .voice-warning = Please read. The intended penalty: a warning and { $points } points. You may state your case and object.
    .fine = Fine
    .warning = Warning
    .points = Points
    .total = Your points after this
    .total-value = { $after } / { $limit }
    .your-rights = Your rights
    .terms = How to pay
    .articles = Read the articles
    .articles-heading = The articles
    .picture = Picture of the violation
law-source = Basis: { $reference }. Source: { $source }, { $date }.

sign-fault-empty = Nothing written yet. Please write in the box.
sign-fault-too-short = That is too little. Please write your full name.
sign-clear = Erase
sign-pad = Write here

portrait-guide = Look at the camera for your card photo
    .hint = Hold still and it takes itself. Three photos; you choose.
    .voice = Please look at the camera for your card photo. Hold still and it takes itself.
    .tip-hat = Take off hat, mask and earphones
    .tip-clothes = No uniform, no white top
    .tip-glasses = Keep your usual glasses on; no glare
portrait-choose = Please choose a photo
    .hint = All of these are fine. Tap one, or take them again.
    .voice = Please choose a photo.
    .shot = Photo { $n }
    .best = Sharpest
portrait-camera-away = There is no picture from the camera
    .hint = Wait a moment, or tap “Help”. What you entered is still there.
    .status = Connecting again…
    .voice = There is no picture from the camera. Please wait.
portrait-failed = That photo cannot be used: { $reason }. Take as many as you like
camera-on = Camera on
portrait-taken = { $n } of { $of } taken

pay-asking = Getting your payment code
    .hint = Do not pay yet.
    .status = Asking headquarters…
    .voice = Getting your payment code.
pay-code = Scan with your phone and pay { $amount } yuan
    .hint = Stay here afterwards; the screen tells you when it has arrived.
    .status = Waiting for your payment…
    .voice = Scan with your phone and pay { $amount } yuan.
    .how-open = Open WeChat or Alipay and tap “Scan”
    .how-scan = Point it at the square code
    .how-check = Pay only if the amount is the same
pay-closing = Checking whether you paid. Do not pay again
    .hint = If you have paid, nothing is lost.
    .status = Checking with headquarters…
    .voice = Checking whether you paid. Do not pay again.
pay-order = Order { $order }
pay-amount = To pay

working-asking-headquarters = Asking headquarters. One moment
    .status = Asking…
    .voice = One moment, please.
working-filing = Sending. One moment
    .hint = You will get a number.
    .status = Sending…
    .voice = Sending. One moment, please.
working-printing-receipt = Printing your slip. Wait for all of it
    .hint = It comes out of the slip printer.
    .status = Printing…
    .voice = Printing your slip. Wait for all of it.
working-printing-page = Printing. Wait for all of the paper
    .hint = It comes out of the page printer.
    .status = Printing…
    .voice = Printing. Wait for all of the paper.
working-opening = Opening a door. Please watch the cabinet
    .status = Opening…
    .voice = Opening a door. Please watch the cabinet.
working-one-moment = One moment, please
    .status = Working…
    .voice = One moment, please.

door-label = Door { $n }
take-opening = Opening door { $n }
    .hint = Please watch the cabinet.
    .status = Opening…
    .voice = Opening door { $n }. Please watch the cabinet.
take-open = Door { $n } is open. Please take your new ID card
    .hint = Then close the door.
    .status = Waiting for you to take it and close the door…
    .voice = Door { $n } is open. Please take your new ID card and close the door.
take-still-open = Please close door { $n }
    .hint = First check that you have your card, then push the door shut.
    .status = The door is still open
    .voice = Please close door { $n }.
take-did-not-open = Door { $n } did not open. Please do not pull
    .hint = Your new card is safe inside. For help, tap “Help”.
    .voice = Door { $n } did not open. Please do not pull. Your new card is safe inside.
take-old-opening = Opening door { $n } to give back your old card
    .hint = Please watch the cabinet.
    .status = Opening…
    .voice = Opening door { $n } to give back your old card.
take-old-open = Door { $n } is open. Please take back your old ID card
    .hint = Then close the door.
    .status = Waiting for you to take it and close the door…
    .voice = Door { $n } is open. Please take back your old ID card and close the door.
take-old-still-open = Please close door { $n }
    .hint = First check that you have your old card, then push the door shut.
    .status = The door is still open
    .voice = Please close door { $n }.
take-old-did-not-open = Door { $n } did not open. Please do not pull
    .hint = Your old card is inside and recorded. For help, tap “Help”.
    .voice = Door { $n } did not open. Please do not pull. Your old card is inside.
take-old-step-take = Take your old card out of door { $n }
take-step-take = Take your new card out of door { $n }
take-step-close = Push the door until it clicks
put-in-opening = Opening door { $n }
    .hint = It is empty and meant for your old ID card.
    .status = Opening…
    .voice = Opening door { $n } for your old ID card.
put-in-open = Door { $n } is open. Please put in your old ID card
    .hint = The old card is handed in for the new one. You get a slip at once.
    .status = Waiting for you to put it in and close the door…
    .voice = Door { $n } is open. Please put in your old ID card and close the door.
put-in-still-open = Is the old card inside? Please close door { $n }
    .hint = Not sure yet? Take it out again, then close the door.
    .status = The door is still open
    .voice = Please close door { $n }.
put-in-did-not-open = Door { $n } did not open. Please do not pull
    .hint = Keep your old card for now. For help, tap “Help”.
    .voice = Door { $n } did not open. Keep your old card for now.
put-in-step-put = Put your old card into door { $n }
put-in-step-close = Push the door until it clicks

tell-safe = Your documents and money
tell-now = What you can do
tell-quote = If you ask for help
    .text = Give the officer or the duty telephone this number: { $quote }
holding-nothing = This machine has kept no document and taken no money.
holding-card = Your ID card is on the reader. Please take it.
holding-old-card = The old ID card you put in is recorded and not lost; the number on your slip is the proof.
holding-new-card = Your new ID card is still in the cabinet, safe.
holding-payment = Whatever you paid is on record at headquarters; nothing is lost.
holding-refund = Your money goes back the way it came. You need not do anything.
holding-payment-unsettled = Your payment is being checked. Do not pay again. Nothing is lost.
holding-application = Your application is filed. You need not fill it in again.
holding-decision = The decision is made. It can be printed again.

closing-take = Please take
closing-unprinted = The slip did not come out. Note the number above; the window can print it.
take-id-card = Your ID card
    .place = check the reader
take-new-card = Your new ID card
    .place = keep it safe
take-old-card = Your old ID card
    .place = keep it
take-receipt = The slip
    .place = at the slip printer
take-page = The printed pages
    .place = at the page printer

welcome-back = Hello again. We know how your last visit ended
    .hint = { $when }: the machine stopped half-way.
    .voice = Hello again. We know how your last visit ended. Please see the screen.
    .number = Number
back-paid = Your { $value } were received.
back-refunded = Your { $value } go back the way they came. You need not do anything.
back-payment-unsettled = Your payment is being checked, order { $value }. Do not pay again.
back-not-paid = You were not charged.
back-old-card-held = Your old ID card is in compartment { $value } and recorded.
back-old-card-returned = Your old ID card is not in the machine.
back-old-card-in-doubt = Staff are checking whether your old ID card was put in.
back-new-card-waiting = Your new ID card is still in the cabinet. You can collect it.
back-new-card-taken = Your new ID card was taken last time.
back-new-card-in-doubt = Staff are checking whether your new ID card was taken.
back-filed = Your application is accepted, case { $value }.
back-not-filed = Your application was not filed. You can do it again.
back-pending = Your application is on its way, number { $value }.
back-decided = The decision was made, number { $value }.
back-printed = Your slip was printed.
back-not-printed = Your slip was not printed. You can print it now.
back-not-printed-ask = Your slip was not printed. Ask the staff for it with this number.
back-print-in-doubt = Your slip may be incomplete. You can print it again.
back-print-in-doubt-ask = Your slip may be incomplete. Ask the staff for it with this number.
back-reprinted = Printed again, marked as a reprint. Please take it.
back-reprint-failed = It was not printed well. Try again, or ask the staff for it with this number.
back-nothing = Nothing was done last time. Your documents and money were not touched.

help-waiting = An officer has been called. One moment
    .hint = Wait here or go on; nothing stops.
    .voice = An officer has been called. One moment, please.
help-unanswered = Nobody answers. Please telephone
    .hint = If nobody answers and it is urgent, call { $number }.
    .voice = Nobody answers. Please call the duty telephone.
help-called = Called at { $time }
help-duty = Duty officer
help-emergency = Emergency

leave = Do you want to leave?
    .hint = What you entered is erased and does not stay here.
    .voice = Do you want to leave?
    .loses = You would lose
    .stays = What is filed and paid stays valid.
    .loses-nothing = Nothing would be lost. You can leave safely.
loses-answers = What you entered
loses-portrait = Your photos
loses-fingers = Your fingerprints
loses-signature = Your signature
loses-identity = The identity check
loses-choice = The records you chose
loses-place = Your place at this machine

out-database = Out of service
    .hint = Checking records with headquarters; then it opens again.
    .voice = This machine is out of service. Please go to the window.
out-disk = Out of service
    .hint = Storage is full. Staff are informed.
    .voice = This machine is out of service. Please go to the window.
out-power = Out of service
    .hint = No mains power. It opens again when the power is back.
    .voice = This machine is out of service. Please go to the window.
out-clock = Out of service
    .hint = The clock is wrong and is being set.
    .voice = This machine is out of service. Please go to the window.
out-maintenance = Under maintenance. Please come back later
    .hint = Staff are checking the machine.
    .voice = Under maintenance. Please come back later.
out-offline = No connection to headquarters
    .hint = This page goes away by itself when it is back.
    .voice = There is no connection to headquarters.
out-software = The machine has a problem and is restarting
    .hint = Your documents and your money are safe. Please wait a moment, or ask an officer.
    .voice = The machine is restarting. Please wait.
out-starting = Getting ready. One moment
    .hint = It will not take long.
    .voice = Getting ready. One moment, please.
out-certificate = Out of service
    .hint = Headquarters could not be identified, so we stay closed to be safe.
    .voice = This machine is out of service. Please go to the window.
out-since = Since { $when }
out-instead-window = By day, the window next door can help
out-instead-telephone = Questions: call the duty telephone
out-instead-emergency = In an emergency, call the police
