"""Requests of operations on records: of shops, documents, code, profiles, sales and events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.mocks import demand, fraud, made, shop
from tests.mocks.lives import Life
from tests.mocks.worlds import ask

_USER = "9067118c4d-aabbccdd-1122-4344-8566-aabbccddeef0"
_USERS = [{"EntityId": _USER, "EntityType": "USER"}]
_PERSONAS = [{"EntityId": _USER, "Persona": "OWNER"}]
_CHANNEL = "12345678-1234-1234-1234-123456789012"
_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def constant(request: Mapping[str, Any], life: Life) -> dict[str, Any]:
    """What needs nothing to be there."""
    return dict(request)


# Forecast.


def legacy(life: Life) -> dict[str, Any]:
    """A predictor with an algorithm of its own."""
    return demand.legacy(life.mock)


def group(life: Life) -> dict[str, Any]:
    """A group, and a dataset of its domain."""
    return {"DatasetGroupArn": demand.stock(life.mock), "DatasetArns": [f"{demand.OURS}dataset/demand"]}


def monitor(life: Life, stopped: bool = False) -> dict[str, Any]:
    """A monitor that watches, or that was stopped."""
    demand.automatic(life.mock, MonitorConfig={"MonitorName": "watch"})
    named = {"ResourceArn": f"{demand.OURS}monitor/watch"}
    if stopped:
        ask(life.mock, "forecast.StopResource", **named)
        life.settle()
    return named


def query(life: Life) -> dict[str, Any]:
    """A series of a forecast."""
    return {"ForecastArn": demand.forecast(life.mock), "Filters": {"item_id": "a"}}


def what_if_query(life: Life) -> dict[str, Any]:
    """A series of a what-if forecast."""
    return {"WhatIfForecastArn": demand.what_if(life.mock), "Filters": {"item_id": "a"}}


# Personalize.


def recommender(life: Life) -> dict[str, Any]:
    """A recommender that was stopped."""
    named = {"recommenderArn": life.used("Recommender")}
    ask(life.mock, "personalize.StopRecommender", **named)
    life.settle()
    return named


def tracked(kind: str, events: Mapping[str, Any], life: Life) -> dict[str, Any]:
    """Events for a tracker whose group has a dataset for them."""
    shop.stock(life.mock, kinds=(kind,))
    tracker = ask(life.mock, "personalize.CreateEventTracker", name="clicks", datasetGroupArn=shop.GROUP)
    life.settle()
    return {"trackingId": tracker["trackingId"], **events}


def put(kind: str, member: str, one: Mapping[str, Any], life: Life) -> dict[str, Any]:
    """One record for a dataset of its type."""
    shop.stock(life.mock, kinds=(kind,))
    return {"datasetArn": f"{shop.OURS}dataset/shop/{kind}", member: [one]}


def campaign(recipe: str, request: Mapping[str, Any], life: Life) -> dict[str, Any]:
    """A question for a campaign of a recipe."""
    return {"campaignArn": shop.answering(life.mock, recipe), **request}


# Kendra.


def mapping(life: Life) -> dict[str, Any]:
    """A mapping of a group."""
    named = {"IndexId": made.indexed(life.mock), "GroupId": "staff"}
    members = {"MemberUsers": [{"UserId": "ada"}]}
    ask(life.mock, "kendra.PutPrincipalMapping", **named, GroupMembers=members)
    return named


def experience(request: Mapping[str, Any], life: Life) -> dict[str, Any]:
    """An experience that a user may see, in a role."""
    index = made.indexed(life.mock)
    named = {"IndexId": index, "Id": ask(life.mock, "kendra.CreateExperience", Name="search", IndexId=index)["Id"]}
    life.settle()
    ask(life.mock, "kendra.AssociateEntitiesToExperience", **named, EntityList=_USERS)
    ask(life.mock, "kendra.AssociatePersonasToEntities", **named, Personas=_PERSONAS)
    return {**named, **request}


def sync(life: Life) -> dict[str, Any]:
    """A data source that is being synchronized."""
    index = made.indexed(life.mock)
    named = {"IndexId": index}
    named["Id"] = ask(life.mock, "kendra.CreateDataSource", IndexId=index, Name="mine", Type="CUSTOM")["Id"]
    life.settle()
    ask(life.mock, "kendra.StartDataSourceSyncJob", **named)
    return named


def feedback(life: Life) -> dict[str, Any]:
    """A click on a result."""
    index = made.indexed(life.mock)
    found = ask(life.mock, "kendra.Query", IndexId=index, QueryText="chair")
    click = {"ResultId": found["ResultItems"][0]["Id"], "ClickTime": life.mock.clock.now()}
    return {"IndexId": index, "QueryId": found["QueryId"], "ClickFeedbackItems": [click]}


def rescored(life: Life) -> dict[str, Any]:
    """Results of another search."""
    return {"RescoreExecutionPlanId": made.plan(life.mock), "SearchQuery": "chair", "Documents": made.RESCORED}


# CodeGuru.


def profiled(life: Life, **request: Any) -> dict[str, Any]:
    """A group with a profile of the hour that begins now."""
    now = life.mock.clock.now()
    return {
        "profilingGroupName": made.profiled(life.mock),
        "startTime": now,
        "endTime": now + timedelta(hours=1),
        **request,
    }


def profile(life: Life) -> dict[str, Any]:
    """A profile that an agent posts."""
    data = made.profile(life.mock, main=1)
    return {"profilingGroupName": made.profiled(life.mock), "contentType": "application/json", "agentProfile": data}


def permitted(life: Life) -> dict[str, Any]:
    """A group with a policy."""
    named = {"profilingGroupName": made.profiled(life.mock)}
    ask(life.mock, "codeguruprofiler.PutPermission", **named, actionGroup="agentPermissions", principals=[fraud.ROLE])
    return named


def permission(life: Life) -> dict[str, Any]:
    """A permission of a policy, and the policy's revision."""
    named = permitted(life)
    revision = ask(life.mock, "codeguruprofiler.GetPolicy", **named)["revisionId"]
    return {**named, "actionGroup": "agentPermissions", "revisionId": revision}


