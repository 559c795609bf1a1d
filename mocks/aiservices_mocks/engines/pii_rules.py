"""Rules that find personal data by its form, its check digits, and the words before it.

A rule's pattern marks the value with the group `v`; without one the whole match is the value. What does not pass
`check` is none, whatever stands around it; what passes is sure by itself (`alone`), or a word of `context` must stand
shortly before (or just after) it. AWS's own examples mask numbers (XXXXX0000): there only the words around can tell.
"""

# ruff: noqa: E501 - one rule, one line
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address

from . import checksums


@dataclass(frozen=True)
class Rule:
    """How one type shows itself."""

    type: str
    pattern: re.Pattern[str]
    context: re.Pattern[str] | None = None
    """Words before the value that make it one."""
    check: Callable[[str], bool] | None = None
    """Whether the value adds up, separators removed."""
    alone: float | None = None
    """The score without a word of context, check passed; None: context is needed."""
    near: float = 0.95
    """The score with context."""


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)", re.IGNORECASE)


def _rule(type: str, pattern: str, context: str = "", flags: int = 0, **more: object) -> Rule:
    return Rule(type, re.compile(pattern, flags), _words(context) if context else None, **more)  # type: ignore[arg-type]  # the rest of Rule's fields


_NOT_IN_NUMBER = r"(?<![\w.,/-])(?<!\d )"
_END_OF_NUMBER = r"(?![\w/-]|[.,]\d)"


def _number(body: str) -> str:
    return f"{_NOT_IN_NUMBER}{body}{_END_OF_NUMBER}"


_MASK = "[Xx*•#]"
_MASKED = rf"(?<!{_MASK}){_NOT_IN_NUMBER}{_MASK}{{2,30}}(?:[- ]{_MASK}{{2,12}}){{0,4}}[- ]?\d{{2,6}}{_END_OF_NUMBER}"
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
)
_DAYS = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)"
_TIME = r"\d{1,2}(?::[0-5]\d){1,2}(?:\s?(?:[ap]\.?m\.?|h|hrs|UTC|GMT))?|\d{1,2}\s?(?:[ap]\.m\.|[ap]m\b)|\d{1,2} o'clock"
_DATE = (
    rf"{_MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}(?:\.?,? \d{{4}})?"
    rf"|\d{{1,2}} de {_MONTHS}(?: (?:de|del) \d{{4}})?|{_MONTHS}(?: de)? \d{{4}}"
    r"|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d)"
)
_ISO_3166 = """
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BG BH BM BO BR BS BY BZ CA CH CI CL CM CN CO CR CU CY CZ DE DK
    DO DZ EC EE EG ES ET FI FJ FR GB GE GH GI GR GT HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KR
    KW KY KZ LA LB LI LK LT LU LV LY MA MC MD ME MG MK MM MN MO MT MU MX MY NG NI NL NO NP NZ OM PA PE PH PK PL
    PR PS PT PY QA RO RS RU SA SE SG SI SK SM SN SV SY TH TN TR TT TW TZ UA UG US UY UZ VA VE VG VN XK ZA
"""
_COUNTRIES = frozenset(_ISO_3166.split())


def _swift(number: str) -> bool:
    return number[4:6].upper() in _COUNTRIES


def _ipv6(number: str) -> bool:
    try:
        IPv6Address(number)
    except ValueError:
        return False
    return True


def _card(number: str) -> bool:
    return 12 <= len(number) <= 19 and number[0] in "123456" and len(set(number)) > 1 and checksums.luhn(number)


def _letters_and_digits(number: str) -> bool:
    return not number.isalpha() and not number.isdigit()


def _secret(key: str) -> bool:
    """Looks random: all three kinds of characters, few repeats."""
    kinds = (any(map(str.isupper, key)), any(map(str.islower, key)), any(map(str.isdigit, key)))
    return all(kinds) and len(set(key)) > 20


CHECKSUMS = (
    _card, checksums.aba, checksums.iban, checksums.itin, checksums.luhn, checksums.nhs, checksums.ssn, checksums.utr,
    checksums.verhoeff, checksums.vin,
)  # fmt: skip
"""Checks that a number adds up or can have been given out: what fails them is no number of its type."""

