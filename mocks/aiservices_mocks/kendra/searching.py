"""Query and Retrieve: the documents of an index that have the words of a query, best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from aiservices.call import Reply, note
from aiservices_mocks.engines import search
from aiservices_mocks.service import computed
from aiservices_mocks.store import Index, Record, Table

from . import user_tokens
from .documents import Documents
from .faqs import Faqs
from .filters import WrongFilter, fits, may_see, wrapped
from .of_index import under
from .word_lists import WordLists

_ENGINE = "bm25"
_MOST = 100
"""Results of a query. Source: https://docs.aws.amazon.com/kendra/latest/APIReference/API_Query.html"""
_BUCKETS = ((0.9, "VERY_HIGH"), (0.6, "HIGH"), (0.3, "MEDIUM"), (0.0, "LOW"))
_EXPANDED = ("Id", "DocumentId", "DocumentTitle", "DocumentExcerpt", "DocumentURI", "DocumentAttributes")
Result = dict[str, Any]
Entry = tuple[Record, float, float]
"""A document, its score, and which part of the query it has."""


class Wanted(NamedTuple):
    """What a query looks for."""

    terms: list[str]
    synonyms: list[str]

    @property
    def all(self) -> list[str]:
        """The words of the query and of the phrases that are as good."""
        return [*self.terms, *(word for other in self.synonyms for word in search.terms(other))]


