"""The operations as methods: what they say about themselves, what they send, what they refuse."""

import copy
import inspect
import pickle
import pydoc
import subprocess
import sys
from importlib import import_module

import pytest

from aiservices.api import comprehend, polly, textract, versions
from aiservices.api.model import load
from aiservices.api.operations import Operations, class_name, operations_class
from aiservices.call import PRODUCTS, SERVICES
from aiservices.errors import InvalidCallError

SECRET = "what only the patient should read"


class Kept:
    """A caller that keeps what is sent and answers what it was given."""

    def __init__(self, reply=None):
        self.sent = []
        self.reply = reply or {}

    def send(self, service, operation, params):
        self.sent.append((service, operation, params))
        return self.reply


@pytest.fixture
def caller():
    return Kept()


@pytest.fixture
def ai(caller):
    """The three products that most tests here ask."""

    class Products:
        comprehend = operations_class("comprehend")(caller)
        textract = operations_class("textract")(caller)
        polly = operations_class("polly")(caller)
        kendra = operations_class("kendra")(caller)
        lex = operations_class("lexv2-models")(caller)
        transcribe = operations_class("transcribe")(caller)

    return Products


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_says_what_it_is(service, caller):
    owner = operations_class(service)
    product = owner(caller)
    listed = {name for name in dir(product) if not name.startswith("_")}
    assert listed == set(load(service).by_python_name)
    for name, operation in load(service).by_python_name.items():
        method = getattr(product, name)
        assert (method.__name__, method.__qualname__) == (name, f"{owner.__name__}.{name}")
        signature = inspect.signature(method)
        assert signature.return_annotation == operation.response_name
        assert len(signature.parameters) == len(operation.input.members if operation.input else {})
        assert all(p.kind is p.KEYWORD_ONLY for p in signature.parameters.values())
        page = method.__doc__
        assert f"{service}.{operation.name}" in page
        assert all(parameter in page for parameter in signature.parameters)
        assert all(code in page for code in operation.errors)
        assert f"https://docs.aws.amazon.com/goto/WebAPI/{operation.service.metadata['uid']}/{operation.name}" in page


def test_the_operations_class_is_importable_and_picklable():
    owner = import_module("aiservices.api.lexv2_models").Lexv2ModelsOperations
    assert owner is operations_class("lexv2-models")
    assert pickle.loads(pickle.dumps(owner)) is owner
    assert issubclass(owner, Operations)


def test_714_operations_are_offered():
    assert sum(len(load(service).operations) for service in SERVICES) == 714
    assert load("polly").not_offered == ("StartSpeechSynthesisStream",)
    assert load("lexv2-runtime").not_offered == ("StartConversation",)


def test_a_docstring_is_made_of_facts():
    page = comprehend.ComprehendOperations.batch_detect_sentiment.__doc__
    assert "text_list: Sequence[str]; required" in page
    assert "language_code: LanguageCode; required; one of en, es, fr" in page
    assert "TextSizeLimitExceededException" in page
    assert "result_list: list[BatchDetectSentimentItemResult]" in page
    assert "made up when missing" in comprehend.ComprehendOperations.create_dataset.__doc__
    assert "text: str; required" in polly.PollyOperations.synthesize_speech.__doc__
    assert "name: str; required; like [0-9A-Za-z]{1,20}" in polly.PollyOperations.get_lexicon.__doc__
    assert "batch_detect_sentiment" in pydoc.render_doc(comprehend.ComprehendOperations(Kept()).batch_detect_sentiment)


def test_required_parameters_have_no_default(ai):
    parameters = inspect.signature(ai.textract.analyze_document).parameters
    assert [n for n, p in parameters.items() if p.default is p.empty] == ["document", "feature_types"]
    token = inspect.signature(operations_class("translate").start_text_translation_job).parameters["client_token"]
    assert token.default is None, "an idempotency token is filled in"


def test_a_call_is_sent_in_awss_words_and_the_reply_typed(caller, ai):
    caller.reply = {"Sentiment": "POSITIVE", "ResponseMetadata": {"RequestId": "r"}}
    reply = ai.comprehend.detect_sentiment(text="Merci !", language_code="fr")
    assert caller.sent == [("comprehend", "DetectSentiment", {"Text": "Merci !", "LanguageCode": "fr"})]
    assert isinstance(reply, comprehend.DetectSentimentResponse)
    assert reply.raw is caller.reply


def test_none_is_not_sent(caller, ai):
    ai.polly.list_lexicons(next_token=None)
    ai.textract.detect_document_text(document={"Bytes": None, "S3Object": {"Bucket": "b", "Name": None}})
    assert [sent[2] for sent in caller.sent] == [{}, {"Document": {"S3Object": {"Bucket": "b"}}}]