_CARD = "card|cards|cc|credit|debit|visa|mastercard|amex|tarjetas?|crédito|débito"
_ACCOUNT = "account|accounts|acct|a/c|checking|savings|cuentas?|bank|banco"
_ROUTING = "routing|aba|rtn|transit|número de ruta|ruta bancaria"
_SSN = "ssn|social security|seguro social|seguridad social"
_PHONE = "answering at|messages to|phone|phones|telephone|tel|mobile|cell|cellphone|call|calling|call me|fax|whatsapp|text|reach|dial|contact|office|my number|teléfonos?|móvil|celular|llám[ae]\\w*|llamar|contacto"
_DRIVER = "driver'?s?’?s? ?licen[cs]es?|driving licen[cs]e|driver id|dl|licen[cs]e (?:number|no)|licencia de conducir|carn[eé]t? de conducir|permiso de conducir"
_PASSPORT = "passports?|pasaportes?"
_PLATE = "plate|plates|license plate|licence plate|registration|tag number|matrícula|placas?|patente"
_VIN = "vin|vehicle identification|chassis|bastidor|número de identificación vehicular"
_SIN = "sin|social insurance|nas"
_NHS = "nhs|national health service|health service"
_HEALTH = "health (?:card|number|insurance)|ohip|care ?card|phn|medical card|tarjeta sanitaria"
_EXPIRY = (
    "exp|expir\\w*|valid (?:thru|through|until|till)|good (?:thru|through)|caduc\\w*|vence|vencimiento|válida hasta"
)
_USER = "user ?name|user ?id|login|log-?in|screen name|handle|nickname|usuario|nombre de usuario|alias"

