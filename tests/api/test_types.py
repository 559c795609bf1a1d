"""The types: built from the model, made by either name, true to what came."""

import copy
import importlib
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from typing import get_args

import pytest
from aiservices_mocks.examples import example
from pydantic import BaseModel, ValidationError

from aiservices.api import comprehend, lexv2_models, polly, textract
from aiservices.api.model import load, snake
from aiservices.api.shapes import Types, types
from aiservices.api.structure import Meta, Response, Structure
from aiservices.call import SERVICES

RESERVED = {"raw", "meta", "to_aws", "keys", *dir(object)}


def reply_of(service, operation, reply):
    return types(service).parser(load(service).operations[operation])(reply)


@pytest.mark.parametrize("service", SERVICES)
def test_every_type_is_built_and_importable(service):
    module = importlib.import_module(f"aiservices.api.{service.replace('-', '_')}")
    names = [name for name in dir(module) if not name.endswith("Operations")]
    assert set(names) == set(types(service))
    for operation in load(service).operations.values():
        assert {operation.request_name, operation.response_name} <= set(names)
    for name in names:
        built = getattr(module, name)
        if isinstance(built, type):
            assert issubclass(built, Structure)
            assert (built.__module__, built.__qualname__) == (module.__name__, name)
            assert getattr(module, name) is built
            assert not RESERVED & set(built.model_fields)
        else:
            assert str in get_args(built), f"{name} is an enum that takes any string too"


@pytest.mark.parametrize("service", SERVICES)
def test_fields_are_the_models_members_in_snake_case(service):
    known = types(service)
    for name, (_, shape) in known.sources.items():
        members = shape.members if shape else {}
        fields = known[name].model_fields
        assert {field.alias: field_name for field_name, field in fields.items()} == {m: snake(m) for m in members}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("optional", [True, False])
def test_what_goes_in_comes_out(service, optional):
    known = types(service)
    for name, (_, shape) in known.sources.items():
        if shape is None or shape.document:
            continue
        value = example(shape, optional=optional)
        made = known[name].model_validate(value)
        assert made.to_aws() == value
        by_field = known[name](**{field: getattr(made, field) for field in made.model_fields_set})
        assert by_field == made
        assert len(repr(made)) <= 600
        if optional:
            assert pickle.loads(pickle.dumps(made)) == made == copy.copy(made) == copy.deepcopy(made)


def test_absent_members_are_empty_lists_and_maps_and_none():
    nothing = reply_of("comprehend", "DetectEntities", {})
    assert nothing.entities == []
    assert nothing.document_metadata is None
    assert reply_of("comprehend", "DetectSentiment", {}).sentiment is None, "though AWS always sends it"
    assert reply_of("translate", "TranslateText", {}).translated_text is None, "though the model requires it"
    assert lexv2_models.DescribeBotResponse().to_aws() == {}
    assert reply_of("lexv2-runtime", "GetSession", {}).messages == []


def test_the_reply_keeps_awss_own_dict_and_what_is_known_about_it():
    raw = {
        "Sentiment": "POSITIVE",
        "SentimentScore": {"Positive": 0.9, "Negative": 0.1, "Neutral": 0.0, "Mixed": 0.0},
        "ResponseMetadata": {
            "RequestId": "r-1",
            "AIServices": {"backend": "mock", "attempts": 2, "cached": False, "cost": Decimal("0.0003"), "odd": 1},
        },
    }
    reply = reply_of("comprehend", "DetectSentiment", raw)
    assert reply.raw is raw
    assert reply.meta == Meta(request_id="r-1", backend="mock", attempts=2, cached=False, cost=Decimal("0.0003"))
    assert "ResponseMetadata" in raw
    assert reply.sentiment_score.positive == 0.9
    again = pickle.loads(pickle.dumps(reply))
    assert again == reply
    assert again.raw == raw
    assert copy.copy(reply).raw is raw
    assert copy.deepcopy(reply).raw == raw
    assert copy.deepcopy(reply).raw is not raw


def test_two_replies_with_the_same_members_are_equal_whoever_answered():
    one = reply_of("polly", "ListLexicons", {"Lexicons": [], "ResponseMetadata": {"RequestId": "1"}})
    two = reply_of("polly", "ListLexicons", {"Lexicons": [], "ResponseMetadata": {"RequestId": "2"}})
    assert one == two
    assert one != reply_of("polly", "ListLexicons", {"Lexicons": [{"Name": "x"}]})


def test_a_response_made_by_hand_has_raw_and_meta():
    made = comprehend.DetectSentimentResponse(sentiment="MIXED")
    assert made.raw == {"Sentiment": "MIXED"}
    assert made.meta == Meta()


def test_members_the_model_does_not_know_are_kept():
    reply = reply_of("comprehend", "DetectSentiment", {"Sentiment": "NEUTRAL", "Irony": {"Score": 1}})
    assert reply.Irony == {"Score": 1}
    assert reply.to_aws() == {"Sentiment": "NEUTRAL", "Irony": {"Score": 1}}


def test_an_enum_value_the_model_does_not_know_is_a_plain_string():
    assert reply_of("comprehend", "DetectSentiment", {"Sentiment": "BORED"}).sentiment == "BORED"
    assert "POSITIVE" in get_args(get_args(comprehend.SentimentType)[0])