@pytest.mark.parametrize(
    "document",
    [
        {"S3Object": {"Bucket": "b", "Name": "n"}},
        {"s3_object": {"bucket": "b", "Name": "n"}},
        textract.Document(s3_object=textract.S3Object(bucket="b", name="n")),
        {"s3_object": textract.S3Object(Bucket="b", Name="n")},
    ],
)
def test_structures_come_as_awss_dict_in_snake_case_or_as_our_types(caller, ai, document):
    before = copy.deepcopy(document)
    ai.textract.detect_document_text(document=document)
    assert caller.sent[0][2] == {"Document": {"S3Object": {"Bucket": "b", "Name": "n"}}}
    assert document == before


def test_the_callers_own_objects_are_not_sent_themselves(caller, ai):
    texts, tags = ["a"], {"team": "x"}
    ai.comprehend.batch_detect_sentiment(text_list=texts, language_code="en")
    ai.lex.create_bot(bot_name="b", role_arn="r", data_privacy={"childDirected": False},
                      idle_session_ttl_in_seconds=60, bot_tags=tags)  # fmt: skip
    assert caller.sent[0][2]["TextList"] is not texts
    assert caller.sent[1][2]["botTags"] == tags
    assert caller.sent[1][2]["botTags"] is not tags


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ai: ai.comprehend.detect_sentiment(txt="a", language_code="en"),
         'comprehend.DetectSentiment has no parameter "txt"; did you mean "text"?'),
        (lambda ai: ai.comprehend.detect_sentiment(Text="a", LanguageCode="en"),
         'comprehend.DetectSentiment has no parameter "Text"; did you mean "text"?'),
        (lambda ai: ai.comprehend.detect_sentiment(zzz="a"),
         'comprehend.DetectSentiment has no parameter "zzz"; it takes text and language_code'),
        (lambda ai: ai.comprehend.detect_sentiment(text="a"), "comprehend.DetectSentiment needs language_code"),
        (lambda ai: ai.comprehend.detect_sentiment(), "comprehend.DetectSentiment needs text and language_code"),
        (lambda ai: ai.comprehend.detect_sentiment("a", "en"),
         "comprehend.DetectSentiment takes its parameters by name: text and language_code"),
        (lambda ai: ai.comprehend.detect_sentiment(text=5, language_code="en"),
         "comprehend.DetectSentiment: text takes a string, not an int"),
        (lambda ai: ai.comprehend.detect_sentiment(text=SECRET.encode(), language_code="en"),
         "comprehend.DetectSentiment: text takes a string, not a bytes"),
        (lambda ai: ai.comprehend.batch_detect_sentiment(text_list=SECRET, language_code="en"),
         "comprehend.BatchDetectSentiment: text_list takes a list, not a str"),
        (lambda ai: ai.comprehend.batch_detect_sentiment(text_list=[SECRET, None], language_code="en"),
         "comprehend.BatchDetectSentiment: text_list[1] takes a string, not None"),
        (lambda ai: ai.textract.detect_document_text(document={"Byts": b"1"}),
         'textract.DetectDocumentText: document has no member "Byts"; did you mean "Bytes"?'),
        (lambda ai: ai.textract.detect_document_text(document={"Bytes": SECRET}),
         "textract.DetectDocumentText: document.Bytes takes bytes, not a string: read the file, or encode the text"),
        (lambda ai: ai.textract.detect_document_text(document=SECRET),
         "textract.DetectDocumentText: document takes a dict or a Document, not a str"),
        (lambda ai: ai.textract.detect_document_text(document={"S3Object": {"Bucket": 1}}),
         "textract.DetectDocumentText: document.S3Object.Bucket takes a string, not an int"),
        (lambda ai: ai.textract.detect_document_text(document={"S3Object": {}, "s3_object": {}}),
         "textract.DetectDocumentText: document has S3Object twice"),
        (lambda ai: ai.textract.detect_document_text(document={1: 2}),
         "textract.DetectDocumentText: document has a member that is not a string but an int"),
        (lambda ai: ai.textract.analyze_document(document={}, feature_types=["TABLES"],
                                                 queries_config={"queries": [{"Alias": SECRET}]}),
         "textract.AnalyzeDocument: queries_config.queries[0] needs Text"),
        (lambda ai: ai.transcribe.start_transcription_job(transcription_job_name="j", media={}, settings={
            "MaxSpeakerLabels": "2"}),
         "transcribe.StartTranscriptionJob: settings.MaxSpeakerLabels takes a whole number, not a str"),
        (lambda ai: ai.transcribe.start_transcription_job(transcription_job_name="j", media={}, settings={
            "MaxSpeakerLabels": True}),
         "transcribe.StartTranscriptionJob: settings.MaxSpeakerLabels takes a whole number, not a bool"),
        (lambda ai: ai.comprehend.create_endpoint(endpoint_name="e", desired_inference_units=1.5),
         "comprehend.CreateEndpoint: desired_inference_units takes a whole number, not a float"),
        (lambda ai: ai.polly.describe_voices(include_additional_language_codes="yes"),
         "polly.DescribeVoices: include_additional_language_codes takes True or False, not a str"),
        (lambda ai: ai.comprehend.list_endpoints(filter={"CreationTimeBefore": "soon"}),
         "comprehend.ListEndpoints: filter.CreationTimeBefore takes a datetime, or its text as in 2026-01-31T12:00:00Z"),
        (lambda ai: ai.lex.create_bot(bot_name="b", role_arn="r", data_privacy={"childDirected": False},
                                      idle_session_ttl_in_seconds=60, bot_tags={"team": 5}),
         "lexv2-models.CreateBot: bot_tags['team'] takes a string, not an int"),
        (lambda ai: ai.lex.create_bot(bot_name="b", role_arn="r", data_privacy={"childDirected": False},
                                      idle_session_ttl_in_seconds=60, bot_tags={5: "team"}),
         "lexv2-models.CreateBot: bot_tags takes strings as keys, not an int"),
        (lambda ai: ai.kendra.query(index_id="i", attribute_filter={"AndAllFilters": [{"NotFilter": {"EqualTo": 1}}]}),
         'kendra.Query: attribute_filter.AndAllFilters[0].NotFilter has no member "EqualTo"; did you mean "EqualsTo"?'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_sent(caller, ai, call, message):
    with pytest.raises(InvalidCallError) as caught:
        call(ai)
    assert str(caught.value) == message
    assert caller.sent == []
    assert SECRET not in str(caught.value)


def test_a_text_given_as_a_name_is_not_quoted_whole(ai):
    with pytest.raises(InvalidCallError) as caught:
        ai.comprehend.detect_sentiment(**{SECRET * 9: 1})
    assert SECRET * 3 not in str(caught.value)


def test_an_unknown_operation_names_the_nearest(ai):
    with pytest.raises(
        AttributeError, match='no operation or attribute "detect_sentimnt"; did you mean "detect_sentiment"'
    ):
        _ = ai.comprehend.detect_sentimnt
    assert not hasattr(ai.comprehend, "_private")


@pytest.mark.parametrize("product", PRODUCTS)
def test_products_offer_the_operations_of_all_their_services(product, caller):
    module = import_module(f"aiservices.services.{product}")
    owner = next(v for n, v in vars(module).items() if n.lower() == product.replace("_", ""))
    made = owner(caller)
    if product == "codeguru":
        parts = {
            made.reviewer: "codeguru-reviewer",
            made.profiler: "codeguruprofiler",
            made.security: "codeguru-security",
        }
        assert made.reviewer is made.reviewer
    elif product == "kendra":
        parts = {made: "kendra", made.ranking: "kendra-ranking"}
    else:
        parts = {(made, service): service for service in PRODUCTS[product]}
    assert set(parts.values()) == set(PRODUCTS[product])
    for part, service in parts.items():
        part = part[0] if isinstance(part, tuple) else part
        for name, operation in load(service).by_python_name.items():
            assert getattr(part, name).operation is operation
            assert name in dir(part)


def test_names_of_classes():
    assert [class_name(s) for s in ("comprehend", "lexv2-models", "codeguruprofiler")] == [
        "ComprehendOperations", "Lexv2ModelsOperations", "CodeguruprofilerOperations",
    ]  # fmt: skip


def newer(monkeypatch, version):
    versions._installed.cache_clear()
    monkeypatch.setattr(versions, "version", lambda package: version)


@pytest.fixture
def _installed_again():
    yield
    versions._installed.cache_clear()


@pytest.mark.usefixtures("_installed_again")
@pytest.mark.parametrize(("version", "told"), [("1.44.5", False), ("1.44.4", False), ("1.44.10", True), ("2.0", True)])
def test_a_model_older_than_the_installed_botocore_says_so_where_a_name_is_missing(monkeypatch, ai, version, told):
    newer(monkeypatch, version)
    tries = [
        lambda: ai.comprehend.detect_irony,
        lambda: ai.comprehend.detect_sentiment(text="a", language_code="en", irony=True),
        lambda: ai.textract.detect_document_text(document={"Pages": [1]}),
    ]
    for attempt in tries:
        with pytest.raises((AttributeError, InvalidCallError)) as caught:
            attempt()
        message = f"botocore {version} is newer than this library's models (1.44.5)"
        assert (message in str(caught.value)) == told
        assert ("pip install -U aiservices" in str(caught.value)) == told


def test_the_mock_path_asks_for_botocores_version_without_importing_it():
    code = (
        "import sys\nfrom aiservices import AI\nhasattr(AI(backend='mock').polly, 'detect_irony')\n"
        "assert 'botocore' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
