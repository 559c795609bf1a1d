"""Short reviews made from phrases by a seed: praise, complaint, facts, and praise with complaint, in six languages."""

from __future__ import annotations

import random

_PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "POSITIVE": ("the {} is a real pleasure", "we adore the {}", "the {} exceeded our hopes", "a superb {}"),
        "NEGATIVE": ("the {} is a nightmare", "we regret the {}", "the {} is a rip-off", "a dreadful {}"),
        "NEUTRAL": ("the {} is next to the station", "the {} was delivered in May", "the {} has two parts"),
        "but": (", but ", ". However, ", ", although "),
        "things": ("hotel", "kettle", "bus", "menu", "jacket", "museum"),
    },
    "es": {
        "POSITIVE": ("el {} es una gozada", "nos encanta el {}", "el {} superó nuestras expectativas", "un {} magnífico"),
        "NEGATIVE": ("el {} es una pesadilla", "nos arrepentimos del {}", "el {} es un timo", "un {} espantoso"),
        "NEUTRAL": ("el {} está junto a la estación", "el {} se entregó en mayo", "el {} tiene dos partes"),
        "but": (", pero ", ". Sin embargo, ", ", aunque "),
        "things": ("hotel", "hervidor", "autobús", "menú", "abrigo", "museo"),
    },
    "fr": {
        "POSITIVE": ("le {} est un régal", "nous adorons le {}", "le {} a dépassé nos attentes", "un {} superbe"),
        "NEGATIVE": ("le {} est un cauchemar", "nous regrettons le {}", "le {} est une arnaque", "un {} affreux"),
        "NEUTRAL": ("le {} se trouve près de la gare", "le {} a été livré en mai", "le {} a deux parties"),
        "but": (", mais ", ". Cependant, ", ", pourtant "),
        "things": ("bus", "menu", "manteau", "musée", "grille-pain", "vélo"),
    },
    "de": {
        "POSITIVE": ("der {} ist ein Genuss", "wir lieben den {}", "der {} übertraf unsere Erwartungen", "ein großartiger {}"),
        "NEGATIVE": ("der {} ist ein Albtraum", "wir bereuen den {}", "der {} ist Betrug", "ein scheußlicher {}"),
        "NEUTRAL": ("der {} steht neben dem Bahnhof", "der {} wurde im Mai geliefert", "der {} hat zwei Teile"),
        "but": (", aber ", ". Allerdings: ", ", doch "),
        "things": ("Wasserkocher", "Bus", "Mantel", "Garten", "Drucker", "Tisch"),
    },
    "it": {
        "POSITIVE": ("il {} è un piacere", "adoriamo il {}", "il {} ha superato le attese", "un {} magnifico"),
        "NEGATIVE": ("il {} è un incubo", "ci pentiamo del {}", "il {} è una fregatura", "un {} spaventoso"),
        "NEUTRAL": ("il {} è accanto alla stazione", "il {} è stato consegnato a maggio", "il {} ha due parti"),
        "but": (", ma ", ". Tuttavia ", ", però "),
        "things": ("bollitore", "bus", "menu", "cappotto", "museo", "treno"),
    },
    "pt": {
        "POSITIVE": ("o {} é um prazer", "adoramos o {}", "o {} superou as expectativas", "um {} magnífico"),
        "NEGATIVE": ("o {} é um pesadelo", "arrependemo-nos do {}", "o {} é uma fraude", "um {} pavoroso"),
        "NEUTRAL": ("o {} fica ao lado da estação", "o {} foi entregue em maio", "o {} tem duas partes"),
        "but": (", mas ", ". No entanto, ", ", porém "),
        "things": ("hotel", "bule", "cardápio", "casaco", "museu", "trem"),
    },
}  # fmt: skip
LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")


def made(code: str, *, seed: int, count: int) -> list[tuple[str, str]]:
    """Texts with their labels, all labels alike often."""
    phrases = _PHRASES[code]
    chance = random.Random(f"{code}{seed}")

    def phrase(kind: str) -> str:
        return chance.choice(phrases[kind]).format(chance.choice(phrases["things"]))

    def text(kind: str) -> str:
        if kind == "MIXED":
            first, second = chance.sample(("POSITIVE", "NEGATIVE"), 2)
            said = phrase(first) + chance.choice(phrases["but"]) + phrase(second)
        else:
            said = phrase(kind)
        return said[0].upper() + said[1:] + chance.choice((".", "!" if kind != "NEUTRAL" else "."))

    return [(text(kind), kind) for kind in LABELS * (count // len(LABELS))]