class Searching(Documents, Faqs, WordLists):
    """Kept of AWS: filters, who may see what, facets, sorting, paging, collapsing, highlights, featured results,
    thesauri, FAQs.

    Not kept: answers cut out of documents, relevance tuning.
    """

    @computed
    def query(
        self,
        index_id: str,
        query_text: str = "",
        attribute_filter: dict[str, Any] | None = None,
        facets: list[dict[str, Any]] | None = None,
        requested_document_attributes: list[str] | None = None,
        query_result_type_filter: str | None = None,
        document_relevance_override_configurations: list[dict[str, Any]] | None = None,
        page_number: int = 1,
        page_size: int = 10,
        sorting_configuration: dict[str, str] | None = None,
        sorting_configurations: list[dict[str, str]] | None = None,
        user_context: dict[str, Any] | None = None,
        visitor_id: str | None = None,
        spell_correction_configuration: dict[str, bool] | None = None,
        collapse_configuration: dict[str, Any] | None = None,
    ) -> Reply:
        """Documents, and questions of FAQs that are like the one asked; without a text all documents."""
        self._check_page(page_number, page_size)
        fields = self._fields(index_id)
        documents = self._visible(index_id, attribute_filter, user_context)
        alike = self.synonyms(index_id, query_text)
        ranked = _ranked(query_text, documents, alike)
        order = sorting_configurations or ([sorting_configuration] if sorting_configuration else [])
        self._sort(ranked, order, fields)
        words = Wanted(search.terms(query_text), [other for others in alike.values() for other in others])
        id = self.world.new_id()
        names = _displayed(fields, requested_document_attributes)
        groups = [[one] for one in ranked]
        if collapse_configuration is not None:
            groups = self._grouped(ranked, collapse_configuration, fields)
        featured = [] if not query_text else self._featured(index_id, query_text, documents, id, words, names)
        answers = self.answers(index_id, query_text) if query_text and attribute_filter is None else []
        if query_result_type_filter not in (None, "QUESTION_ANSWER"):
            answers = []
        if query_result_type_filter not in (None, "DOCUMENT"):
            groups = []
        results: list[Any] = [*answers, *groups]
        shown = _page(results, page_number, page_size)
        page = [self._answer_item(id, one, words) for one in shown if isinstance(one, dict)]
        few = [one for one in shown if isinstance(one, list)]
        page += self._collapsed(id, few, collapse_configuration or {}, words, names)
        expanded = [one for item in page for one in item.get("CollapsedResultDetail", {}).get("ExpandedResults", ())]
        self._log(index_id, id, query_text, [*page, *expanded, *featured], user_context, len(results))
        reply: Reply = {
            "QueryId": id,
            "ResultItems": page,
            "FacetResults": [self._facet(facet, [one for one, _, _ in ranked], fields) for facet in facets or ()],
            "TotalNumberOfResults": len(results),
        }
        if featured:
            reply["FeaturedResultsItems"] = featured
        if (spell_correction_configuration or {}).get("IncludeQuerySpellCheckSuggestions"):
            reply["SpellCorrectedQueries"] = _corrected(query_text, documents)
        return note(reply, engine=_ENGINE, fidelity="computed")

    @computed
    def retrieve(
        self,
        index_id: str,
        query_text: str,
        attribute_filter: dict[str, Any] | None = None,
        requested_document_attributes: list[str] | None = None,
        document_relevance_override_configurations: list[dict[str, Any]] | None = None,
        page_number: int = 1,
        page_size: int = 10,
        user_context: dict[str, Any] | None = None,
    ) -> Reply:
        """Passages of 200 words at most, with their documents."""
        if not query_text.strip():
            raise self.error("ValidationException", "The query text is empty.")
        self._check_page(page_number, page_size)
        fields = self._fields(index_id)
        documents = self._visible(index_id, attribute_filter, user_context)
        cut = [(document, passage) for document in documents for passage in search.passages(document["text"])]
        alike = self.synonyms(index_id, query_text)
        found = search.rank(
            search.terms(query_text), [(document["title"], passage) for document, passage in cut], alike
        )
        id = self.world.new_id()
        names = _displayed(fields, requested_document_attributes)
        page = []
        for one in _page(found, page_number, page_size):
            document, passage = cut[one.place]
            item = {"Id": self._result_id(id), "DocumentId": document["id"], "DocumentTitle": document["title"]}
            item |= {"Content": passage, "DocumentAttributes": _attributes(document, names)}
            page.append({**item, **_uri(document), "ScoreAttributes": _confidence(one.coverage)})
        self._log(index_id, id, query_text, page, user_context, len(found))
        return note({"QueryId": id, "ResultItems": page}, engine=_ENGINE, fidelity="computed")

    # Who may see which documents.

    def _visible(
        self, index_id: str, condition: Mapping[str, Any] | None, context: Mapping[str, Any] | None
    ) -> list[Record]:
        """The documents that a filter leaves in and the user may see."""
        documents = self.indexed(index_id)
        index = self._found("Index", Id=index_id)["members"]
        if context is not None or index["UserContextPolicy"] == "USER_TOKEN":
            user, groups = self._user(index_id, index, context or {})
            documents = [one for one in documents if may_see(one, user, groups)]
        if condition is None:
            return documents
        try:
            return [one for one in documents if fits(condition, {**one["attributes"], "_document_id": one["id"]})]
        except WrongFilter as error:
            raise self.error("ValidationException", str(error)) from None

    def _user(self, index_id: str, index: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str | None, set[str]]:
        """Who asks, and in which groups they are."""
        user, groups = context.get("UserId"), [*context.get("Groups", ())]
        if "Token" in context:
            try:
                user, groups = user_tokens.read(context["Token"], index.get("UserTokenConfigurations", ()))
            except user_tokens.WrongToken as error:
                raise self.error("ValidationException", str(error)) from None
        groups += [one["GroupId"] for one in context.get("DataSourceGroups", ())]
        return user, {*groups, *self._groups_of(index_id, user)}

    def _groups_of(self, index_id: str, user: str | None) -> set[str]:
        """The groups that a user was put into, and the groups that those are in."""
        latest = [
            max(group.values(), key=lambda action: int(action["OrderingId"]))
            for group in under(self.world.store.table(self.name, "group"), index_id)
        ]
        found: set[str] = set()
        while True:
            more = {action["GroupId"] for action in latest if _is_member(action["members"], user, found)} - found
            if user is None or not more:
                return found
            found |= more

    # Results.

    def _document_item(self, query: str, one: Entry, words: Wanted, names: Iterable[str]) -> Result:
        document, _, coverage = one
        excerpt = search.excerpt(words.all, document["text"])
        item: Result = {
            "Id": self._result_id(query),
            "Type": "DOCUMENT",
            "Format": "TEXT",
            "AdditionalAttributes": [],
            "DocumentId": document["id"],
            "DocumentAttributes": _attributes(document, names),
            "ScoreAttributes": _confidence(coverage) if words.terms else {"ScoreConfidence": "NOT_AVAILABLE"},
            "FeedbackToken": self.world.new_id("feedback", query, document["id"]),
        }
        if document["title"]:
            item["DocumentTitle"] = _highlighted(document["title"][:2048], words)
        if excerpt:
            item["DocumentExcerpt"] = _highlighted(excerpt, words)
        return item | _uri(document)

    def _grouped(
        self, ranked: Sequence[Entry], collapse: Mapping[str, Any], fields: Mapping[str, Any]
    ) -> list[list[Entry]]:
        """Documents that have one value of an attribute in common, those first that have the best."""
        key = collapse["DocumentAttributeKey"]
        self._check_sortable(key, fields)
        missing = collapse.get("MissingAttributeKeyStrategy", "IGNORE")
        groups: dict[Any, list[Entry]] = {}
        for one in ranked:
            attributes = one[0]["attributes"]
            if key in attributes:
                groups.setdefault(("has", attributes[key]), []).append(one)
            elif missing != "IGNORE":
                groups.setdefault(("without", one[0]["id"] if missing == "EXPAND" else ""), []).append(one)
        for group in groups.values():
            self._sort(group, collapse.get("SortingConfigurations", ()), fields)
        return list(groups.values())

    def _collapsed(
        self, query: str, groups: Sequence[list[Entry]], collapse: Mapping[str, Any], words: Wanted, names: list[str]
    ) -> list[Result]:
        """The first document of each group; when they are expanded, others with it."""
        limits = collapse.get("ExpandConfiguration", {})
        most, each = limits.get("MaxResultItemsToExpand", _MOST), limits.get("MaxExpandedResultsPerItem", _MOST)
        items = []
        for number, (first, *others) in enumerate(groups):
            item = self._document_item(query, first, words, names)
            shown = _attributes(first[0], [collapse["DocumentAttributeKey"]]) if collapse else []
            if shown:
                item["CollapsedResultDetail"] = {"DocumentAttribute": shown[0]}
            if shown and collapse.get("Expand") and number < most:
                further = [self._document_item(query, one, words, names) for one in others[:each]]
                expanded = [{name: one[name] for name in _EXPANDED if name in one} for one in further]
                item["CollapsedResultDetail"]["ExpandedResults"] = expanded
            items.append(item)
        return items

    def _answer_item(self, query: str, one: Mapping[str, Any], words: Wanted) -> Result:
        def told(name: str, text: str) -> dict[str, Any]:
            value = {"TextWithHighlightsValue": _highlighted(text[:2048], words)}
            return {"Key": name, "ValueType": "TEXT_WITH_HIGHLIGHTS_VALUE", "Value": value}

        attributes = [{"Key": "_faq_id", "Value": {"StringValue": one["faq"]}}]
        if one["uri"]:
            attributes.append({"Key": "_source_uri", "Value": {"StringValue": one["uri"]}})
        item = {
            "Id": self._result_id(query),
            "Type": "QUESTION_ANSWER",
            "Format": "TEXT",
            "AdditionalAttributes": [told("QuestionText", one["question"]), told("AnswerText", one["answer"])],
            "DocumentId": self.world.new_id("question", one["faq"], one["question"]),
            "DocumentExcerpt": _highlighted(one["answer"][:2048], words),
            "DocumentAttributes": attributes,
            "ScoreAttributes": _confidence(one["likeness"]),
            "FeedbackToken": self.world.new_id("feedback", query, one["question"]),
        }
        return item | _uri({"attributes": {"_source_uri": one["uri"]}})

    def _featured(
        self, index_id: str, text: str, documents: Sequence[Record], query: str, words: Wanted, names: list[str]
    ) -> list[Result]:
        """The documents that active sets put first for a query."""
        there = {document["id"]: document for document in documents}
        found = []
        for record in self._all("FeaturedResultsSet", index_id):
            members = record["members"]
            asked = text.casefold() in {one.casefold() for one in members["QueryTexts"]}
            if members["Status"] == "ACTIVE" and asked:
                found += [there[one["Id"]] for one in members["FeaturedDocuments"] if one["Id"] in there]
        items = [self._document_item(query, (document, 0.0, 1.0), words, names) for document in found]
        return [
            {name: value for name, value in item.items() if name not in ("ScoreAttributes", "Format")} for item in items
        ]

    def _result_id(self, query: str) -> str:
        return f"{query}-{self.world.new_id()}"

    def _facet(self, facet: Mapping[str, Any], documents: Sequence[Record], fields: Mapping[str, Any]) -> Result:
        key = facet.get("DocumentAttributeKey", "")
        field = fields.get(key)
        if field is None or not field["Search"].get("Facetable"):
            raise self.error("ValidationException", f"{key} is no facetable field of the index.")
        counted: Counter[Any] = Counter()
        for document in documents:
            counted.update(_values(document, key))
        pairs = []
        for value, count in counted.most_common(facet.get("MaxResults", 10)):
            pair: Result = {"DocumentAttributeValue": wrapped(value), "Count": count}
            if "Facets" in facet:
                inside = [one for one in documents if value in _values(one, key)]
                pair["FacetResults"] = [self._facet(inner, inside, fields) for inner in facet["Facets"]]
            pairs.append(pair)
        return {
            "DocumentAttributeKey": key,
            "DocumentAttributeValueType": field["Type"],
            "DocumentAttributeValueCountPairs": pairs,
        }

    def _sort(self, ranked: list[Entry], order: Sequence[Mapping[str, str]], fields: Mapping[str, Any]) -> None:
        """Put documents in the order of their attributes; those that have none come last."""
        for one in reversed(order):
            key = one["DocumentAttributeKey"]
            self._check_sortable(key, fields)
            having = [item for item in ranked if key in item[0]["attributes"]]
            having.sort(key=lambda item: item[0]["attributes"][key], reverse=one["SortOrder"] == "DESC")
            ranked[:] = [*having, *(item for item in ranked if key not in item[0]["attributes"])]

    def _check_sortable(self, key: str, fields: Mapping[str, Any]) -> None:
        if not fields.get(key, {}).get("Search", {}).get("Sortable"):
            raise self.error("ValidationException", f"{key} is no sortable field of the index.")

    def _check_page(self, number: int, size: int) -> None:
        if number < 1 or not 1 <= size <= _MOST:
            raise self.error("ValidationException", f"PageNumber begins at 1, PageSize is 1 to {_MOST}.")

    def _log(
        self,
        index_id: str,
        id: str,
        text: str,
        results: Sequence[Result],
        context: Mapping[str, Any] | None,
        total: int,
    ) -> None:
        """Remember a query: suggestions, feedback and snapshots are made of it."""
        shown = {item["Id"]: item["DocumentId"] for item in results}
        told = {"text": text, "user": (context or {}).get("UserId"), "at": self.world.clock.now()}
        self._queries[f"{index_id}\n{id}"] = {
            "id": id,
            "index": index_id,
            **told,
            "results": shown,
            "total": total,
            "clicks": [],
        }

    def _asked(self, index_id: str) -> list[Record]:
        """The queries of an index."""
        return [self._queries[key] for key in self._queries_by_index[index_id].after(0)]

    @property
    def _queries(self) -> Table:
        return self.world.store.table(self.name, "query")

    @cached_property
    def _queries_by_index(self) -> Index:
        return self._queries.index(lambda record: record["index"])


