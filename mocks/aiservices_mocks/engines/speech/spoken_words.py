"""The words that dates, times, units and addresses are read with."""

from __future__ import annotations

from typing import NamedTuple

ORDINALS = {"fr": "e", "es": ".º", "it": "º", "pt": "º", "de": ".", "da": ".", "nb": ".", "nl": "e"}
"""What is written behind a number to read it as an ordinal."""


class Dates(NamedTuple):
    """How a language reads a date."""

    months: tuple[str, ...]
    joined: str
    """What stands between day, month and year."""
    ordinal: bool
    """Whether the day is one."""


DATES = {
    "en": Dates(
        (
            *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
            *("November", "December"),
        ),
        " ",
        True,
    ),
    "de": Dates(
        (
            *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
            *("November", "Dezember"),
        ),
        " ",
        True,
    ),
    "fr": Dates(
        (
            *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
            *("novembre", "décembre"),
        ),
        " ",
        False,
    ),
    "es": Dates(
        (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
            *("noviembre", "diciembre"),
        ),
        " de ",
        False,
    ),
    "it": Dates(
        (
            *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre"),
            *("ottobre", "novembre", "dicembre"),
        ),
        " ",
        False,
    ),
    "pt": Dates(
        (
            *("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro"),
            *("novembro", "dezembro"),
        ),
        " de ",
        False,
    ),
}

MINUTES = {
    "en": (("minute", "minutes"), ("second", "seconds")),
    "de": (("Minute", "Minuten"), ("Sekunde", "Sekunden")),
    "fr": (("minute", "minutes"), ("seconde", "secondes")),
    "es": (("minuto", "minutos"), ("segundo", "segundos")),
    "it": (("minuto", "minuti"), ("secondo", "secondi")),
    "pt": (("minuto", "minutos"), ("segundo", "segundos")),
}

UNITS = {
    "km": ("kilometer", "kilometers"), "m": ("meter", "meters"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "µm": ("micrometer", "micrometers"), "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"), "mg": ("milligram", "milligrams"), "t": ("ton", "tons"), "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"), "ft": ("foot", "feet"), "in": ("inch", "inches"),
    "yd": ("yard", "yards"), "mi": ("mile", "miles"), "l": ("liter", "liters"), "ml": ("milliliter", "milliliters"),
    "gal": ("gallon", "gallons"), "h": ("hour", "hours"), "hr": ("hour", "hours"), "min": ("minute", "minutes"),
    "s": ("second", "seconds"), "sec": ("second", "seconds"), "ms": ("millisecond", "milliseconds"),
    "mph": ("mile per hour", "miles per hour"), "km/h": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"), "°c": ("degree Celsius", "degrees Celsius"),
    "°f": ("degree Fahrenheit", "degrees Fahrenheit"), "%": ("percent", "percent"), "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
    "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"), "A": ("ampere", "amperes"), "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    "m2": ("square meter", "square meters"), "m²": ("square meter", "square meters"),
    "km²": ("square kilometer", "square kilometers"), "m³": ("cubic meter", "cubic meters"),
}  # fmt: skip
"""Singular and plural."""

ADDRESS = {
    "st": "Street", "ave": "Avenue", "av": "Avenue", "rd": "Road", "dr": "Drive", "blvd": "Boulevard", "ln": "Lane",
    "ct": "Court", "pl": "Place", "sq": "Square", "hwy": "Highway", "pkwy": "Parkway", "apt": "Apartment",
    "ste": "Suite", "fl": "Floor", "n": "North", "s": "South", "e": "East", "w": "West", "ne": "Northeast",
    "nw": "Northwest", "se": "Southeast", "sw": "Southwest", "mt": "Mount", "ft": "Fort",
}  # fmt: skip
