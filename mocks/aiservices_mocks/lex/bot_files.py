"""A bot as the files of an export: a folder of JSON for each locale, intent, slot and slot type.

The files differ from the API in few words: `name` and `identifier` for every kind's own, `messageGroupsList`,
`isActive`, `nluConfidenceThreshold`, slots and slot types by name, `ORIGINAL_VALUE`, `TOP_RESOLUTION`. Both spellings
are read. Layout: https://docs.aws.amazon.com/lexv2/latest/dg/import-export-format.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aiservices.api.model import Shape, load

from .archive import ArchiveError

Members = Mapping[str, Any]

_RENAMED = {"messageGroups": "messageGroupsList", "active": "isActive"}
_STRATEGIES = {"OriginalValue": "ORIGINAL_VALUE", "TopResolution": "TOP_RESOLUTION", "Concatenation": "CONCATENATION"}
_OWN = {
    "Bot": {"botName": "name"},
    "BotLocale": {"localeId": "identifier", "nluIntentConfidenceThreshold": "nluConfidenceThreshold"},
    "Intent": {"intentName": "name"},
    "Slot": {"slotName": "name"},
    "SlotType": {"slotTypeName": "name"},
}
"""What members of their own are called in the files."""
_NOT_KEPT = {"botId", "botVersion", "intentId", "roleArn", "botTags", "testBotAliasTags"}
"""What an import makes anew or is told."""


@dataclass
class IntentFiles:
    """An intent and its slots, as the API takes them; slots and slot types by name."""

    intent: dict[str, Any]
    slots: list[dict[str, Any]] = field(default_factory=list)
    priorities: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class LocaleFiles:
    """A locale and what is in it."""

    locale: dict[str, Any]
    intents: list[IntentFiles] = field(default_factory=list)
    types: list[dict[str, Any]] = field(default_factory=list)
    vocabulary: list[dict[str, Any]] | None = None


@dataclass
class BotFiles:
    """What an archive holds."""

    bot: dict[str, Any] | None
    locales: list[LocaleFiles] = field(default_factory=list)


def manifest(kind: str, format: str = "LexJson") -> dict[str, bytes]:
    """The file that says what an archive holds: `BOT`, `BOT_LOCALE`, `CUSTOM_VOCABULARY` or `TEST_SET`."""
    return {"Manifest.json": _json({"metaData": {"schemaVersion": "1", "resourceType": kind, "fileFormat": format}})}


def write_bot(bot: Members) -> bytes:
    """`Bot.json`."""
    return _json({"identifier": bot["botId"], "version": bot["botVersion"], **_written("Bot", bot, {})})


def write_locale(folder: str, files: LocaleFiles, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The files of a locale under a folder; names: those of its slot types by id."""
    locale = {"name": files.locale.get("localeName"), "version": None, **_written("BotLocale", files.locale, {})}
    yield f"{folder}/BotLocale.json", _json(locale)
    for one in files.intents:
        of_intent = f"{folder}/Intents/{one.intent['intentName']}"
        slots = {slot["slotId"]: slot["slotName"] for slot in one.slots}
        order = [
            {"priority": place["priority"], "slotName": slots[place["slotId"]]}
            for place in one.intent.get("slotPriorities") or ()
            if place["slotId"] in slots
        ]
        intent = {"identifier": one.intent["intentId"], **_written("Intent", one.intent, {}), "slotPriorities": order}
        yield f"{of_intent}/Intent.json", _json(intent)
        for slot in one.slots:
            data = {"identifier": slot["slotId"], **_written("Slot", slot, names)}
            yield f"{of_intent}/Slots/{slot['slotName']}/Slot.json", _json(data)
    for kind in files.types:
        data = {"identifier": kind["slotTypeId"], **_written("SlotType", kind, names)}
        yield f"{folder}/SlotTypes/{kind['slotTypeName']}/SlotType.json", _json(data)
    if files.vocabulary is not None:
        yield f"{folder}/CustomVocabulary/CustomVocabulary.json", write_vocabulary(files.vocabulary)


def write_vocabulary(items: Sequence[Members]) -> bytes:
    """`CustomVocabulary.json`."""
    return _json({"customVocabularyItems": [{n: v for n, v in item.items() if n != "itemId"} for item in items]})


def read_bot(files: Mapping[str, bytes]) -> BotFiles:
    """What the files of an archive say; ArchiveError when they are not those of a bot or a locale."""
    bots = [path for path in files if _name(path) == "Bot.json"]
    locales = [path for path in files if _name(path) == "BotLocale.json"]
    if not bots and not locales:
        raise ArchiveError("The archive holds neither Bot.json nor BotLocale.json.")
    bot = _members("Bot", files, bots[0]) if bots else None
    return BotFiles(bot, [_locale(files, _folder(path)) for path in sorted(locales)])


