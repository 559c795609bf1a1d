"""What the labels of forms and the heads of tables mean: on invoices, on identity documents, on papers for loans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

OTHER = "OTHER"
_LONGEST = 200
"""Characters of a label, with the dots that lead to its value."""

_RATE = r"\d{1,2}(?:[.,]\d{1,3})?\s*%\s*"


def _table(**kinds: str) -> Mapping[str, re.Pattern[str]]:
    return {kind: re.compile(rf"(?i)\W*(?:{words})\W*") for kind, words in kinds.items()}


_EXPENSE = _table(
    INVOICE_RECEIPT_ID=r"(?:invoice|receipt|bill)\s*(?:no|nr|number|num|id|#)?[.#:\s]*",
    INVOICE_RECEIPT_DATE=r"(?:invoice|receipt|bill|issue|order)?\s*date(?: of issue)?",
    DUE_DATE=r"(?:payment )?due (?:date|on|by)|pay by",
    ORDER_DATE=r"date of order",
    PO_NUMBER=r"(?:p\.?o\.?|purchase order)\s*(?:no|nr|number|#)?[.#]*",
    ACCOUNT_NUMBER=r"account\s*(?:no|nr|number|#)[.#]*",
    CUSTOMER_NUMBER=r"customer\s*(?:no|nr|number|id|#)[.#]*",
    SUBTOTAL=r"sub-?\s?total|net(?: amount| total)?",
    TAX=rf"(?:{_RATE})?(?:(?:sales )?tax|vat|gst|hst)(?:\W*{_RATE})?",
    DISCOUNT=r"discount",
    SHIPPING_HANDLING_CHARGE=r"shipping(?:\W+(?:and|&)?\W*handling)?|delivery|freight",
    GRATUITY=r"tip|gratuity",
    SERVICE_CHARGE=r"service charge",
    AMOUNT_PAID=r"(?:amount |total )?paid",
    AMOUNT_DUE=r"(?:amount|balance|total) due|balance",
    TOTAL=r"(?:grand |invoice )?total(?: amount)?|amount",
    VENDOR_NAME=r"vendor(?: name)?|seller|supplier|from",
    VENDOR_PHONE=r"(?:tele)?phone|tel",
    VENDOR_URL=r"web(?:site)?|url",
    TAX_PAYER_ID=r"(?:vat|tax|gst)\s*(?:id|no|number|reg)[.\s\w]*|ein",
    RECEIVER_NAME=r"(?:bill(?:ed)?|ship(?:ped)?|sold) to|customer(?: name)?",
    PAYMENT_TERMS=r"(?:payment )?terms",
)
_ITEMS = _table(
    PRODUCT_CODE=r"(?:product |item )?(?:code|sku|no|nr|number|#)[.#]*",
    ITEM=r"items?|descriptions?|products?|articles?|services?|name",
    QUANTITY=r"qty|quantity|count|units?|hours|pcs",
    UNIT_PRICE=r"(?:unit|each|single|price per).*|rate|unit cost|price each",
    PRICE=r"price|amount|(?:line )?total|cost|sum",
)
_IDENTITY = _table(
    FIRST_NAME=r"(?:first|given)[ -]?names?(?:\(s\))?|fn",
    LAST_NAME=r"(?:last|family)[ -]?names?|surname|ln",
    MIDDLE_NAME=r"middle[ -]?names?",
    SUFFIX=r"suffix",
    CITY_IN_ADDRESS=r"city|town",
    ZIP_CODE_IN_ADDRESS=r"zip(?: code)?|post(?:al)? ?code",
    STATE_IN_ADDRESS=r"state",
    STATE_NAME=r"(?:issuing|name of) (?:state|authority|country)|authority",
    DOCUMENT_NUMBER=r"(?:document|passport|licen[cs]e|dl|id|card)\s*(?:no|nr|number|#)?[.#]*",
    EXPIRATION_DATE=r"(?:exp(?:ir(?:y|ation|es))?)(?: date| on)?|date of expir(?:y|ation)|valid until",
    DATE_OF_BIRTH=r"(?:date of birth|birth ?date|born|dob)",
    DATE_OF_ISSUE=r"(?:date of issue|issue ?date|issued(?: on)?|iss)",
    ID_TYPE=r"(?:document|id) type|type",
    ENDORSEMENTS=r"end(?:orsements?)?",
    VETERAN=r"veteran",
    RESTRICTIONS=r"rest(?:r(?:ictions?)?)?",
    CLASS=r"class",
    ADDRESS=r"address|residence",
    COUNTY=r"county",
    PLACE_OF_BIRTH=r"place of birth|birth ?place",
)
IDENTITY = (*_IDENTITY, "MRZ_CODE")
"""What is told of every identity document, found or not.

