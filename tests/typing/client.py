"""What type checkers see of the clients, the verbs, the seam and the mock. Checked strictly, never run."""

# pyright: strict

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, assert_type

from aiservices_mocks import Clock, Mock, mock_ai
from aiservices_mocks.boto3_bridge import bridge

from aiservices import AI, AsyncAI, Budget, Estimate, Job, Settings
from aiservices.api.pages import Pages
from aiservices.backends import Cache, Fallback, Limits
from aiservices.backends.aws import AWS
from aiservices.backends.retrying import Retrying
from aiservices.call import Call, Event, Reply
from aiservices.errors import ServiceError
from aiservices.observers.logs import Logs
from aiservices.services.comprehend.results import Sentiment
from aiservices.services.many import Many
from aiservices.services.polly.audio import Audio
from aiservices.services.textract.document import Document
from aiservices.services.textract.expense import Expense
from aiservices.services.textract.identity import Identity
from aiservices.services.textract.lending import Lending
from aiservices.services.textract.queries import Answer, Answers


class Own:
    """A backend and an observer of one's own."""

    def send(self, call: Call) -> Reply:
        return {"Name": call.name}

    def see(self, event: Event) -> None:
        print(event.attempts)


def opening() -> None:
    AI("mock")
    AI(
        backend={"polly": Mock(), "lex": Own(), "*": "aws"},
        settings=Settings(region="eu-west-1"),
        observers=[Logs(), Own()],
    )
    AI(backend=Retrying(AWS(), attempts=2))
    AI(backend=3)  # type: ignore[arg-type]  # must be found
    AI(observers=[print])  # type: ignore[list-item]  # must be found
    Settings(atempts=3)  # type: ignore[call-arg]  # must be found


def verbs(ai: AI) -> None:
    assert_type(ai.comprehend.sentiment("good"), Sentiment)
    assert_type(ai.comprehend.sentiment(["good", "bad"]), Many[Sentiment])
    assert_type(ai.textract.read("scan.pdf"), Document)
    job = ai.textract.start(b"%PDF")
    assert_type(job, Job[Document])
    assert_type(job.wait(timeout=60, progress=True), Document)
    assert_type(ai.polly.speak("hello"), Audio)
    assert_type(ai.textract.job("id"), Job[Any])
    assert_type(ai.textract.ask("scan.pdf", "What is due?"), Answer)
    assert_type(ai.textract.ask("scan.pdf", ["What is due?"]), Answers)
    assert_type(ai.textract.ask(["a.pdf", b"%PDF"], {"due": "What is due?"}), Many[Answers])
    assert_type(ai.textract.expense([b"%PDF"]), Many[Expense])
    assert_type(ai.textract.identity("front.png", "back.png"), Identity)
    assert_type(ai.textract.start_lending("s3://docs/bundle.pdf"), Job[Lending])
    assert_type(ai.job(ai.transcribe.get_vocabulary, vocabulary_name="names").wait().vocabulary_name, str)
    ai.job(ai.transcribe.get_vocabulary, vocabulary="names")  # type: ignore[call-arg]  # must be found


def around(ai: AI) -> None:
    with ai, ai.scope(key="user", deadline=3, tags={"team": "a"}):
        ai.polly.list_lexicons()
    with ai.scope(tag="a"):  # type: ignore[call-arg]  # must be found
        pass
    assert_type(ai.costs.total, Decimal)
    assert_type(ai.costs.by_tag("team"), dict[str, Decimal])
    assert_type(ai.costs.unpriced, dict[str, int])
    voices = ai.pages(ai.polly.describe_voices, language_code="en-GB")
    assert_type(voices, Pages)
    ai.pages(ai.polly.describe_voices, languagecode="en-GB")  # type: ignore[call-arg]  # must be found


def failures(ai: AI) -> None:
    try:
        ai.polly.get_lexicon(name="x")
    except ServiceError as error:
        assert_type(error.code, str)
        assert_type(error.request_id, str | None)
        assert_type(error.attempts, int | None)


def mocking() -> None:
    mock = Mock(seed=7, clock=Clock.manual("2026-01-01T00:00:00Z"), strict=True)
    mock.on("comprehend.DetectSentiment", Text="boom").fails("TooManyRequestsException", times=2)
    assert_type(mock.calls("comprehend").times(3).last.params, Mapping[str, Any])
    assert_type(mock.s3["bucket/key"], bytes)
    mock.clock.advance(minutes=5)
    with mock_ai(seed=1) as world, bridge(mock):
        assert_type(world, Mock)
    assert_type(decorated(1), str)


@mock_ai()
def decorated(number: int) -> str:
    return str(number)


async def asynchronous(ai: AsyncAI) -> None:
    async with ai:
        assert_type(await ai.comprehend.sentiment("good"), Sentiment)
        assert_type(await ai.comprehend.sentiment(["good"]), Many[Sentiment])
        assert_type(await ai.run(len, "four"), int)
        await ai.run(len, 4)  # type: ignore[arg-type]  # must be found
        async for voice in ai.pages(ai.polly.describe_voices):
            print(voice)


def money(ai: AI, later: AsyncAI) -> None:
    AI(budgets=[Budget(5, per="day", scope={"tenant": "a"})], ledger="costs.db", limits=Limits(), cache=Cache())
    AI(backend={"*": Fallback("aws", Mock())}, prices="prices.json")
    AI(budgets=5)  # type: ignore[arg-type]  # must be found
    told = ai.estimate(ai.comprehend.detect_sentiment, text="x", language_code="en")
    assert_type(told, Estimate)
    assert_type(told.dollars, Decimal | None)
    ai.estimate(ai.comprehend.detect_sentiment, txt="x")  # type: ignore[call-arg]  # must be found
    ai.estimate(ai.comprehend.sentiment, "x")
    ai.estimate(ai.comprehend.sentiment, ["x", "y"])
    assert_type(ai.estimate(ai.textract.read, "folder/"), Estimate)
    later.estimate(later.polly.speak, "Hello")
    with ai.costs.tag(tenant="acme"):
        assert_type(ai.costs.by_tag("tenant"), dict[str, Decimal])
