# Words on every page: header, footer, buttons, dates.

date-day = { DATETIME($day, dateStyle: "long") }
date-moment = { DATETIME($at, dateStyle: "long", timeStyle: "short") }
date-time = { DATETIME($at, timeStyle: "short") }

station = 24-hour police station · Self-service
emergency = Emergency: call { $number }
duty = Duty officer: { $number }
simulation = Demonstration devices: results are not valid documents

step-of = Step { $n } of { $of }
minutes-left = about { $n } min left
minutes-about = about { $n } min
subtitle = { $steps } · { $minutes }
sheet-of = Page { $n } of { $of }
item-of = Question { $n } of { $of }
previous = Previous
next = Next
close = Close
too-early = Please read first. You can tap in a moment.
read-to-end = Please read to the last page first
calm = Take your time. There is no limit.
yuan = yuan
amount = { $value } yuan
points-unit = { $n ->
    [one] point
   *[other] points
 }
points-mark = { $n ->
    [0] no points
    [one] { $n } point
   *[other] { $n } points
 }

phase-identity = Identity
phase-details = Details
    .MT02 = Exchange
    .MT03 = Repair
    .JG01 = Records
    .HZ02 = Your card
phase-confirm = Confirm
    .MT02 = Try out
    .MT03 = Try out
    .MT06 = Self-test
    .JG01 = Your rights
phase-pay = Payment
phase-finish = Done
    .MT06 = Hand back
    .HZ02 = New card

# Header buttons: a short sign, and a word below it.
language-name = English
header-language = 中
    .caption = 中文
    .voice = Change to Chinese
header-size = A+
    .caption = Text
    .voice = Larger text
header-theme = Aa
    .caption = Contrast
    .voice = High contrast
header-reach = Low
    .caption = Reach
    .voice = Move the buttons to the lower half
header-elder = Easy
    .caption = Senior
    .voice = Senior mode: larger text, fewer choices, no hurry
header-sound = Snd
    .caption = Sound
    .voice = Sound on or off
header-help = Help
    .caption = Officer
    .voice = Call the officer on duty

# Buttons.
action-leave = Leave
action-back = Back
action-continue = Continue
action-no-condition = No
action-yes-condition = Yes
action-stand-ready = I am standing still
action-without-glasses = Without glasses
action-with-glasses = With glasses
action-chart-not-seen = I cannot tell
action-plate-not-seen = I see no number
action-tone-ready-headset = It is on
action-tone-ready-headset-off = It is on
action-tone-ready-loud = It is quiet now
action-begin-movement = Begin
action-agree = I agree
action-decline = No, another way
action-read = OK, start
action-without-card = I have no card with me
action-skip = Finish without it
action-other-way = Another way
action-other-finger = Another finger
action-confirm = OK
action-next = Next
action-declare = I have read it; it is true
action-signed = I have signed
action-retake = Take again
action-shoot = Take it
action-other-letters = It has other letters
action-review = Ask officer
action-by-slip = No phone: print a payment slip
action-cancel-payment = Do not pay now
action-did-not-open = It did not open
action-taken = Taken, door closed
action-scan-cannot = Cannot scan
action-keep = I keep my old card
action-keep-pass = I keep my pass
action-retry = Try again
action-end = Finish
action-help = Call an officer
action-print = Print it
action-enough = Done
action-reprint = Print again
action-all-taken = I have everything
action-stay = Go on
action-leave-now = Leave now
action-no-objection = No objection, go on
action-state-and-defend = I want to object
action-not-now = Not now
action-all-services = All services
action-what-to-bring = What to bring
action-keep-on-file = Use this one
action-more-time = I need more time

# What is being finished; leaving, waiting or help does not stop it.
finishing-filing = Sending your application. Nearly done.
finishing-paying = Checking your payment. One moment.
finishing-printing = Printing. Please wait for all of the paper.
finishing-making = printing the plate
finishing-fetching = The machine is fetching your document. Please stay.
finishing-opening = The cabinet is working. Please stay.
finishing-approval = Your approval is being waited for. Please stay.
finishing-writing = Your endorsement is being written. Please stay.
finishing-giving-back = Your pass is being given back. Please stay.
finishing-taking-in = Recording the card you put in. Please stay.

# What changes every second.
seconds-left = { $n ->
    [one] { $n } second left
   *[other] { $n } seconds left
 }
more-time = Do you need more time?
    .hint = { $n ->
        [one] Back to the start in { $n } second; what you entered is erased. Tap to go on, as often as you like.
       *[other] Back to the start in { $n } seconds; what you entered is erased. Tap to go on, as often as you like.
     }
    .voice = Do you need more time? Tap “I need more time”.
progress = { $n }% done