def channel(life: Life) -> dict[str, Any]:
    """A channel of a group."""
    named = {"profilingGroupName": made.profiled(life.mock)}
    told = {"id": _CHANNEL, "eventPublishers": ["AnomalyDetection"], "uri": "arn:aws:sns:us-east-1:123456789012:told"}
    ask(life.mock, "codeguruprofiler.AddNotificationChannels", **named, channels=[told])
    return {**named, "channelId": _CHANNEL}


def anomaly(life: Life) -> dict[str, Any]:
    """A frame that suddenly takes most of the time."""
    start = life.mock.clock.now()
    for _ in range(8):
        named = {"profilingGroupName": made.profiled(life.mock, main__read=1, main__wait=9)}
        life.mock.clock.advance(hours=1)
    made.profiled(life.mock, main__read=8, main__wait=2)
    span = {"startTime": start, "endTime": start + timedelta(days=1)}
    found = ask(life.mock, "codeguruprofiler.GetRecommendations", **named, **span)["anomalies"][0]
    return {**named, "anomalyInstanceId": found["instances"][0]["id"], "type": "Negative"}


# Fraud Detector.


def rule(life: Life, **request: Any) -> dict[str, Any]:
    """A rule that no detector version has."""
    return {"rule": life.used("Rule"), **request}


def newer_rule(life: Life) -> dict[str, Any]:
    """What the next version of a rule is."""
    return rule(life, expression="true", language="DETECTORPL", outcomes=[life.used("Outcome")])


def judged(life: Life) -> dict[str, Any]:
    """An event for a detector."""
    fraud.shop(life.mock, "$price > 10")
    return fraud.event("20")


def prediction(life: Life) -> dict[str, Any]:
    """What names a prediction."""
    ask(life.mock, "frauddetector.GetEventPrediction", **judged(life))
    (one,) = ask(life.mock, "frauddetector.ListEventPredictions")["eventPredictionSummaries"]
    names = ("eventId", "eventTypeName", "detectorId", "detectorVersionId", "predictionTimestamp")
    return {name: one[name] for name in names}


def trained(life: Life) -> dict[str, Any]:
    """A model version whose training has ended."""
    named = life.create(0, next(row for row in life.rows if row.noun == "ModelVersion"))
    life.settle()
    return named


def trained_again(life: Life) -> dict[str, Any]:
    """A model whose first version is trained."""
    named = trained(life)
    return {"majorVersionNumber": named.pop("modelVersionNumber").split(".")[0], **named}


def deployed(life: Life) -> dict[str, Any]:
    """A trained version, which becomes active."""
    return {**trained(life), "status": "ACTIVE"}