Source: https://docs.aws.amazon.com/textract/latest/dg/identitydocumentfields.html
"""
_PAGES = {
    "PAYSLIPS": r"pay ?(?:slip|stub)|earnings statement|statement of earnings",
    "BANK_STATEMENT": r"(?:bank|account|checking) statement|statement of account",
    "1040": r"form 1040\b|individual income tax return",
    "W_2": r"\bw-2\b|wage and tax statement",
    "W_9": r"\bw-9\b|request for taxpayer identification",
    "1099_DIV": r"1099-div",
    "1099_INT": r"1099-int",
    "1099_R": r"1099-r\b",
    "1003": r"uniform residential loan application|form 1003\b",
    "1008": r"uniform underwriting and transmittal|form 1008\b",
    "CHECKS": r"pay to the order of",
    "INVOICES": r"\binvoice\b",
    "RECEIPT": r"\breceipt\b",
    "IDENTITY_DOCUMENT": r"driver.?s? licen[cs]e|\bpassport\b|identity card",
    "MORTGAGE_STATEMENT": r"mortgage statement",
    "CREDIT_CARD_STATEMENT": r"credit card statement",
    "1005": r"request for verification of employment|form 1005\b",
    "1065": r"form 1065\b|return of partnership income",
    "1120": r"form 1120\b|corporation income tax return",
    "1098": r"form 1098\b|mortgage interest statement",
    "1099_MISC": r"1099-misc",
    "1099_NEC": r"1099-nec",
    "1099_G": r"1099-g\b",
    "1099_SSA": r"ssa-1099|social security benefit statement",
    "4506_T": r"4506-t\b|request for transcript of tax return",
    "W_2_OTHER": r"\bw-2c\b",
    "CLOSING_DISCLOSURE": r"closing disclosure",
    "LOAN_ESTIMATE": r"\bloan estimate\b",
    "HOA_STATEMENT": r"homeowners? association",
    "INVESTMENT_STATEMENT": r"investment statement|brokerage statement|portfolio summary",
    "UTILITY_BILLS": r"utility bill|electric(?:ity)? bill|water bill|gas bill",
    "PURCHASE_AGREEMENT": r"purchase agreement",
    "PAYOFF_STATEMENT": r"payoff statement",
    "SSA_89": r"ssa-89",
    "MARRIAGE_CERTIFICATE": r"marriage certificate|certificate of marriage",
    "BIRTH_CERTIFICATE": r"birth certificate|certificate of (?:live )?birth",
    "DEATH_CERTIFICATE": r"death certificate|certificate of death",
    "DIVORCE_DECREE": r"divorce decree|decree of divorce",
    "DEED": r"\b(?:warranty|quitclaim|grant) deed\b",
}
PAGES = tuple(_PAGES)
UNCLASSIFIED = "UNCLASSIFIED"
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d")
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODE = re.compile(r"\b(USD|EUR|GBP|JPY|INR|CHF|CAD|AUD)\b")


def expense(label: str) -> str:
    """What a label on an invoice or a receipt is of: `TOTAL`, `DUE_DATE`."""
    return _kind(_EXPENSE, label)


def item(head: str) -> str:
    """What a column of the items of an invoice holds: `QUANTITY`, `PRICE`."""
    return _kind(_ITEMS, head)


def identity(label: str) -> str:
    """What a label on an identity document is of: `FIRST_NAME`."""
    return _kind(_IDENTITY, label)


def page(text: str) -> str:
    """What paper for a loan a page is, by the title that comes first."""
    found = {kind: match.start() for kind, words in _PAGES.items() if (match := re.search(f"(?i){words}", text))}
    return min(found, key=lambda kind: found[kind], default=UNCLASSIFIED)


def currency(text: str) -> str:
    """The code of the currency that an amount names; empty: none."""
    code = _CODE.search(text)
    return code[1] if code else next((name for sign, name in _CURRENCIES.items() if sign in text), "")


def is_currency(text: str) -> bool:
    """Whether a word is nothing but the code or the sign of a currency."""
    return text in _CURRENCIES or _CODE.fullmatch(text) is not None


def date(text: str) -> str:
    """A date as `2026-01-31T00:00:00`; empty when it is none. 01/02/2026 is the second of January."""
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).isoformat()
        except ValueError:
            continue
    return ""


def machine_readable(lines: Sequence[str]) -> str:
    """The zone of a passport or card that machines read, if there is one among the lines."""
    return " ".join(line.replace(" ", "") for line in lines if "<<" in line.replace(" ", ""))


def _kind(kinds: Mapping[str, re.Pattern[str]], label: str) -> str:
    if len(label) > _LONGEST:
        return OTHER
    return next((kind for kind, words in kinds.items() if words.fullmatch(label)), OTHER)