def read_vocabulary(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The items of `CustomVocabulary.json`, or of a file of tab-separated phrase, weight and displayAs."""
    for path, data in files.items():
        if _name(path) == "CustomVocabulary.json":
            return _items(_parsed(path, data).get("customVocabularyItems"), path)
        if path.lower().endswith(".tsv"):
            return _items(list(_rows(data, path)), path)
    raise ArchiveError("The archive holds neither CustomVocabulary.json nor a TSV file.")


def _locale(files: Mapping[str, bytes], folder: str) -> LocaleFiles:
    found = LocaleFiles(_members("BotLocale", files, f"{folder}BotLocale.json"))
    for path in sorted(files):
        if not path.startswith(folder):
            continue
        if _name(path) == "Intent.json":
            data = _parsed(path, files[path])
            slots = sorted(p for p in files if p.startswith(_folder(path)) and _name(p) == "Slot.json")
            priorities = _priorities(data.get("slotPriorities"), path)
            intent = _members("Intent", files, path)
            found.intents.append(IntentFiles(intent, [_members("Slot", files, p) for p in slots], priorities))
        elif _name(path) == "SlotType.json":
            found.types.append(_members("SlotType", files, path))
        elif _name(path) == "CustomVocabulary.json":
            found.vocabulary = read_vocabulary({path: files[path]})
    return found


def _written(noun: str, members: Members, names: Mapping[str, str]) -> dict[str, Any]:
    """The members of one thing that its create takes, in the words of the files."""
    shape = _input(noun)
    kept = {name: value for name, value in members.items() if name in shape.members and name not in _NOT_KEPT}
    words = {own: _OWN[noun][own] for own in _OWN[noun] if own in kept}
    written = {words.get(name, name): _out(kept[name], shape.members[name], names) for name in kept}
    if "slotTypeId" in written:
        written["slotTypeName"] = written.pop("slotTypeId")
    return written


def _out(value: Any, shape: Shape, names: Mapping[str, str]) -> Any:
    if shape.type == "structure" and isinstance(value, Mapping):
        return {_RENAMED.get(n, n): _out(v, shape.members[n], names) for n, v in value.items() if n in shape.members}
    if shape.type == "list":
        return [_out(item, shape.member, names) for item in value]
    if shape.type == "map":
        return {name: _out(item, shape.value, names) for name, item in value.items()}
    if shape.name == "SlotValueResolutionStrategy":
        return _STRATEGIES.get(value, value)
    return names.get(value, value) if "SlotTypeId" in shape.name else value


def _members(noun: str, files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """What the API's create takes, from a file."""
    if path not in files:
        raise ArchiveError(f"The archive has no {path}.")
    data = _parsed(path, files[path])
    shape = _input(noun)
    words = {word: own for own, word in _OWN[noun].items()}
    found = {words.get(name, name): value for name, value in data.items() if name != "slotPriorities"}
    if noun == "Slot" and "slotTypeName" in found:
        found["slotTypeId"] = found.pop("slotTypeName")
    return {
        name: _in(value, shape.members[name])
        for name, value in found.items()
        if name in shape.members and name not in _NOT_KEPT and value is not None
    }


def _in(value: Any, shape: Shape) -> Any:
    if shape.type == "structure" and isinstance(value, Mapping):
        words = {word: name for name, word in _RENAMED.items() if name in shape.members}
        named = {words.get(name, name): inner for name, inner in value.items() if inner is not None}
        return {name: _in(inner, shape.members[name]) for name, inner in named.items() if name in shape.members}
    if shape.type == "list" and isinstance(value, list):
        return [_in(item, shape.member) for item in value if item is not None]
    if shape.type == "map" and isinstance(value, Mapping):
        return {name: _in(item, shape.value) for name, item in value.items() if item is not None}
    if shape.name == "SlotValueResolutionStrategy" and isinstance(value, str):
        return {word: name for name, word in _STRATEGIES.items()}.get(value, value)
    return value


@cache
def _input(noun: str) -> Shape:
    shape = load("lexv2-models").operations[f"Create{noun}"].input
    assert shape is not None
    return shape


def _priorities(places: Any, path: str) -> list[dict[str, Any]]:
    places = places or []
    if not isinstance(places, list) or not all(isinstance(place, Mapping) for place in places):
        raise ArchiveError(f"slotPriorities of {path} is not a list of objects.")
    if not all(isinstance(place.get("slotName"), str) for place in places):
        raise ArchiveError(f"slotPriorities of {path} has places without a slotName.")
    return [dict(place) for place in places]


def _items(items: Any, path: str) -> list[dict[str, Any]]:
    if not isinstance(items, list) or not all(isinstance(item, Mapping) and item.get("phrase") for item in items):
        raise ArchiveError(f"{path} is not a list of items with a phrase each.")
    known = ("phrase", "weight", "displayAs")
    return [{name: item[name] for name in known if item.get(name) is not None} for item in items]


def _rows(data: bytes, path: str) -> Iterator[dict[str, Any]]:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ArchiveError(f"{path} is not text in UTF-8.") from None
    head = [cell.strip() for cell in lines[0].split("\t")] if lines else []
    for line in filter(str.strip, lines[1:]):
        row = {name: cell for name, cell in zip(head, line.split("\t"), strict=False) if cell}
        if "weight" in row:
            if not row["weight"].isdecimal():
                raise ArchiveError(f"{path} has a weight that is no number.")
            yield {**row, "weight": int(row["weight"])}
        else:
            yield row


def _parsed(path: str, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ArchiveError(f"{path} is not a JSON object.")
    return found


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folder(path: str) -> str:
    return path[: len(path) - len(_name(path))]