def _page(results: Sequence[Any], number: int, size: int) -> Sequence[Any]:
    """The results of a page, numbered from 1."""
    return results[:_MOST][(number - 1) * size : number * size]


def _displayed(fields: Mapping[str, Any], requested: Iterable[str] | None) -> list[str]:
    """The names of the attributes that results show."""
    return [*(name for name, field in fields.items() if field["Search"].get("Displayable")), *(requested or ())]


def _ranked(text: str, documents: Sequence[Record], alike: Mapping[str, Sequence[str]]) -> list[Entry]:
    """Documents with their scores and which part of the query they have; without a query all of them."""
    if not text.strip():
        return [(document, 0.0, 0.0) for document in documents]
    found = search.rank(search.terms(text), [(document["title"], document["text"]) for document in documents], alike)
    return [(documents[one.place], one.score, one.coverage) for one in found]


def _is_member(members: Mapping[str, Any], user: str | None, groups: set[str]) -> bool:
    users = {one["UserId"] for one in members.get("MemberUsers", ())}
    return user in users or not groups.isdisjoint(one["GroupId"] for one in members.get("MemberGroups", ()))


def _attributes(document: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, Any]]:
    kept = document["attributes"]
    return [{"Key": name, "Value": wrapped(kept[name])} for name in dict.fromkeys(names) if name in kept]


