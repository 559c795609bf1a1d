# Written by `python -m aiservices.api.snapshot` from the products beside it; not to be edited.
# mypy: disable-error-code="overload-overlap"
from collections.abc import Callable, Collection, Sequence
from typing import Any, overload
from ..api.codeguru_reviewer import _AsyncCodeguruReviewerOperations
from ..api.codeguru_security import _AsyncCodeguruSecurityOperations
from ..api.codeguruprofiler import _AsyncCodeguruprofilerOperations
from ..api.comprehend import _AsyncComprehendOperations
from ..api.forecast import _AsyncForecastOperations
from ..api.forecastquery import _AsyncForecastqueryOperations
from ..api.frauddetector import _AsyncFrauddetectorOperations
from ..api.kendra import _AsyncKendraOperations
from ..api.kendra_ranking import _AsyncKendraRankingOperations
from ..api.lexv2_models import _AsyncLexv2ModelsOperations
from ..api.lexv2_runtime import _AsyncLexv2RuntimeOperations
from ..api.operations import Operations
from ..api.personalize import _AsyncPersonalizeOperations
from ..api.personalize_events import _AsyncPersonalizeEventsOperations
from ..api.personalize_runtime import _AsyncPersonalizeRuntimeOperations
from ..api.polly import _AsyncPollyOperations
from ..api.rekognition import _AsyncRekognitionOperations
from ..api.textract import _AsyncTextractOperations
from ..api.transcribe import _AsyncTranscribeOperations
from ..api.translate import _AsyncTranslateOperations
from ..jobs import Job, ProgressTo
from .audio import Audio
from .comprehend import Texts
from .document import Document
from .many import Many
from .text_results import Entities, KeyPhrases, Language, Pii, Sentiment
from .textract import Source

class AsyncProduct:
    """A product whose methods are coroutines; all that is no method stays as it is."""

    def __init__(self, product: Operations, run: Callable[..., Any]) -> None: ...

class AsyncComprehend(AsyncProduct, _AsyncComprehendOperations):
    """Amazon Comprehend: sentiment, entities, key phrases, languages, syntax and personal data in text.

    The verbs take a text or many, of any length: long ones are cut at sentence borders and put together again,
    short ones are sent 25 at a time. One text gives one result or raises; many give `Many` results, in which a
    text that failed (empty, not a str, refused) stands in `.failed` and never costs the others theirs.
    language_code: of Comprehend's; None detects the language of each text first, from its first 5,000 bytes.
    progress: True shows on standard error how many of the requests are answered; a function is called with each step.
    """
    @overload
    async def sentiment(self, text: str, language_code: str | None=..., *, progress: ProgressTo=...) -> Sentiment:
        """Whether a text, or each of many, is positive, negative, neutral or mixed.

            Scores of a text over 5,000 bytes are means over its pieces weighted by length; pieces that contradict each
            other make it mixed. Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-sentiment.html
            """

    @overload
    async def sentiment(self, text: Texts, language_code: str | None=..., *, progress: ProgressTo=...) -> Many[Sentiment]:
        ...

    @overload
    async def language(self, text: str, *, progress: ProgressTo=...) -> Language:
        """The languages that a text, or each of many, is likely written in; `.code` is the likeliest.

            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html
            """

    @overload
    async def language(self, text: Texts, *, progress: ProgressTo=...) -> Many[Language]:
        ...

    @overload
    async def entities(self, text: str, language_code: str | None=..., *, progress: ProgressTo=...) -> Entities:
        """People, places, organizations, dates, quantities and other named things in a text, or in each of many.

            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-entities.html
            """

    @overload
    async def entities(self, text: Texts, language_code: str | None=..., *, progress: ProgressTo=...) -> Many[Entities]:
        ...

    @overload
    async def key_phrases(self, text: str, language_code: str | None=..., *, progress: ProgressTo=...) -> KeyPhrases:
        """The noun phrases that tell what a text, or each of many, is about.

            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-key-phrases.html
            """

    @overload
    async def key_phrases(self, text: Texts, language_code: str | None=..., *, progress: ProgressTo=...) -> Many[KeyPhrases]:
        ...

    @overload
    async def pii(self, text: str, language_code: str | None=..., *, progress: ProgressTo=...) -> Pii:
        """Personal data in a text, or in each of many: names, addresses, card numbers, passwords ...

            language_code: "en" or "es". Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html
            """

    @overload
    async def pii(self, text: Texts, language_code: str | None=..., *, progress: ProgressTo=...) -> Many[Pii]:
        ...

    @overload
    async def redact(self, text: str, mask: str=..., types: Collection[str] | None=..., *, language_code: str | None=...) -> str:
        """A text, or each of many, with its personal data masked; everything else stays as it is.

            mask: "type" puts the type in brackets, [NAME]; a single character is put for each character.
            types: AWS's PII types to mask; None masks all. language_code and price: as `pii`.
            """

    @overload
    async def redact(self, text: Texts, mask: str=..., types: Collection[str] | None=..., *, language_code: str | None=...) -> Many[str]:
        ...


