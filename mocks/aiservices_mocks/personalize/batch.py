"""Jobs that answer files of questions: recommendations for many users or items, and segments of users."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiservices.call import Reply
from aiservices_mocks.engines import item_filters
from aiservices_mocks.engines.co_occurrence import Ranked
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import stateful

from .asking import Asking
from .recipes import use
from .schemas import object_of
from .suggestions import MOST, USUAL, Advisor, Asked, RequestError, sieve
from .transfers import files, place_of, written

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

_NO_BATCH = ("USER_SEGMENTATION", "PERSONALIZED_ACTIONS", "TRENDING_ITEMS")
Answer = Callable[[Mapping[str, Any]], dict[str, Any]]
"""What is written for one line beside its input."""


class Batch(Asking):
    """The jobs' beginnings."""

    @stateful
    def create_batch_inference_job(self, **request: Any) -> Reply:
        """Recommend for every line of the input."""
        kind = self._checked("CreateBatchInferenceJob", request)
        if (count := request.get("num_results") or 0) > MOST:
            raise self._invalid(f"{count} results, at most {MOST}.")
        if kind in _NO_BATCH:
            raise self._invalid("The recipe of the solution version does not support batch inference jobs.")
        if request.get("batch_inference_job_mode") == "THEME_GENERATION" and kind != "RELATED_ITEMS":
            raise self._invalid("Themes are generated for recommendations of similar items only.")
        return self.keep("CreateBatchInferenceJob", request)

    @stateful
    def create_batch_segment_job(self, **request: Any) -> Reply:
        """Find users for every line of the input."""
        if self._checked("CreateBatchSegmentJob", request) != "USER_SEGMENTATION":
            raise self._invalid("Batch segment jobs need a recipe of the type USER_SEGMENTATION.")
        return self.keep("CreateBatchSegmentJob", request)

    def _checked(self, operation: str, request: Mapping[str, Any]) -> str:
        """What the version is for, when everything that the request names can be used."""
        source = self._place(request["job_input"]["s3DataSource"]["path"], "S3 input path")
        target = self._place(request["job_output"]["s3DataDestination"]["path"], "S3 output path")
        if source == target:
            raise self._invalid("Invalid S3 output path. It must be another one than the input's.")
        version = self._trained(operation, request["solution_version_arn"])["members"]
        if arn := request.get("filter_arn"):
            found = self.keepers["Filter"].named(operation, {"filterArn": arn})["members"]
            if found["datasetGroupArn"] != version["datasetGroupArn"]:
                raise self._invalid("The filter belongs to another dataset group.")
        return use(version.get("recipeArn")).kind


class _Answering:
    """Who answers the questions of one job, and how much of an answer is written."""

    def __init__(self, service: Service, members: Mapping[str, Any]) -> None:
        version = service.keepers["SolutionVersion"].find(members)
        if version is None:
            raise WorkFailed("The solution version was deleted.")
        self.advisor = Advisor(service, version)
        self._filter = service.keepers["Filter"].find(members) if "filterArn" in members else None
        if self._filter is None and "filterArn" in members:
            raise WorkFailed("The filter was deleted.")
        self._count = members.get("numResults") or USUAL

    def best(self, ranked: Ranked, line: Mapping[str, Any], asked: Asked) -> Ranked:
        """The first that the filter leaves in, with the values that the line has for it."""
        given = line.get("filterValues") or {}
        if not isinstance(given, Mapping):
            raise RequestError("filterValues must be an object of texts.")
        values = {name: str(value) for name, value in given.items()}
        return self.advisor.sieved(ranked, self._filter, values, asked)[: self._count]


def recommend(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer every line with items."""
    job = _Answering(service, members)
    advisor = job.advisor
    themed = members["batchInferenceJobMode"] == "THEME_GENERATION"
    ranks = advisor.purpose.kind == "PERSONALIZED_RANKING"

    def answer(line: Mapping[str, Any]) -> dict[str, Any]:
        asked = Asked(_id(line, "userId"), _id(line, "itemId"), _items(line))
        if ranks and not (asked.user and asked.items):
            raise RequestError("userId and itemList are required for this recipe.")
        best = job.best(advisor.ordered(asked) if ranks else advisor.ranked(asked), line, asked)
        output: dict[str, Any] = {"recommendedItems": [item for item, _ in best]}
        if advisor.has_scores:
            output["scores"] = [score for _, score in best]
        if themed:
            output |= _theme(advisor, members, output["recommendedItems"])
        return {"output": output, "error": None}

    _answer_all(service, members, answer)
    return {}


def segment(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer every line with users."""
    job = _Answering(service, members)
    advisor = job.advisor

    def answer(line: Mapping[str, Any]) -> dict[str, Any]:
        if "itemAttributes" in line:
            keeps = sieve(advisor.known, f"INCLUDE ItemID WHERE {line['itemAttributes']}", {}, Asked())
            items = [item for item in advisor.known.items if keeps(item)]
        elif item := _id(line, "itemId"):
            items = [item]
        else:
            raise RequestError("itemId or itemAttributes is required for this recipe.")
        return {"output": {"recommendedUsers": [user for user, _ in job.best(advisor.drawn(items), line, Asked())]}}

    _answer_all(service, members, answer)
    return {}


def _id(line: Mapping[str, Any], member: str) -> str:
    return "" if line.get(member) is None else str(line[member])


def _items(line: Mapping[str, Any]) -> list[str]:
    given = line.get("itemList") or []
    if not isinstance(given, list):
        raise RequestError("itemList must be a list of ids.")
    return [str(item) for item in given]


def _theme(advisor: Advisor, members: Mapping[str, Any], items: list[str]) -> dict[str, Any]:
    """What most of the items have in common, and which of them have it."""
    title = members.get("themeGenerationConfig", {}).get("fieldsForThemeGeneration", {}).get("itemName", "").upper()
    marks = {
        item: {
            mark
            for name, value in advisor.known.items.get(item, {}).items()
            if isinstance(value, str) and name not in ("ITEM_ID", title)
            for mark in value.split("|")
        }
        for item in items
    }
    counts = Counter(mark for found in marks.values() for mark in sorted(found))
    if not counts:
        return {"theme": None, "itemsThemeRelevanceScores": []}
    theme = min(counts, key=lambda mark: (-counts[mark], mark))
    return {"theme": theme, "itemsThemeRelevanceScores": [float(theme in marks[item]) for item in items]}


def _answer_all(service: Service, members: Mapping[str, Any], answer: Answer) -> None:
    """Write a file of answers beside the name of each file of questions: one line of JSON for one."""
    folder = place_of(members["jobOutput"]["s3DataDestination"]["path"])
    for name, data in files(service, place_of(members["jobInput"]["s3DataSource"]["path"])):
        lines = [_answered(text, answer) for text in data.decode("utf-8", "replace").split("\n") if text.strip()]
        content = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        written(service, folder.under(f"{name}.out"), content.encode("utf-8", "replace"), "application/json")


def _answered(text: str, answer: Answer) -> dict[str, Any]:
    """A question with its answer, or with what is wrong with it."""
    line = object_of(text)
    if line is None:
        return {"input": None, "output": None, "error": "The line is not a JSON object."}
    shown = {"itemAttributes": line["itemAttributes"]} if "itemAttributes" in line else {"input": line}
    try:
        return {**shown, **answer(line)}
    except (RequestError, item_filters.FilterError) as error:
        return {**shown, "output": None, "error": str(error)}