RULES: tuple[Rule, ...] = (
    _rule("EMAIL", r"(?<![\w.+'-])[\w+'-][\w.!#$%&*+/=?^`{|}~'-]{0,63}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b", alone=0.999),
    _rule("URL", r"(?i:(?:https?|ftp)://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]|(?<![\w@.])www\.[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’])", alone=0.998),
    _rule("URL", r"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|gov|edu|co\.uk|es|mx|info)(?:/[^\s<>\"]*[\w/])?(?![\w@-])", alone=0.9),
    _rule("IP_ADDRESS", r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\w]|\.\d)", "ip|address|server|host|dirección", alone=0.97, near=0.999),
    _rule("IP_ADDRESS", r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])", check=_ipv6, alone=0.98),
    _rule("MAC_ADDRESS", r"(?<![\w:-])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])", alone=0.999),
    _rule("AWS_ACCESS_KEY", r"(?<![A-Z0-9])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])", alone=0.999),
    _rule("AWS_SECRET_KEY", r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])", "secret|secret ?access ?key|aws_secret_access_key|clave secreta", check=_secret, alone=0.8, near=0.998),
    _rule("CREDIT_DEBIT_NUMBER", _number(r"\d(?:[ -]?\d){11,18}"), _CARD, check=_card, alone=0.97, near=0.999),
    _rule("CREDIT_DEBIT_NUMBER", _MASKED, _CARD, near=0.9),
    _rule("CREDIT_DEBIT_CVV", _number(r"\d{3,4}"), "cvv2?|cvc2?|cid|security code|verification (?:code|value)|código de (?:seguridad|verificación)", near=0.99),
    _rule("CREDIT_DEBIT_EXPIRY", _number(r"(?:0[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d\d"), f"{_EXPIRY}", near=0.99),
    _rule("CREDIT_DEBIT_EXPIRY", rf"(?i:(?:0[1-9]|1[0-2]) ?/ ?(?:20)?\d\d|{_MONTHS} (?:de )?20\d\d)(?!\w)", "card expir\\w*|expiration date|expiry(?: date)?|tarjeta (?:caduca|vence)|fecha de (?:caducidad|vencimiento)", near=0.97),
    _rule("PIN", _number(r"\d{4,6}"), "pin|pin (?:number|code)|clave pin|número pin", near=0.99),
    _rule("SSN", _number(r"\d{3}[- ]\d{2}[- ]\d{4}"), _SSN, check=checksums.ssn, alone=0.97, near=0.999),
    _rule("SSN", _number(r"\d{9}"), _SSN, check=checksums.ssn, near=0.97),
    _rule("SSN", _number(r"\d{4}"), f"last (?:four|4)(?: digits)? of (?:my|your|his|her|their|the) (?:{_SSN})", near=0.9),
    _rule("SSN", _MASKED, _SSN, near=0.95),
    _rule("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", _number(r"9\d{2}[- ]?\d{2}[- ]?\d{4}"), "itin|tax ?payer|tax identification|tax id", check=checksums.itin, near=0.995),
    _rule("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", _number(r"9\d{2}-\d{2}-\d{4}"), check=checksums.itin, alone=0.96),
    _rule("BANK_ROUTING", _number(r"\d{9}"), _ROUTING, check=checksums.aba, near=0.999),
    _rule("BANK_ROUTING", _MASKED, _ROUTING, near=0.97),
    _rule("BANK_ACCOUNT_NUMBER", _number(r"\d(?:[ -]?\d){5,16}"), f"(?:{_ACCOUNT})(?: (?:number|no|nr|num|número))?", near=0.94),
    _rule("BANK_ACCOUNT_NUMBER", _MASKED, _ACCOUNT, near=0.96),
    _rule("INTERNATIONAL_BANK_ACCOUNT_NUMBER", r"(?i)(?<![\w-])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![\w-])", "iban", check=checksums.iban, alone=0.99, near=0.999),
    _rule("SWIFT_CODE", r"(?<![\w-])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\w-])", "swift|bic", check=_swift, near=0.995),
    _rule("PHONE", _number(r"(?:\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]?[2-9]\d{2}[-. ]\d{4}(?: ?(?:x|ext\.?) ?\d{1,5})?").replace(_NOT_IN_NUMBER, r"(?<![\w.,/+-])(?<!\d )"), _PHONE, alone=0.97, near=0.995),
    _rule("PHONE", r"(?<![\w.,/-])\(\d{2,4}\) ?\d{3,4}[-. ]?\d{3,4}(?![\w/-])", _PHONE, alone=0.93, near=0.99),
    _rule("PHONE", r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}[-. ]?(?:\(\d{1,4}\)[-. ]?)?\d{1,4}(?:[-. ]?\d{2,4}){1,4}(?![\w/-])", _PHONE, alone=0.96, near=0.995),
    _rule("PHONE", _number(r"0\d{2,4}[-. ]\d{2,4}[-. ]?\d{2,4}(?:[-. ]\d{2,3})?"), _PHONE, alone=0.8, near=0.98),
    _rule("PHONE", _number(r"\(?\d{2,4}\)?(?:[-. ]\d{2,4}){1,4}"), _PHONE, near=0.92),
    _rule("PHONE", _number(r"\d{7,12}"), "phone|telephone|tel|mobile|cell|call(?: me)?|fax|whatsapp|teléfonos?|móvil|celular|llám[ae]\\w*", near=0.92),
    _rule("PHONE", _number(r"[679]\d{2}[ -]?\d{3}[ -]?\d{3}|[679]\d{2}(?: \d{2}){3}"), "teléfonos?|móvil|celular|llám[ae]\\w*|llamar|contacto", near=0.98),
    _rule("PASSPORT_NUMBER", r"(?<![\w-])(?=\w*\d{4})[A-Z]{0,3}\d{5,9}[A-Z]?(?![\w-])", _PASSPORT, near=0.99),
    _rule("DRIVER_ID", r"(?<![\w-])(?=[A-Z0-9-]*\d{3})[A-Z0-9]{1,5}(?:-?[A-Z0-9]{2,7}){1,4}(?![\w-])", _DRIVER, near=0.96),
    _rule("LICENSE_PLATE", r"(?<![\w-])[A-Z0-9]{1,4}(?:[- ]?[A-Z0-9]{2,5}){1,2}(?![\w-])", _PLATE, check=_letters_and_digits, near=0.94),
    _rule("VEHICLE_IDENTIFICATION_NUMBER", r"(?<!\w)(?=\w*\d)(?=\w*[A-Z])[A-HJ-NPR-Z0-9]{17}(?!\w)", _VIN, check=checksums.vin, alone=0.97, near=0.999),
    _rule("UK_NATIONAL_INSURANCE_NUMBER", r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", alone=0.98),
    _rule("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", _number(r"\d{5} ?\d{5}|\d{3} \d{3} \d{4}"), "utr|unique tax(?:payer)? reference|tax reference", check=checksums.utr, near=0.999),
    _rule("UK_NATIONAL_HEALTH_SERVICE_NUMBER", _number(r"\d{3}[- ]\d{3}[- ]\d{4}"), _NHS, check=checksums.nhs, near=0.999),
    _rule("UK_NATIONAL_HEALTH_SERVICE_NUMBER", _number(r"\d{10}"), _NHS, check=checksums.nhs, near=0.998),
    _rule("UK_NATIONAL_HEALTH_SERVICE_NUMBER", _number(r"\d{3} \d{3} \d{4}"), check=checksums.nhs, alone=0.75),
    _rule("CA_SOCIAL_INSURANCE_NUMBER", _number(r"\d{3}[- ]\d{3}[- ]\d{3}|\d{9}"), _SIN, check=checksums.luhn, near=0.998),
    _rule("CA_HEALTH_NUMBER", _number(r"\d{4}[- ]?\d{3}[- ]?\d{3}(?:[- ]?[A-Z]{2})?"), _HEALTH, near=0.97),
    _rule("IN_AADHAAR", _number(r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}"), "aadhaar|aadhar|uidai|uid", check=checksums.verhoeff, alone=0.9, near=0.999),
    _rule("IN_AADHAAR", _number(r"[2-9]\d{11}"), "aadhaar|aadhar|uidai|uid", check=checksums.verhoeff, near=0.999),
    _rule("IN_PERMANENT_ACCOUNT_NUMBER", r"(?<!\w)[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?!\w)", "pan|permanent account", alone=0.96, near=0.999),
    _rule("IN_VOTER_NUMBER", r"(?<!\w)[A-Z]{3}\d{7}(?!\w)", "voter|epic|election|electoral", near=0.99),
    _rule("IN_NREGA", r"(?<!\w)[A-Z]{2}-\d{2}-\d{3}-\d{3}-\d{3}/\d{1,6}(?!\w)", "nrega|mgnrega|job card", alone=0.97, near=0.999),
    _rule("PASSWORD", r"(?i:(?:password|passwd|pwd|passphrase|contraseña|clave)\s*(?:(?:is|es|are|was|of|to)\b\s*:?|[:=])\s*[\"'“]?)(?P<v>[^\s\"'”]+[^\s\"'”.,;:])", alone=0.98),
    _rule("USERNAME", rf"(?i:(?:{_USER})\s*(?:(?:is|es|are|was)\b\s*:?|[:=])\s*[\"'“]?)(?P<v>@?\w[\w.@-]*\w)", alone=0.95),
    _rule("USERNAME", r"(?<![\w@.])@(?P<v>[A-Za-z]\w{2,29})(?![\w@]|\.\w)", alone=0.85),
    _rule("AGE", r"(?i)(?<![\w.,-])(?P<v>\d{1,3}[- ](?:years?|months?|weeks?|yrs?)(?=[- ]olds?\b|[- ]of[- ]age\b)|\d{1,3} años(?= de edad| cumplidos)?|\d{1,3} ?y/?o\b)", alone=0.98),
    _rule("AGE", r"(?i)\b(?:aged?|age of|turn(?:ed|s|ing)?|(?:i['’]ll|will|to) turn|edad(?: de)?|cumpl\w+)\b(?: (?:is|just|to be|es|de))?:?\s*(?P<v>\d{1,3})(?! ?[%$€/.:]|\w)", alone=0.95),
    _rule("AGE", r"(?i)\b(?:i['’]?m|i am|he is|she is|he['’]s|she['’]s|(?:he|she|i) was)\s(?P<v>[1-9]\d?)(?=\s*(?:[.,;!?]|$|and\b|now\b))", alone=0.9),
    _rule("DATE_TIME", rf"(?i)(?<![\w.,/-])(?:{_DAYS},? )?(?:{_DATE})(?:(?:,? at|,? a las|[T,])? ?(?:{_TIME}))?(?![\w/-])", alone=0.99),
    _rule("DATE_TIME", rf"(?i)(?<![\w.,:/-])(?:{_TIME})(?![\w:/-])", alone=0.96),
    _rule("DATE_TIME", rf"(?<!\w){_DAYS}(?!\w)", alone=0.93),
    _rule("DATE_TIME", r"(?i)\b(?:in|since|of|during|from|until|year|en|desde|año|del?)\s(?P<v>(?:19|20)\d\d)(?!\w|[-/.,]\d)", alone=0.88),
)  # fmt: skip

_CAPITAL = r"[A-ZÁÉÍÓÚÑÜÀÈÖÄÇ][\w'’]*(?:-[A-ZÁÉÍÓÚÑÜ]\w+)?"
_FULL = rf"{_CAPITAL}(?: (?:(?:de|del|de la|de los|van|von|da|dos|y|[A-Z]\.) )?{_CAPITAL}){{0,3}}"
ANNOUNCED_NAME = re.compile(
    r"(?<!\w)(?:(?i:my name is|i am called|name ?: ?|signed,?|sincerely,?|regards,?|dear|hello|hi|"
    r"me llamo|mi nombre es|nombre ?: ?|soy|"
    r"estimad[oa]s?|querid[oa]s?|hola,?|atentamente,?)|(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sr|Sra|Srta|Dra|Don|Doña|Señora?|Señorita)\b\.?)"
    rf"\s+(?P<v>(?!(?:I|It|This|That|The|There|Team|All|Everyone|Support|Customer|Sir|Madam|Señor\w*|Cliente|Equipo|Todos|Amazon|AWS|World|Mundo|Again)\b){_FULL})"
)
_UNIT = r"(?:,? ?(?:Apt|Apartment|Suite|Ste|Unit|Floor|Piso|Puerta|#)\.? ?#?\w{1,5})?"
_ENGLISH_STREET = (
    rf"\d{{1,6}}[A-Za-z]? (?:[NSEW]\.? )?(?:(?:\d+(?:st|nd|rd|th)|{_CAPITAL}) ){{1,4}}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct"
    rf"|Square|Sq|Way|Place|Pl|Terrace|Parkway|Pkwy|Highway|Hwy|Circle|Close|Crescent)\b\.?{_UNIT}"
    rf"(?:, ?{_CAPITAL}(?: {_CAPITAL}){{0,2}})?(?:,? (?:[A-Z]{{2}}|{_CAPITAL}))?(?:,? \d{{5}}(?:-\d{{4}})?|,? [A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})?"
)
_SPANISH_STREET = (
    r"(?i:calle|c/|avenida|avda\.?|av\.|paseo|plaza|pza\.?|carretera|camino|ronda|travesía) ?(?:(?i:de la|de los|de las|del|de|la|el) )?"
    rf"{_CAPITAL}(?: (?:(?:de la|del|de|y) )?{_CAPITAL}){{0,4}},? ?(?:n[º°.]? ?)?\d{{1,4}}(?:-\d{{1,3}}|,? ?\d{{1,2}}[ºª°](?: ?[A-Z]\b)?)?"
    rf"(?:,? \d{{5}})?(?:,? {_CAPITAL}(?: {_CAPITAL}){{0,2}})?"
)
_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{3,6}(?:-\d{3,4})?"
_HOME = (
    r"(?:liv(?:e|es|ed|ing)|grew up|born|raised|resid(?:e|es|ed|ing)|reside|dwell(?:s|ing)?|mov(?:e|ed|es|ing)(?: here| there| back| out)?|"
    r"relocat(?:ed|ing)|viv(?:o|e|es|imos|en|ía)|nac(?:í|ió|ido|ida)|resid(?:o|ente)) (?:in|at|from|to|near|en|a|cerca de)"
)
ADDRESS = re.compile(
    rf"(?<!\w)(?:{_ENGLISH_STREET}|{_SPANISH_STREET})|\bP\.? ?O\.? Box \d+"
    rf"|\b(?i:zip|zip ?code|post(?:al)? ?code|código postal)\b(?i: is| es|:| was)? ?:? ?(?P<code>{_CODE})(?![\w-])"
    rf"|\b{_HOME} (?P<place>(?!(?:The|Mr|Mrs|Ms|Dr|My|His|Her|Our|{_MONTHS[3:-1]}|{_DAYS[3:-1]})\b){_CAPITAL}(?: {_CAPITAL}){{0,2}}(?:,? \d{{1,6}}\b)?)"
)
