"""Personal data: each type by its form, its check digits and the words around it.

`python -m tests.engines.test_pii` writes the table of docs/services/comprehend.md.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiservices_mocks.engines import checksums, pii, pii_rules
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load


def found(text: str, code: str = "en") -> set[tuple[str, str]]:
    return {(entity.type, entity.text) for entity in pii.find(text, code)}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Write to jane.doe+news@mail.example.org today.", "EMAIL", "jane.doe+news@mail.example.org"),
        ("See https://example.com/a?b=1, please.", "URL", "https://example.com/a?b=1"),
        ("The server is at 192.168.12.7 now.", "IP_ADDRESS", "192.168.12.7"),
        ("It answers on 2001:db8::8a2e:370:7334.", "IP_ADDRESS", "2001:db8::8a2e:370:7334"),
        ("Its MAC is 3c:22:fb:0a:1b:9e.", "MAC_ADDRESS", "3c:22:fb:0a:1b:9e"),
        ("I paid with 5555 5555 5555 4444.", "CREDIT_DEBIT_NUMBER", "5555 5555 5555 4444"),
        ("The CVV is 321.", "CREDIT_DEBIT_CVV", "321"),
        ("It expires 09/28.", "CREDIT_DEBIT_EXPIRY", "09/28"),
        ("My PIN is 4471.", "PIN", "4471"),
        ("Her SSN is 514-69-0360.", "SSN", "514-69-0360"),
        ("Taxpayer number 912-71-1234.", "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "912-71-1234"),
        ("The routing number is 011401533.", "BANK_ROUTING", "011401533"),
        ("from your bank account number XXXXXX1111 with", "BANK_ACCOUNT_NUMBER", "XXXXXX1111"),
        ("with the routing number XXXXX0000.", "BANK_ROUTING", "XXXXX0000"),
        (
            "Pay to DE89 3704 0044 0532 0130 00 please",
            "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
            "DE89 3704 0044 0532 0130 00",
        ),
        ("The SWIFT code is NEDSZAJJXXX.", "SWIFT_CODE", "NEDSZAJJXXX"),
        ("Call (206) 555-0143 tonight.", "PHONE", "(206) 555-0143"),
        ("Reach me at +49 30 901820 any time", "PHONE", "+49 30 901820"),
        ("Passport number 533380006.", "PASSPORT_NUMBER", "533380006"),
        ("His driver's license is F255-9215-0094.", "DRIVER_ID", "F255-9215-0094"),
        ("A car with license plate 7ABC123 left.", "LICENSE_PLATE", "7ABC123"),
        ("VIN 1M8GDM9AXKP042788 was recalled.", "VEHICLE_IDENTIFICATION_NUMBER", "1M8GDM9AXKP042788"),
        ("NINO: AB 12 34 56 C.", "UK_NATIONAL_INSURANCE_NUMBER", "AB 12 34 56 C"),
        ("My UTR is 1955839661.", "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "1955839661"),
        ("NHS number 943 476 5919.", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "943 476 5919"),
        ("Social insurance number 046 454 286.", "CA_SOCIAL_INSURANCE_NUMBER", "046 454 286"),
        ("OHIP 9876-543-217-ML", "CA_HEALTH_NUMBER", "9876-543-217-ML"),
        ("Aadhaar 2341 2341 2346", "IN_AADHAAR", "2341 2341 2346"),
        ("PAN ABCPE1234F", "IN_PERMANENT_ACCOUNT_NUMBER", "ABCPE1234F"),
        ("Voter id YCV1234567", "IN_VOTER_NUMBER", "YCV1234567"),
        ("NREGA job card MH-01-005-012-001/123", "IN_NREGA", "MH-01-005-012-001/123"),
        ("The password is s3cr3t-Pa55!", "PASSWORD", "s3cr3t-Pa55!"),
        ("Username: jdoe_99", "USERNAME", "jdoe_99"),
        ("I am 40 years old.", "AGE", "40 years"),
        ("We met on July 31st, 2021 at noon.", "DATE_TIME", "July 31st, 2021"),
        ("AKIAIOSFODNN7EXAMPLE leaked.", "AWS_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE"),
        (
            "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SECRET_KEY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ),
        ("Hello, my name is Zhang Wei and I live here.", "NAME", "Zhang Wei"),
        ("Ship it to 410 Terry Avenue North, please", "ADDRESS", "410 Terry Avenue"),
    ],
)
def test_english(text: str, kind: str, value: str) -> None:
    assert any(k == kind and v.startswith(value) for k, v in found(text)), found(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Me llamo Lucía Fernández Gil.", "NAME", "Lucía Fernández Gil"),
        ("Vivo en la calle Mayor 12, 28013 Madrid.", "ADDRESS", "calle Mayor 12, 28013 Madrid"),
        ("Mi móvil es 612 345 678.", "PHONE", "612 345 678"),
        ("Nací el 3 de mayo de 1980.", "DATE_TIME", "3 de mayo de 1980"),
        ("Tengo 32 años de edad.", "AGE", "32 años"),
        ("La contraseña es girasol77", "PASSWORD", "girasol77"),
        ("Pasaporte AAB123456", "PASSPORT_NUMBER", "AAB123456"),
        ("IBAN ES91 2100 0418 4502 0005 1332", "INTERNATIONAL_BANK_ACCOUNT_NUMBER", "ES91 2100 0418 4502 0005 1332"),
    ],
)
def test_spanish(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text, "es")


@pytest.mark.parametrize(
    "text",
    [
        "Version 1.2.3 costs $24.53 for 12 items at 50%.",
        "The order has 12345678 parts and weighs 1,250.75 kg.",
        "It took them 12 tries and 38 minutes to open it.",
        "Say hello to the world, it is a good place.",
    ],
)
def test_plain_numbers_and_words_are_nobodys(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ship it by Monday, 3 March. Thanks.", "Monday, 3 March"),
        ("It came on 3 Mar. 2025 at last", "3 Mar. 2025"),
        ("See you on 3 May.", "3 May"),
    ],
)
def test_a_date_leaves_the_full_stop_to_its_sentence(text: str, value: str) -> None:
    assert ("DATE_TIME", value) in found(text)


def test_a_number_that_does_not_add_up_is_no_card() -> None:
    assert ("CREDIT_DEBIT_NUMBER", "5555 5555 5555 4444") in found("Take 5555 5555 5555 4444 with you")
    assert "CREDIT_DEBIT_NUMBER" not in {kind for kind, _ in found("Take 5555 5555 5555 4445 with you")}


def test_the_nearest_word_tells_numbers_apart() -> None:
    text = "Account number 123456789012, routing number 021000021, and PIN 9911."
    kinds = {value: kind for kind, value in found(text)}
    assert kinds == {"123456789012": "BANK_ACCOUNT_NUMBER", "021000021": "BANK_ROUTING", "9911": "PIN"}


def test_offsets_are_code_points() -> None:
    text = "😀 ñandú: jane@example.com 👍"
    (entity,) = pii.find(text, "en")
    assert text[entity.begin : entity.end] == entity.text == "jane@example.com"


def test_types_hold_the_surest_score() -> None:
    text = "a@example.com, b@example.com"
    assert pii.types(text, "en") == {"EMAIL": max(entity.score for entity in pii.find(text, "en"))}


@given(st.text(max_size=120), st.sampled_from(["en", "es"]))
def test_any_text_is_survived(text: str, code: str) -> None:
    known = set(load("comprehend").shape("PiiEntityType").enum)
    end = 0
    for entity in pii.find(text, code):
        assert end <= entity.begin < entity.end
        assert text[entity.begin : entity.end] == entity.text
        assert entity.type in known
        assert 0 < entity.score <= 1
        end = entity.end


def completed(body: str, check: object, digits: str = "0123456789") -> str:
    return next(body + digit for digit in digits if check(body + digit))  # type: ignore[operator]  # rules without a check are not asked


@given(st.text("0123456789", min_size=15, max_size=15))
def test_every_luhn_number_has_one_check_digit(body: str) -> None:
    assert sum(checksums.luhn(body + digit) for digit in "0123456789") == 1


@given(st.text("0123456789", min_size=11, max_size=11), st.data())
def test_verhoeff_catches_every_single_error(body: str, data: st.DataObject) -> None:
    number = completed(body, checksums.verhoeff)
    at = data.draw(st.integers(0, 11))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    assert not checksums.verhoeff(number[:at] + other + number[at + 1 :])


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (checksums.aba, "021000021", "021000022"),
        (checksums.iban, "GB82WEST12345698765432", "GB82WEST12345698765433"),
        (checksums.nhs, "9434765919", "9434765918"),
        (checksums.utr, "1955839661", "2955839661"),
        (checksums.vin, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"),
        (checksums.ssn, "514690360", "666690360"),
        (checksums.itin, "912711234", "912491234"),
    ],
)
def test_known_numbers_add_up(check: object, good: str, bad: str) -> None:
    assert check(good)  # type: ignore[operator]  # rules without a check are not asked
    assert not check(bad)  # type: ignore[operator]  # rules without a check are not asked


DIGITS = "0123456789"
NUMBERS: dict[str, tuple[str, Callable[[random.Random], str], Callable[[str], bool]]] = {
    "CREDIT_DEBIT_NUMBER": (
        "My credit card is {}.",
        lambda chance: completed("4" + some(chance, 14), checksums.luhn),
        checksums.luhn,
    ),
    "BANK_ROUTING": (
        "The routing number is {}.",
        lambda chance: completed(chance.choice(("02", "11", "31")) + some(chance, 6), checksums.aba),
        checksums.aba,
    ),
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER": (
        "Send it to my IBAN {} please.",
        lambda chance: german_iban(some(chance, 18)),
        checksums.iban,
    ),
    "CA_SOCIAL_INSURANCE_NUMBER": (
        "My social insurance number is {}.",
        lambda chance: completed(chance.choice("1234567") + some(chance, 7), checksums.luhn),
        checksums.luhn,
    ),
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": (
        "Her NHS number is {}.",
        lambda chance: next(n for n in iter(lambda: "4" + some(chance, 9), "") if checksums.nhs(n)),
        checksums.nhs,
    ),
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": (
        "My UTR is {}.",
        lambda chance: next(n for n in iter(lambda: some(chance, 10), "") if checksums.utr(n)),
        checksums.utr,
    ),
    "IN_AADHAAR": (
        "Aadhaar {} belongs to me.",
        lambda chance: completed(chance.choice("23456789") + some(chance, 10), checksums.verhoeff),
        checksums.verhoeff,
    ),
    "VEHICLE_IDENTIFICATION_NUMBER": (
        "The VIN is {}.",
        lambda chance: next(
            n
            for n in iter(lambda: "1M8GD" + "".join(chance.choices("ABCDEFGHX" + DIGITS, k=12)), "")
            if checksums.vin(n)
        ),
        checksums.vin,
    ),
    "SSN": (
        "My social security number is {}.",
        lambda chance: f"{chance.randrange(100, 600)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}",
        lambda number: checksums.ssn(number.replace("-", "")),
    ),
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": (
        "My ITIN is {}.",
        lambda chance: f"9{some(chance, 2)}-{chance.randrange(70, 89)}-{some(chance, 4)}",
        lambda number: checksums.itin(number.replace("-", "")),
    ),
}
"""Of every type whose numbers can be checked: a sentence, how to make one, and the check."""


def some(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(DIGITS, k=count))


def german_iban(account: str) -> str:
    return next(n for check in range(2, 99) if checksums.iban(n := f"DE{check:02}{account}"))


def spoilt(number: str, check: Callable[[str], bool], chance: random.Random) -> str:
    """The number with one digit changed so that it does not add up."""
    while True:
        at = chance.choice([at for at, char in enumerate(number) if char in DIGITS])
        other = number[:at] + chance.choice(DIGITS) + number[at + 1 :]
        if not check(other):
            return other


def test_every_type_with_a_checksum_is_tried() -> None:
    assert {rule.type for rule in pii_rules.RULES if rule.check in pii_rules.CHECKSUMS} == set(NUMBERS)


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_that_add_up_are_found_and_others_left(kind: str) -> None:
    sentence, make, check = NUMBERS[kind]
    chance = random.Random(kind)
    for _ in range(30):
        number = make(chance)
        assert (kind, number) in found(sentence.format(number)), number
        wrong = spoilt(number, check, chance)
        assert kind not in {type for type, _ in found(sentence.format(wrong))}, wrong


def test_every_type_of_the_model_says_how_it_is_found() -> None:
    types = set(load("comprehend").shape("PiiEntityType").enum) - {"ALL"}
    ways = pii.found_by()
    assert set(ways) == types
    assert {kind for kind, way in ways.items() if "check digits" in way} == set(NUMBERS)
    assert ways["EMAIL"] == "form"
    assert ways["PIN"] == "form and words around it"


PAGE = Path(__file__).parents[2] / "docs" / "services" / "comprehend.md"
BEGIN, END = "<!-- pii: printed by tests/engines/test_pii.py -->\n", "<!-- /pii -->"


def printed() -> str:
    """How the mock finds each type of personal data, as Markdown."""
    rows = (f"| `{kind}` | {way} |\n" for kind, way in pii.found_by().items())
    return "".join(["| type | found by |\n", "| --- | --- |\n", *rows])


def test_the_pages_table_of_types_is_what_finds_them() -> None:
    assert PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0] == printed()


def test_a_chapter_is_no_address() -> None:
    assert found("Chapter 11 has 40 pages.") == set()


def test_an_address_is_one_stretch() -> None:
    assert found("I live at 410 Terry Avenue, Seattle, WA 98109.") == {
        ("ADDRESS", "410 Terry Avenue, Seattle, WA 98109")
    }
    assert ("ADDRESS", "Porto") in found("She moved from Porto last year.")
    assert ("ADDRESS", "90210") in found("My zip code is 90210.")


def test_made_up_letters_are_read_whole() -> None:
    """Values made at random, in sentences made at random: each is found at its place with its type."""
    chance = random.Random(11)
    for _ in range(100):
        card = completed("4" + "".join(chance.choices("0123456789", k=14)), checksums.luhn)
        email = f"{chance.choice(['ana', 'li', 'omar'])}{chance.randrange(99)}@example.{chance.choice(['org', 'net'])}"
        phone = f"({chance.randrange(201, 989)}) {chance.randrange(200, 999)}-{chance.randrange(1000, 9999)}"
        parts = [f"Charge card {card}.", f"Write to {email}!", f"Phone {phone}?"]
        chance.shuffle(parts)
        text = " ".join(parts)
        got = found(text)
        assert {("CREDIT_DEBIT_NUMBER", card), ("EMAIL", email), ("PHONE", phone)} <= got, text


@pytest.mark.parametrize(
    "piece", ["1", "a.", "A", "X", "X1 ", "a@", "1-", "*", "12 Aa ", "http://", "A1-", "a:", "1.", "www."]
)
def test_no_text_takes_the_rules_forever(piece: str) -> None:
    begin = time.process_time()
    pii.find(piece * 10_000, "es")
    assert time.process_time() - begin < 10


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{printed()}{END}{rest.partition(END)[2]}", "utf-8")