class AsyncForecast(AsyncProduct, _AsyncForecastOperations, _AsyncForecastqueryOperations):
    """Amazon Forecast: predictors of time series, and their forecasts."""

class AsyncLex(AsyncProduct, _AsyncLexv2ModelsOperations, _AsyncLexv2RuntimeOperations):
    """Amazon Lex V2: building chatbots, and talking with them."""

class AsyncPersonalize(AsyncProduct, _AsyncPersonalizeOperations, _AsyncPersonalizeEventsOperations, _AsyncPersonalizeRuntimeOperations):
    """Amazon Personalize: recommenders, their events and their recommendations."""

class AsyncPolly(AsyncProduct, _AsyncPollyOperations):
    """Text to speech: AWS's operations, and `speak` for a text of any length."""
    async def speak(self, text: str, voice: str='Joanna', *, format: str='mp3', engine: str | None=None, language_code: str | None=None, sample_rate: int | None=None, lexicons: Sequence[str]=..., progress: ProgressTo=False) -> Audio:
        """Speak a text of any length.

            text: plain text, cut at sentence borders into requests of at most 3,000 characters; or SSML when it begins
            with `<speak>`, which is one request and cannot be longer than that (6,000 with its tags).
            format: mp3, ogg_vorbis, ogg_opus, pcm (16 bits, signed), mulaw or alaw. `audio.joined` says how parts join.
            engine: standard, neural, long-form or generative, one that the voice has; None: AWS takes standard.
            language_code: for bilingual voices; None: the voice's own. sample_rate: in hertz; None: the format's own.
            lexicons: names of at most five, stored with `put_lexicon`.
            progress: shows how many of the requests for a long text are answered.
            Billed per character without SSML tags, by engine.
            Source: https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
            """


class AsyncRekognition(AsyncProduct, _AsyncRekognitionOperations):
    """Amazon Rekognition: labels, faces and text in images and video."""

class AsyncTextract(AsyncProduct, _AsyncTextractOperations):
    """Amazon Textract: text, tables and forms in documents."""
    @overload
    async def read(self, source: Source, *, progress: ProgressTo=..., timeout: float | None=...) -> Document:
        """Read the text of a document, or of many.

            source: a path, bytes, a binary file object, a PIL image, `s3://bucket/key`; PDF, PNG, JPEG or TIFF, a
                single page of at most 10 MB at once, otherwise by a job, up to 3,000 pages and 500 MB. A folder stands
                for the documents in it; a folder or a list gives `Many` documents, with `.failed` and `.retry_failed()`.
                A type checker cannot tell a folder from a file: give it `sorted(folder.iterdir())`.
            progress: shows how a job goes on; of many documents, how many are read.
            timeout: seconds for a job; None waits as long as it takes.
            Raises JobFailedError if the job fails; on AWS a job needs `Settings.bucket`. Billed per page.
            Source: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
            """

    @overload
    async def read(self, source: list[Any] | tuple[Any, ...], *, progress: ProgressTo=..., timeout: float | None=...) -> Many[Document]:
        ...

    @overload
    async def analyze(self, source: Source, features: Sequence[str]=..., *, progress: ProgressTo=..., timeout: float | None=...) -> Document:
        """Read the text, the tables and the forms of a document, or of many.

            As `read`; features: AWS's FeatureTypes. Each feature has its own price per page.
            """

    @overload
    async def analyze(self, source: list[Any] | tuple[Any, ...], features: Sequence[str]=..., *, progress: ProgressTo=..., timeout: float | None=...) -> Many[Document]:
        ...

    async def start(self, source: Source, features: Sequence[str]=...) -> Job[Document]:
        """Begin a job that reads a document of any number of pages, and come back at once.

            features: AWS's FeatureTypes; without any only the text is read. `job.wait()` gives the Document.
            """

    async def job(self, id: str) -> Job[Document]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

            The Document knows its text, but not the pixels of its pages. Raises InvalidCallError for an unknown id.
            """


class AsyncTranscribe(AsyncProduct, _AsyncTranscribeOperations):
    """Amazon Transcribe: speech to text."""

class AsyncTranslate(AsyncProduct, _AsyncTranslateOperations):
    """Amazon Translate: text and documents into other languages."""

class AsyncKendra(AsyncProduct, _AsyncKendraOperations):
    """Amazon Kendra: enterprise search."""
    @property
    def ranking(self) -> _AsyncKendraRankingOperations:
        """Kendra Intelligent Ranking: other engines' results in a better order."""


class AsyncCodeGuru(AsyncProduct):
    """Amazon CodeGuru: its three services share operations' names, so each is an attribute."""
    @property
    def reviewer(self) -> _AsyncCodeguruReviewerOperations:
        """CodeGuru Reviewer: recommendations on repositories and pull requests."""

    @property
    def profiler(self) -> _AsyncCodeguruprofilerOperations:
        """CodeGuru Profiler: where applications spend their time."""

    @property
    def security(self) -> _AsyncCodeguruSecurityOperations:
        """CodeGuru Security: scans of code for vulnerabilities."""


class AsyncFraudDetector(AsyncProduct, _AsyncFrauddetectorOperations):
    """Amazon Fraud Detector: fraud scores of events."""