def _values(document: Mapping[str, Any], key: str) -> list[Any]:
    content = document["attributes"].get(key)
    return [] if content is None else content if isinstance(content, list) else [content]


def _uri(document: Mapping[str, Any]) -> dict[str, str]:
    uri = document["attributes"].get("_source_uri", "")
    return {"DocumentURI": uri} if uri.startswith(("http://", "https://", "ftp://", "file://")) else {}


def _confidence(coverage: float) -> dict[str, str]:
    return {"ScoreConfidence": next(name for least, name in _BUCKETS if coverage >= least)}


def _highlighted(text: str, words: Wanted) -> dict[str, Any]:
    kinds = {spot: "THESAURUS_SYNONYM" for other in words.synonyms for spot in search.spots(other, text)}
    kinds |= dict.fromkeys(search.highlights(words.terms, text), "STANDARD")
    marks = [
        {"BeginOffset": begin, "EndOffset": end, "TopAnswer": False, "Type": kind}
        for (begin, end), kind in sorted(kinds.items())
    ]
    return {"Text": text, "Highlights": marks}


def _corrected(text: str, documents: Sequence[Record]) -> list[dict[str, Any]]:
    """The query with the words that no document has in the form of the nearest that one has."""
    known = {word for one in documents for part in (one["title"], one["text"]) for word in search.words(part)}
    found = search.corrections(text, known)
    if not found:
        return []
    corrected, shift, marks = text, 0, []
    for begin, end, word in found:
        corrected = corrected[: begin + shift] + word + corrected[end + shift :]
        marks.append(
            {
                "BeginOffset": begin + shift,
                "EndOffset": begin + shift + len(word),
                "Term": text[begin:end],
                "CorrectedTerm": word,
            }
        )
        shift += len(word) - (end - begin)
    return [{"SuggestedQueryText": corrected, "Corrections": marks}]