@pytest.mark.parametrize(
    ("surprising", "attribute", "value"),
    [
        ({"Entities": None}, "entities", []),
        ({"Entities": "none"}, "entities", "none"),
        ({"Entities": [{"Text": 5, "Score": "high"}]}, "entities[0].score", "high"),
        ({"Entities": [None]}, "entities", [None]),
        ({"DocumentMetadata": {"Pages": "two"}}, "document_metadata.pages", "two"),
    ],
)
def test_a_reply_of_surprising_types_is_not_lost(surprising, attribute, value):
    reply = reply_of("comprehend", "DetectEntities", {**surprising, "Extra": 1})
    assert reply.raw == {**surprising, "Extra": 1}
    assert reply.Extra == 1
    assert eval(f"reply.{attribute}") == value
    assert isinstance(reply, comprehend.DetectEntitiesResponse)


def test_timestamps_blobs_streams_and_documents():
    now = datetime(2026, 1, 31, tzinfo=UTC)
    lexicon = reply_of("polly", "GetLexicon", {"LexiconAttributes": {"LastModified": now}})
    assert lexicon.lexicon_attributes.last_modified is now
    stream = object()
    assert reply_of("polly", "SynthesizeSpeech", {"AudioStream": stream}).audio_stream is stream
    assert textract.Document(bytes=b"%PDF").to_aws() == {"Bytes": b"%PDF"}
    template = {"any": ["json", {"at": None}]}
    source = types("kendra")["TemplateConfiguration"](template=template)
    assert source.to_aws() == {"Template": template}


def test_recursive_structures():
    for service, name in _recursive():
        types(service)[name].model_validate(example(load(service).shape(name)))
    known = types("kendra")
    value = {"AndAllFilters": [{"NotFilter": {"EqualsTo": {"Key": "k", "Value": {"StringValue": "v"}}}}]}
    made = known["AttributeFilter"].model_validate(value)
    assert made.and_all_filters[0].not_filter.equals_to.value.string_value == "v"
    assert made.to_aws() == value
    assert pickle.loads(pickle.dumps(made)) == made
    assert isinstance(made.and_all_filters[0].not_filter, known["AttributeFilter"])


def _recursive():
    def reaches(shape, goal, seen):
        inner = [shape.member] if shape.type == "list" else [shape.value] if shape.type == "map" else []
        for part in inner or (shape.members.values() if shape.type == "structure" else ()):
            if part.name == goal:
                return True
            if part.name not in seen:
                seen.add(part.name)
                if reaches(part, goal, seen):
                    return True
        return False

    found = [
        (service, shape.name)
        for service in SERVICES
        for shape in load(service).shapes()
        if shape.type == "structure" and reaches(shape, shape.name, set())
    ]
    assert len(found) >= 10
    return found


def test_a_repr_is_short_and_hides_what_is_sensitive():
    secret = "my own words " * 20
    request = comprehend.DetectSentimentRequest(text=secret, language_code="en")
    assert repr(request) == "DetectSentimentRequest(text=<260 characters>, language_code='en')"
    assert str(request) == repr(request)
    many = textract.AnalyzeDocumentResponse(blocks=[textract.Block(text="x" * 500, id="i")] * 900)
    assert len(repr(many)) < 600
    assert "... 897 more" in repr(many)
    assert repr(textract.Document(bytes=b"1" * 12345)) == "Document(bytes=<12,345 bytes>)"


def test_a_value_of_a_wrong_type_does_not_show_in_the_error():
    with pytest.raises(ValidationError) as caught:
        comprehend.DetectSentimentRequest(text=["my own words"], language_code="en")
    assert "my own words" not in str(caught.value)


def test_types_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        polly.Voice(id="Amy").id = "Joanna"


def test_a_request_can_be_spread_over_its_method():
    request = comprehend.DetectSentimentRequest(text="hi", language_code="en")
    assert dict(**request) == {"text": "hi", "language_code": "en"}
    assert dict(**polly.DescribeVoicesRequest()) == {}


def test_an_unknown_type_names_the_nearest():
    with pytest.raises(AttributeError, match='did you mean "DetectSentimentResponse"'):
        _ = comprehend.DetectSentimentReponse
    with pytest.raises(ImportError):
        from aiservices.api.polly import NoSuchThing  # noqa: F401 - the import itself must fail


def test_types_are_built_once_by_many_threads():
    fresh, barrier = Types(load("kendra")), Barrier(8)

    def build(_):
        barrier.wait()
        return fresh["DescribeDataSourceResponse"], fresh["QueryRequest"], fresh["AttributeFilter"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(build, range(8)))) == 1


def test_types_are_pydantics():
    assert issubclass(comprehend.DetectSentimentResponse, BaseModel)
    assert issubclass(comprehend.DetectSentimentResponse, Response)
    schema = comprehend.SentimentScore.model_json_schema()
    assert schema["properties"]["Positive"]["type"] == "number"
    reply = reply_of("comprehend", "DetectSentiment", {"SentimentScore": {"Positive": 1.0}})
    assert reply.sentiment_score.model_dump()["positive"] == 1.0
