"""Lex's analytics: what was said in the sessions of this world, and what became of it.

Conversations are dropped that have not come to the end of an intent. Channels are not known. Statistics are those of
the moment; AWS's are some hours old.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from . import metrics
from .asking import Asking
from .metrics import Event
from .sessions import ENDED, conversations, utterances

_UNITS = {"Hours": timedelta(hours=1), "Days": timedelta(days=1), "Weeks": timedelta(weeks=1)}
_SAMPLES = 5
_NODES = 100


class Analytics(Asking):
    """Utterances, sessions, intents and their stages."""

    @stateful
    def list_aggregated_utterances(self, **request: Any) -> Reply:
        """How often each text was understood and missed."""
        operation = "ListAggregatedUtterances"
        params = self.named(operation, request)
        self.keepers["Bot"].named(operation, params)
        names = ("botId", "botAliasId", "botVersion", "localeId")
        of: dict[str, Any] = {name: params[name] for name in names if name in params}
        if ("botAliasId" in of) == ("botVersion" in of):
            raise self._invalid("Give either botAliasId or botVersion.")
        end = self.world.clock.now()
        lasts = params["aggregationDuration"]["relativeAggregationDuration"]
        start = end - _UNITS[lasts["timeDimension"]] * lasts["timeValue"]
        said: dict[str, list[Record]] = {}
        for one in utterances(self.world).values():
            if of.items() <= one.items() and start <= one["utteranceTimestamp"] <= end:
                said.setdefault(one["utterance"], []).append(one)
        for condition in params.get("filters", ()):
            wanted = condition["values"]
            exact = condition["operator"] == "EQ"
            said = {text: n for text, n in said.items() if any(text == w if exact else w in text for w in wanted)}
        items = [_aggregated(text, own) for text, own in said.items()]
        if by := params.get("sortBy"):
            name = {"HitCount": "hitCount", "MissedCount": "missedCount"}[by["attribute"]]
            items.sort(key=lambda item: item[name], reverse=by["order"] == "Descending")
        window = {"aggregationWindowStartTime": start, "aggregationWindowEndTime": end}
        about = {**of, "aggregationDuration": params["aggregationDuration"], **window}
        page = self.listed(operation, params, items, "aggregatedUtterancesSummaries")
        return {**about, "aggregationLastRefreshedDateTime": end, **page}

    @stateful
    def delete_utterances(self, bot_id: str, locale_id: str | None = None, session_id: str | None = None) -> Reply:
        """Forget what was said to a bot: in a language, in a session."""
        wanted = {"botId": bot_id, "localeId": locale_id, "sessionId": session_id}
        of = {name: value for name, value in wanted.items() if value is not None}
        with self.world.lock:
            self.keepers["Bot"].named("DeleteUtterances", of)
            table = utterances(self.world)
            for key, one in list(table.items()):
                if of.items() <= one.items():
                    del table[key]
        return {}

    @stateful
    def list_utterance_analytics_data(self, **request: Any) -> Reply:
        """What was said, with what was understood and answered."""
        operation = "ListUtteranceAnalyticsData"
        params = self.named(operation, request)
        events = self._chosen(operation, params, self._utterances(params))
        if by := params.get("sortBy"):
            events.sort(key=lambda event: event["UtteranceTimestamp"], reverse=by["order"] == "Descending")
        page = self.listed(operation, params, [_utterance(event) for event in events], "utterances")
        return {"botId": params["botId"], **page}

    @stateful
    def list_utterance_metrics(self, **request: Any) -> Reply:
        """Numbers about what was said."""

        def attributes(row: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
            last = max(row[""], key=lambda event: event["UtteranceTimestamp"])
            name = last["said"]["associatedIntentName"]
            return {"attributeResults": [{"lastUsedIntent": name}] if params.get("attributes") and name else []}

        return self._measured("ListUtteranceMetrics", request, self._utterances, attributes)

    @stateful
    def list_session_analytics_data(self, **request: Any) -> Reply:
        """The conversations: when, how long, with which end."""
        operation = "ListSessionAnalyticsData"
        params = self.named(operation, request)
        events = self._chosen(operation, params, self._sessions(params))
        if by := params.get("sortBy"):
            events.sort(key=lambda event: event[by["name"]], reverse=by["order"] == "Descending")
        page = self.listed(operation, params, [_session(event) for event in events], "sessions")
        return {"botId": params["botId"], **page}

    @stateful
    def list_session_metrics(self, **request: Any) -> Reply:
        """Numbers about conversations."""
        return self._measured("ListSessionMetrics", request, self._sessions)

    @stateful
    def list_intent_metrics(self, **request: Any) -> Reply:
        """Numbers about intents."""
        return self._measured("ListIntentMetrics", request, self._intents)

    @stateful
    def list_intent_stage_metrics(self, **request: Any) -> Reply:
        """Numbers about the stages of intents."""
        return self._measured("ListIntentStageMetrics", request, self._stages)

    @stateful
    def list_intent_paths(self, **request: Any) -> Reply:
        """What comes next in conversations that begin with these intents."""
        operation = "ListIntentPaths"
        params = self.named(operation, request)
        if not params["intentPath"].startswith("/"):
            raise self._invalid("intentPath begins with /: /BookCar/BookHotel is what follows on these two.")
        begin = [name for name in params["intentPath"].split("/") if name]
        counts: Counter[tuple[str, str]] = Counter()
        for event in self._chosen(operation, params, self._sessions(params)):
            path = [intent["name"] for intent in event["conversation"]["intents"]]
            if path[: len(begin)] == begin and len(path) > len(begin):
                counts[path[len(begin)], "Inner" if len(path) > len(begin) + 1 else "Exit"] += 1
        nodes = [
            {
                "intentName": name,
                "intentPath": "/" + "/".join([*begin, name]),
                "intentCount": count,
                "intentLevel": len(begin) + 1,
                "nodeType": kind,
            }
            for (name, kind), count in counts.most_common(_NODES)
        ]
        return {"nodeSummaries": nodes} if nodes else {}

    # What happened.

    def _measured(
        self,
        operation: str,
        request: Mapping[str, Any],
        events: Callable[[Mapping[str, Any]], list[Event]],
        further: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]] = lambda row, params: {},
    ) -> Reply:
        params = self.named(operation, request)
        rows = metrics.results(self._chosen(operation, params, events(params)), params)
        items = [{**{n: v for n, v in row.items() if n}, **further(row, params)} for row in rows]
        return {"botId": params["botId"], **self.listed(operation, params, items, "results")}

    def _chosen(self, operation: str, params: Mapping[str, Any], events: list[Event]) -> list[Event]:
        self.keepers["Bot"].named(operation, params)
        start, end = params["startDateTime"], params["endDateTime"]
        if start > end:
            raise self._invalid("startDateTime is after endDateTime.")
        inside = [event for event in events if start <= event["ConversationStartTime"] <= end]
        return metrics.chosen(inside, params.get("filters") or ())

    def _conversations(self, params: Mapping[str, Any]) -> list[tuple[Record, dict[str, Any]]]:
        """The conversations with a bot, and what all that happened in them has in common."""
        found = [one for one in conversations(self.world).values() if one["botId"] == params["botId"]]
        return [(one, {**_common(one), "conversation": one}) for one in found]

    def _sessions(self, params: Mapping[str, Any]) -> list[Event]:
        found = self._conversations(params)
        starts, ends = (sorted(one[side] for one, _ in found) for side in ("start", "end"))
        events: list[Event] = []
        for one, common in found:
            state, seconds = _end(one["intents"]), int((one["end"] - one["start"]).total_seconds())
            at_once = bisect_right(starts, one["start"]) - bisect_left(ends, one["start"])
            numbers = {"Count": 1, "Duration": seconds, "TurnsPerConversation": one["turns"], "Concurrency": at_once}
            counts = {name: int(name == state) for name in ("Success", "Failure", "Dropped")}
            path = "/" + "/".join(intent["name"] for intent in one["intents"])
            about = {"Duration": seconds, "NumberOfTurns": one["turns"], "ConversationEndState": state}
            times = {"UtteranceTimestamp": one["start"]}
            events.append({**common, **about, **times, "IntentPath": path, "metrics": {**numbers, **counts}})
        return events

    def _utterances(self, params: Mapping[str, Any]) -> list[Event]:
        found = {one["originatingRequestId"]: (one, common) for one, common in self._conversations(params)}
        events: list[Event] = []
        for said in utterances(self.world).values():
            if said["originatingRequestId"] not in found:
                continue
            _, common = found[said["originatingRequestId"]]
            time, known = said["utteranceTimestamp"], said["utteranceUnderstood"]
            numbers = {"Count": 1, "Missed": int(not known), "Detected": int(known)}
            about = {"UtteranceText": said["utterance"], "UtteranceState": "Detected" if known else "Missed"}
            measured = {"metrics": {**numbers, "UtteranceTimestamp": time.timestamp()}}
            events.append({**common, **about, "UtteranceTimestamp": time, "said": said, **measured})
        return events

    def _intents(self, params: Mapping[str, Any]) -> list[Event]:
        events: list[Event] = []
        for one, common in self._conversations(params):
            for intent in one["intents"]:
                state = _intent_end(intent)
                ends = {name: int(name == state) for name in ("Success", "Failure", "Switched", "Dropped")}
                about = {"IntentName": intent["name"], "IntentEndState": state, "IntentLevel": intent["level"]}
                measured = {"UtteranceTimestamp": intent["at"], "metrics": {"Count": 1, **ends}}
                events.append({**common, **about, **measured})
        return events

    def _stages(self, params: Mapping[str, Any]) -> list[Event]:
        events: list[Event] = []
        for one, common in self._conversations(params):
            for intent in one["intents"]:
                for stage in intent["stages"]:
                    names = ("Success", "Failed", "Dropped", "Retry")
                    ends = {name: int(name == stage["outcome"]) for name in names}
                    about = {"IntentName": intent["name"], "IntentStageName": stage["name"]}
                    switched = {"SwitchedToIntent": intent.get("switched", "")}
                    measured = {"UtteranceTimestamp": stage["at"], "metrics": {"Count": 1, **ends}}
                    events.append({**common, **about, **switched, **measured})
        return events


def _common(one: Record) -> dict[str, Any]:
    return {
        "BotAliasId": one["botAliasId"],
        "BotVersion": one["botVersion"],
        "LocaleId": one["localeId"],
        "Modality": one["mode"],
        "Channel": None,
        "SessionId": one["sessionId"],
        "OriginatingRequestId": one["originatingRequestId"],
        "ConversationStartTime": one["start"],
    }


def _end(intents: Sequence[Mapping[str, Any]]) -> str:
    """How a conversation ended: as its last intent."""
    return ENDED.get(intents[-1]["state"], "Dropped") if intents else "Dropped"


def _intent_end(intent: Mapping[str, Any]) -> str:
    return "Switched" if "switched" in intent else ENDED.get(intent["state"], "Dropped")


def _version(one: Record) -> dict[str, str]:
    """The version, where analytics have a place for it: they know no DRAFT."""
    return {"botVersion": one["botVersion"]} if one["botVersion"].isdecimal() else {}


def _aggregated(text: str, said: Sequence[Record]) -> dict[str, Any]:
    times = [one["utteranceTimestamp"] for one in said]
    understood = sum(one["utteranceUnderstood"] for one in said)
    return {
        "utterance": text,
        "hitCount": understood,
        "missedCount": len(said) - understood,
        "utteranceFirstRecordedInAggregationDuration": min(times),
        "utteranceLastRecordedInAggregationDuration": max(times),
        "containsDataFromDeletedResources": False,
    }


def _session(event: Event) -> dict[str, Any]:
    one = event["conversation"]
    names = dict.fromkeys(intent["name"] for intent in one["intents"])
    return {
        **{name: one[name] for name in ("botAliasId", "localeId", "sessionId", "originatingRequestId", "mode")},
        **_version(one),
        "conversationStartTime": one["start"],
        "conversationEndTime": one["end"],
        "conversationDurationSeconds": event["Duration"],
        "conversationEndState": event["ConversationEndState"],
        "numberOfTurns": one["turns"],
        "invokedIntentSamples": [{"intentName": name} for name in [*names][:_SAMPLES]],
    }


def _utterance(event: Event) -> dict[str, Any]:
    one, said = event["conversation"], event["said"]
    names = (
        *("botAliasId", "localeId", "sessionId", "mode", "utterance", "utteranceTimestamp", "utteranceUnderstood"),
        *("associatedIntentName", "associatedSlotName", "intentState", "dialogActionType", "slotsFilledInSession"),
        *("utteranceRequestId", "botResponses"),
    )
    return {
        **{name: said[name] for name in names if said[name] is not None},
        **_version(said),
        "conversationStartTime": one["start"],
        "conversationEndTime": one["end"],
        "inputType": said["mode"],
        "outputType": "Text",
    }