REQUESTS: Mapping[str, Callable[[Life], dict[str, Any]]] = {
    "forecast.CreatePredictor": legacy,
    "forecast.UpdateDatasetGroup": group,
    "forecast.StopResource": monitor,
    "forecast.ResumeResource": partial(monitor, stopped=True),
    "forecastquery.QueryForecast": query,
    "forecastquery.QueryWhatIfForecast": what_if_query,
    "personalize.DescribeRecipe": partial(constant, {"recipeArn": f"{shop.RECIPE}aws-sims"}),
    "personalize.DescribeAlgorithm": partial(constant, {"algorithmArn": "arn:aws:personalize:::algorithm/aws-sims"}),
    "personalize.DescribeFeatureTransformation": partial(
        constant, {"featureTransformationArn": "arn:aws:personalize:::feature-transformation/sims"}
    ),
    "personalize.StartRecommender": recommender,
    "personalize-events.PutEvents": partial(
        tracked,
        "INTERACTIONS",
        {"sessionId": "s", "userId": "u", "eventList": [{"eventType": "View", "itemId": "item-1", "sentAt": _TIME}]},
    ),
    "personalize-events.PutActionInteractions": partial(
        tracked,
        "ACTION_INTERACTIONS",
        {
            "actionInteractions": [
                {"actionId": "join", "userId": "u", "sessionId": "s", "eventType": "TAKEN", "timestamp": _TIME}
            ]
        },
    ),
    "personalize-events.PutItems": partial(
        put, "ITEMS", "items", {"itemId": "new", "properties": '{"genre": "drama", "price": 9.5}'}
    ),
    "personalize-events.PutUsers": partial(put, "USERS", "users", {"userId": "new", "properties": '{"age": 30}'}),
    "personalize-events.PutActions": partial(
        put, "ACTIONS", "actions", {"actionId": "new", "properties": '{"value": "7"}'}
    ),
    "personalize-runtime.GetRecommendations": partial(campaign, "aws-user-personalization", {"userId": "user-1"}),
    "personalize-runtime.GetPersonalizedRanking": partial(
        campaign, "aws-personalized-ranking", {"userId": "user-1", "inputList": ["item-1", "item-2"]}
    ),
    "personalize-runtime.GetActionRecommendations": partial(campaign, "aws-next-best-action", {"userId": "user-1"}),
    "kendra.DescribePrincipalMapping": mapping,
    "kendra.DeletePrincipalMapping": mapping,
    "kendra.AssociateEntitiesToExperience": partial(experience, {"EntityList": _USERS}),
    "kendra.DisassociateEntitiesFromExperience": partial(experience, {"EntityList": _USERS}),
    "kendra.ListExperienceEntities": partial(experience, {}),
    "kendra.AssociatePersonasToEntities": partial(experience, {"Personas": _PERSONAS}),
    "kendra.DisassociatePersonasFromEntities": partial(experience, {"EntityIds": [_USER]}),
    "kendra.ListEntityPersonas": partial(experience, {}),
    "kendra.StopDataSourceSyncJob": sync,
    "kendra.SubmitFeedback": feedback,
    "kendra-ranking.Rescore": rescored,
    "codeguruprofiler.GetProfile": profiled,
    "codeguruprofiler.BatchGetFrameMetricData": profiled,
    "codeguruprofiler.GetRecommendations": profiled,
    "codeguruprofiler.ListFindingsReports": profiled,
    "codeguruprofiler.ListProfileTimes": partial(profiled, period="PT5M"),
    "codeguruprofiler.PostAgentProfile": profile,
    "codeguruprofiler.SubmitFeedback": anomaly,
    "codeguruprofiler.GetPolicy": permitted,
    "codeguruprofiler.RemovePermission": permission,
    "codeguruprofiler.RemoveNotificationChannel": channel,
    "frauddetector.DeleteRule": rule,
    "frauddetector.UpdateRuleMetadata": partial(rule, description="dear"),
    "frauddetector.UpdateRuleVersion": newer_rule,
    "frauddetector.GetEventPrediction": judged,
    "frauddetector.GetEventPredictionMetadata": prediction,
    "frauddetector.UpdateModelVersion": trained_again,
    "frauddetector.UpdateModelVersionStatus": deployed,
}
"""What makes the request of an operation, and what it needs, in the world of a `Life`."""
