"""What goes with what: items that the same people have, and what is popular. No hidden factors, only counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log2, sqrt
from typing import NamedTuple

_LATEST = 100
"""Items of a person that count, the newest."""
_NEIGHBOURS = 100
"""Items that go with one item, the nearest."""
_FADING = 0.95
"""What an item counts less than the one that came after it."""
_PRIOR = 0.1
"""The part of popularity in what is chosen for a person."""
_RECENT = 0.1
"""The part of the time, the latest, that trends are read from."""

Ranked = list[tuple[str, float]]
"""Items or people with their scores, the best first."""


class Interaction(NamedTuple):
    """Somebody did something with an item."""

    user: str
    item: str
    time: float


class Model(NamedTuple):
    """What was counted."""

    counts: Mapping[str, int]
    """People per item."""
    near: Mapping[str, Mapping[str, float]]
    """The likeness of others, per item."""
    trend: Mapping[str, int]
    """Events of late per item."""


Rank = Callable[[Model, Sequence[str]], Ranked]
"""What is suggested to somebody with some items, the newest last."""


def histories(events: Iterable[Interaction]) -> dict[str, list[str]]:
    """The items of each person, each once, the newest last."""
    found: dict[str, dict[str, None]] = {}
    for event in sorted(events, key=lambda event: event.time):
        items = found.setdefault(event.user, {})
        items.pop(event.item, None)
        items[event.item] = None
    return {user: list(items)[-_LATEST:] for user, items in found.items()}


def learn(events: Sequence[Interaction]) -> Model:
    """Count what there is to know: cosine likeness of the sets of people that items have."""
    known = histories(events)
    counts = Counter(item for items in known.values() for item in items)
    pairs: dict[str, Counter[str]] = {item: Counter() for item in counts}
    for items in known.values():
        for item in items:
            pairs[item].update(items)
    near = {}
    for item, others in pairs.items():
        del others[item]
        likeness = {other: both / sqrt(counts[item] * counts[other]) for other, both in others.items()}
        near[item] = {other: round(score, 6) for other, score in _ranked(likeness)[:_NEIGHBOURS]}
    return Model(dict(counts), near, _trend(events))


def _trend(events: Sequence[Interaction]) -> dict[str, int]:
    if not events:
        return {}
    first, last = min(event.time for event in events), max(event.time for event in events)
    begin = last - (last - first) * _RECENT
    return dict(Counter(event.item for event in events if event.time >= begin))


def _ranked(scores: Mapping[str, float]) -> Ranked:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _shares(scores: Mapping[str, float]) -> Ranked:
    whole = sum(scores.values())
    return [(name, round(score / whole, 7) if whole else 0.0) for name, score in _ranked(scores)]


def popular(model: Model) -> Ranked:
    """Every item, by how many people have it."""
    return _shares(model.counts)


def trending(model: Model) -> Ranked:
    """Every item, by what was done with it lately, then by how many people have it."""
    whole = sum(model.counts.values()) + 1
    return _shares({item: model.trend.get(item, 0) + count / whole for item, count in model.counts.items()})


def related(model: Model, item: str) -> Ranked:
    """What goes with an item; for one that nobody has, what is popular."""
    near = model.near.get(item)
    return _ranked(near) if near else [pair for pair in popular(model) if pair[0] != item]


def chosen(model: Model, history: Sequence[str]) -> Ranked:
    """Every item for a person: what goes with theirs, the newest ones more, and a little what is popular.

    The scores are shares of one.
    """
    counts = model.counts
    whole = sum(counts.values()) or 1
    scores = {item: _PRIOR * count / whole for item, count in counts.items()}
    weight = 1.0
    for item in reversed(history[-_LATEST:]):
        for other, likeness in model.near.get(item, {}).items():
            scores[other] += weight * likeness
        weight *= _FADING
    return _shares(scores)


def drawn(model: Model, known: Mapping[str, Sequence[str]], items: Iterable[str]) -> Ranked:
    """The people whose things go best with some items: those who have one count it as its own likeness."""
    likeness: Counter[str] = Counter()
    for item in items:
        likeness[item] += 1
        likeness.update(model.near.get(item, {}))
    scores = {user: sum(likeness[item] for item in history) / len(history) for user, history in known.items()}
    return [(user, round(score, 6)) for user, score in _ranked(scores) if score > 0]


def measures(events: Sequence[Interaction], rank: Rank = chosen) -> dict[str, float]:
    """Personalize's offline metrics: every tenth person's latest tenth is hidden, and looked for.

    rank: what is suggested to somebody with some items.
    """
    known = {user: items for user, items in histories(events).items() if len(items) > 1}
    tested = sorted(known)[::10]
    hidden = {user: known[user][-max(len(known[user]) // 10, 1) :] for user in tested}
    away = {(user, item) for user, items in hidden.items() for item in items}
    model = learn([event for event in events if (event.user, event.item) not in away])
    shown: set[str] = set()
    sums: Counter[str] = Counter()
    for user, wanted in hidden.items():
        seen = known[user][: -len(wanted)]
        best = [item for item, _ in rank(model, seen) if item not in seen][:25]
        shown.update(best)
        sums.update(_measured(best, set(wanted)))
    names = _measured([], {""})
    found = {name: round(sums[name] / len(tested), 4) if tested else 0.0 for name in names}
    return {"coverage": round(len(shown) / len(model.counts), 4) if model.counts else 0.0, **found}


def _measured(best: Sequence[str], wanted: set[str]) -> dict[str, float]:
    places = [place for place, item in enumerate(best, 1) if item in wanted]
    found = {"mean_reciprocal_rank_at_25": 1 / places[0] if places else 0.0}
    for size in (5, 10, 25):
        hits = [place for place in places if place <= size]
        ideal = sum(1 / log2(place + 1) for place in range(1, min(len(wanted), size) + 1))
        gain = sum(1 / log2(place + 1) for place in hits)
        found[f"normalized_discounted_cumulative_gain_at_{size}"] = gain / ideal
        found[f"precision_at_{size}"] = len(hits) / size
    return found
