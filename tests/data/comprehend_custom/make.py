"""Write requests.csv: messages to the help desk of a made-up shop, of three classes.

    python tests/data/comprehend_custom/make.py

Every message is put together from an opening, a matter and a close by one seed. Openings and closes are those of all
classes, half of the matters' words are too ("order", "card", "address", "app"), and one message in twelve has a matter
of another class besides its own, so that no single word tells the class.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

TARGET = Path(__file__).with_name("requests.csv")
EACH = 120
MIXED = 12

OPENINGS = [
    "Hello,", "Hi there,", "Good morning,", "I wrote last week already:", "Quick question:", "Sorry to bother you, but",
    "To whom it may concern:", "Not the first time:", "My wife told me to ask:", "Dear team,",
]  # fmt: skip
CLOSES = [
    "Please get back to me.", "What can I do?", "Thanks in advance.", "I have been a customer for {years} years.",
    "My order number is {number}.", "This is about order {number}.", "Can somebody call me?", "I am rather cross.",
    "No hurry though.", "",
]  # fmt: skip
MATTERS = {
    "BILLING": [
        "my card was charged {sum} twice for one order", "the invoice says {sum}, the app said less",
        "I still wait for the refund of {sum}", "you took {sum} from my card after I had cancelled",
        "the discount code did not lower the price in my order", "the receipt has the wrong company address",
        "why did the subscription fee go up to {sum}", "a fee of {sum} on the bill is new to me",
        "please send the invoice for {month} again", "my bank says the payment of {sum} was declined by you",
        "is the price of {sum} with or without tax", "I was billed for {month} although I had left",
    ],
    "DELIVERY": [
        "the parcel has not come although the app says delivered", "the courier left my order at the wrong address",
        "the box arrived broken and one cup is missing", "tracking has not moved since {month}",
        "can the order be sent to another address", "the driver rang at six and went away again",
        "how long does shipping to {town} take", "half of my order has arrived, where is the rest",
        "the package went to {town} and back to your warehouse", "I will be away, please hold the parcel until {month}",
        "the delivery slot was changed without telling me", "a neighbour in {town} got my parcel",
    ],
    "ACCOUNT": [
        "I cannot log in to the app any more", "the link to reset my password does not work",
        "please change the email address of my profile", "the app asks for a code that never comes",
        "somebody in {town} signed in with my name", "how do I delete my card and my data from the profile",
        "my profile shows the orders of a stranger", "the app forgets my address each time I sign in",
        "I have two logins since {month} and want one", "the second factor does not work with my new phone",
        "my user name is taken although it is mine", "since the update in {month} I am signed out all the time",
    ],
}  # fmt: skip
WORDS = {
    "sum": ["12 euros", "$49.90", "7.50", "130 pounds"],
    "month": ["January", "March", "May", "October"],
    "town": ["Leeds", "Porto", "Graz", "Lyon"],
    "years": ["two", "five", "ten"],
    "number": ["48213", "90017", "55560"],
}


def rows(seed: int = 20) -> list[tuple[str, str]]:
    """Class and message, in mixed order."""
    chance = random.Random(seed)
    found = []
    for label, matters in MATTERS.items():
        others = [matter for other in MATTERS if other != label for matter in MATTERS[other]]
        for number in range(EACH):
            parts = [chance.choice(OPENINGS), chance.choice(matters) + "."]
            if number % MIXED == 0:
                parts.append(f"Besides, {chance.choice(others)}, but that can wait.")
            text = " ".join([*parts, chance.choice(CLOSES)]).strip()
            found.append((label, text.format(**{name: chance.choice(words) for name, words in WORDS.items()})))
    chance.shuffle(found)
    return found


def main() -> None:
    """Write the file."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows())


if __name__ == "__main__":
    main()
