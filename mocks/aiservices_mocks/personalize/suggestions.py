"""What is suggested to whom: what a model says, sieved by a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from aiservices_mocks.engines import co_occurrence, item_filters
from aiservices_mocks.engines.co_occurrence import Ranked

from .recipes import use
from .records import Known, grouped, interaction
from .schemas import Row

if TYPE_CHECKING:
    from aiservices_mocks.service import Service
    from aiservices_mocks.store import Record

MOST = 500
"""Items of one answer."""
USUAL = 25
"""Items of an answer when the caller does not say how many."""


class RequestError(ValueError):
    """A request that cannot be answered; the text says why."""


class Asked(NamedTuple):
    """For whom, with what, or among what."""

    user: str = ""
    item: str = ""
    items: Sequence[str] = ()


class Advisor:
    """Answers from what a solution version or a recommender learned about its group of datasets."""

    def __init__(self, service: Service, trained: Record) -> None:
        members = trained["members"]
        self.known = Known(service, members["datasetGroupArn"])
        self.purpose = use(members.get("recipeArn"))
        self._model: co_occurrence.Model = members["model"]

    @property
    def has_scores(self) -> bool:
        """Whether answers for this purpose come with scores."""
        return self.purpose.kind in ("USER_PERSONALIZATION", "PERSONALIZED_RANKING")

    def ranked(self, asked: Asked) -> Ranked:
        """Every item there is, the best first."""
        kind = self.purpose.kind
        if kind == "RELATED_ITEMS":
            if not asked.item:
                raise RequestError("itemId is required for this recipe.")
            found = co_occurrence.related(self._model, asked.item)
        elif kind in ("POPULAR_ITEMS", "TRENDING_ITEMS"):
            found = (co_occurrence.popular if kind == "POPULAR_ITEMS" else co_occurrence.trending)(self._model)
        elif not asked.user:
            raise RequestError("userId is required for this recipe.")
        else:
            found = co_occurrence.chosen(self._model, self._history(asked.user))
        if not self.purpose.hides or not asked.user:
            return found
        done = {row["ITEM_ID"] for row in self.known.by_user.get(asked.user, []) if self._is_hidden(row)}
        return [pair for pair in found if pair[0] not in done]

    def ordered(self, asked: Asked) -> Ranked:
        """The items asked about, the best first; their scores are shares of one."""
        scores = dict(co_occurrence.chosen(self._model, self._history(asked.user)))
        wanted = list(dict.fromkeys(asked.items))
        whole = sum(scores.get(item, 0.0) for item in wanted)
        ordered = sorted(wanted, key=lambda item: -scores.get(item, 0.0))
        return [(item, round(scores.get(item, 0.0) / whole, 7) if whole else 0.0) for item in ordered]

    def drawn(self, items: Sequence[str]) -> Ranked:
        """The users whose things go best with some items."""
        return co_occurrence.drawn(self._model, self._histories, items)

    def actions(self, user: str) -> Ranked:
        """The actions by how likely they are taken: the user's own share of answers, leaning on everybody's."""
        taken: dict[str, list[float]] = {action: [1.0, 2.0] for action in self.known.actions}
        for row in self.known.action_interactions:
            if row["ACTION_ID"] in taken:
                weight = 5.0 if row["USER_ID"] == user else 1.0
                count = taken[row["ACTION_ID"]]
                count[0] += weight * (str(row["EVENT_TYPE"]).upper() == "TAKEN")
                count[1] += weight
        scores = [(action, round(yes / whole, 6)) for action, (yes, whole) in taken.items()]
        return sorted(scores, key=lambda pair: (-pair[1], pair[0]))

    def sieved(self, best: Ranked, kept: Record | None, values: Mapping[str, str], asked: Asked) -> Ranked:
        """What the filter leaves in, if there is one."""
        if kept is None:
            return best
        if kept["members"]["datasetGroupArn"] != self.known.group:
            raise RequestError("The filter belongs to another dataset group.")
        keeps = sieve(self.known, kept["members"]["filterExpression"], values, asked)
        return [pair for pair in best if keeps(pair[0])]

    @cached_property
    def _histories(self) -> dict[str, list[str]]:
        return co_occurrence.histories(self.known.events())

    def _history(self, user: str) -> list[str]:
        return co_occurrence.histories(map(interaction, self.known.by_user.get(user, []))).get(user, [])

    def _is_hidden(self, row: Row) -> bool:
        return str(row.get("EVENT_TYPE", "")).lower() == self.purpose.hides.lower()


def sieve(known: Known, expression: str, values: Mapping[str, str], asked: Asked) -> Callable[[str], bool]:
    """Whether a filter leaves a candidate in."""
    expressions = item_filters.read(expression)
    missing = {mark for one in expressions if one.includes for mark in one.marks()} - values.keys()
    if missing:
        raise RequestError(f"The filter has parameters without values: {', '.join(sorted(missing))}.")
    subject = expressions[0].subject
    user, item = known.users.get(asked.user, {}), known.items.get(asked.item, {})
    done = _done(known, subject, asked.user)

    def keeps(candidate: str) -> bool:
        def records(dataset: str) -> Sequence[item_filters.Fields]:
            if dataset in ("INTERACTIONS", "ACTION_INTERACTIONS"):
                return done(dataset).get(candidate, [])
            kept = {"ITEMS": known.items, "USERS": known.users, "ACTIONS": known.actions}[dataset]
            return [kept[candidate]] if candidate in kept else []

        return item_filters.keeps(expressions, values, records, user, item)

    return keeps


def _done(known: Known, subject: str, user: str) -> Callable[[str], Mapping[str, list[Row]]]:
    """What was done, by the item or action of this user, or by user."""
    found: dict[str, Mapping[str, list[Row]]] = {}

    def by_candidate(dataset: str) -> Mapping[str, list[Row]]:
        if dataset not in found:
            everything = known.by_user if dataset == "INTERACTIONS" else known.actions_by_user
            own = "ITEM_ID" if dataset == "INTERACTIONS" else "ACTION_ID"
            found[dataset] = everything if subject == "User" else grouped(everything.get(user, []), own)
        return found[dataset]

    return by_candidate
