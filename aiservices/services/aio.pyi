# Written by `python -m aiservices.api.snapshot` from the products beside it; not to be edited.
# mypy: disable-error-code="overload-overlap"
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pandas import DataFrame
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
from .comprehend import Verb
from .comprehend.classes import Classes, PromptSafety, Toxicity
from .comprehend.examples import Examples, Marks, Names
from .comprehend.found import Entities, KeyPhrases, Pii, Syntax
from .comprehend.models import Classifier, Endpoint, EntityRecognizer
from .comprehend.results import Language, Sentiment
from .comprehend.targets import Targets
from .comprehend.topics import Topics
from .many import Many
from .polly.audio import Audio
from .polly.marks import Mark
from .polly.voices import Voice
from .textract.document import Document
from .textract.expense import Expense
from .textract.identity import Identity
from .textract.lending import Lending
from .textract.queries import Answer, Answers, Questions
from .textract.sources import Source, Sources
from .texts import Texts

class AsyncProduct:
    """A product whose methods are coroutines; all that is no method stays as it is."""

    def __init__(self, product: Operations, run: Callable[..., Any]) -> None: ...

class AsyncComprehend(AsyncProduct, _AsyncComprehendOperations):
    """Amazon Comprehend: what texts say, about whom and in which language, and models of one's own.

    The verbs over texts take one, many (a list, an iterator, a Series) or a DataFrame with `column=`, of any length:
    long ones are cut at sentence borders and put together again, short ones are sent 25 at a time. One text gives one
    result or raises; many give `Many` results, in which a text that failed (empty, not a str, refused) stands in
    `.failed` and never costs the others theirs. `to_pandas()` of what came from a Series or DataFrame has its index.
    language_code: of Comprehend's; None detects the language of each text first, from its first 5,000 bytes.
    progress: True shows on standard error how many of the requests are answered; a function is called with each step.
    """
    @overload
    async def sentiment(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> Sentiment:
        """Whether a text, or each of many, is positive, negative, neutral or mixed.

            Scores of a text over 5,000 bytes are means over its pieces weighted by length; pieces that contradict each
            other make it mixed. Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-sentiment.html
            """

    @overload
    async def sentiment(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[Sentiment]:
        ...

    @overload
    async def sentiment(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[Sentiment]:
        ...

    @overload
    async def targeted_sentiment(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> Targets:
        """Whom and what a text, or each of many, speaks of, and how: mentions that mean the same are one target.

            language_code: "en". Mentions in different pieces of a text over 5,000 bytes are different targets.
            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-targeted-sentiment.html
            """

    @overload
    async def targeted_sentiment(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[Targets]:
        ...

    @overload
    async def targeted_sentiment(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[Targets]:
        ...

    @overload
    async def language(self, text: str, *, progress: ProgressTo=False) -> Language:
        """The languages that a text, or each of many, is likely written in; `.code` is the likeliest.

            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html
            """

    @overload
    async def language(self, text: Texts, *, progress: ProgressTo=False) -> Many[Language]:
        ...

    @overload
    async def language(self, text: DataFrame, *, column: str, progress: ProgressTo=False) -> Many[Language]:
        ...

    @overload
    async def entities(self, text: str, language_code: str | None='en', *, model: EntityRecognizer | Endpoint | str | None=None, progress: ProgressTo=False, timeout: float | None=None) -> Entities:
        """People, places, organizations, dates, quantities and other named things in a text, or in each of many.

            model: what `train_entities` made finds its own types instead: by a job of some minutes; an endpoint of it, or
                the ARN of one, answers at once.
            timeout: seconds for the job; None waits as long as it takes.
            Billed per 100 characters, at least 3 such units a text; an endpoint by its seconds alone.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-entities.html
            """

    @overload
    async def entities(self, text: Texts, language_code: str | None='en', *, model: EntityRecognizer | Endpoint | str | None=None, progress: ProgressTo=False, timeout: float | None=None) -> Many[Entities]:
        ...

    @overload
    async def entities(self, text: DataFrame, language_code: str | None='en', *, column: str, model: EntityRecognizer | Endpoint | str | None=None, progress: ProgressTo=False, timeout: float | None=None) -> Many[Entities]:
        ...

    @overload
    async def key_phrases(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> KeyPhrases:
        """The noun phrases that tell what a text, or each of many, is about.

            Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-key-phrases.html
            """

    @overload
    async def key_phrases(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[KeyPhrases]:
        ...

    @overload
    async def key_phrases(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[KeyPhrases]:
        ...

    @overload
    async def syntax(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> Syntax:
        """The words of a text, or of each of many, with their parts of speech.

            language_code: "en", "es", "fr", "de", "it" or "pt". Billed per 100 characters, at least 3 such units a text,
            at half the price of the others.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-syntax.html
            """

    @overload
    async def syntax(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[Syntax]:
        ...

    @overload
    async def syntax(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[Syntax]:
        ...

    @overload
    async def pii(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> Pii:
        """Personal data in a text, or in each of many: names, addresses, card numbers, passwords ...

            language_code: "en" or "es". Billed per 100 characters, at least 3 such units a text.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html
            """

    @overload
    async def pii(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[Pii]:
        ...

    @overload
    async def pii(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[Pii]:
        ...

    @overload
    async def redact(self, text: str, mask: str='type', types: Collection[str] | None=None, *, language_code: str | None='en', progress: ProgressTo=False) -> str:
        """A text, or each of many, with its personal data masked; everything else stays as it is.

            mask: "type" puts the type in brackets, [NAME]; a single character is put for each character.
            types: AWS's PII types to mask; None masks all. language_code and price: as `pii`.
            """

    @overload
    async def redact(self, text: Texts, mask: str='type', types: Collection[str] | None=None, *, language_code: str | None='en', progress: ProgressTo=False) -> Many[str]:
        ...

    @overload
    async def redact(self, text: DataFrame, mask: str='type', types: Collection[str] | None=None, *, column: str, language_code: str | None='en', progress: ProgressTo=False) -> Many[str]:
        ...

    @overload
    async def toxicity(self, text: str, language_code: str | None='en', *, progress: ProgressTo=False) -> Toxicity:
        """How toxic a text, or each of many, is, and in what way.

            language_code: "en". A text is cut into segments of 1,000 bytes, ten of which go in a request; it is as toxic
            as its most toxic segment. Billed per 100 characters, at least 3 such units a request.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/trust-safety.html
            """

    @overload
    async def toxicity(self, text: Texts, language_code: str | None='en', *, progress: ProgressTo=False) -> Many[Toxicity]:
        ...

    @overload
    async def toxicity(self, text: DataFrame, language_code: str | None='en', *, column: str, progress: ProgressTo=False) -> Many[Toxicity]:
        ...

    @overload
    async def prompt_safety(self, text: str, *, progress: ProgressTo=False) -> PromptSafety:
        """Whether a prompt, or each of many, is safe to give to a language model: `.safe`.

            For English. AWS closed it to new customers on 2026-04-30. On AWS needs `Settings.region`.
            A prompt over 10,000 bytes is as unsafe as its most unsafe piece. Billed per 100 characters, at least 3 such
            units a request.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/trust-safety.html
            """

    @overload
    async def prompt_safety(self, text: Texts, *, progress: ProgressTo=False) -> Many[PromptSafety]:
        ...

    @overload
    async def prompt_safety(self, text: DataFrame, *, column: str, progress: ProgressTo=False) -> Many[PromptSafety]:
        ...

    @overload
    async def classify(self, text: str, model: Classifier | Endpoint | str, *, progress: ProgressTo=False, timeout: float | None=None) -> Classes:
        """The class of a text, or of each of many, or its labels, as a classifier has learnt them.

            model: a classifier of `train_classifier` answers by a job of some minutes, which suits many texts; an endpoint
                of it answers at once; an ARN of either.
            timeout: seconds for the job; None waits as long as it takes.
            Billed per 100 characters, at least 3 such units a text; an endpoint by its seconds alone.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-document-classification.html
            """

    @overload
    async def classify(self, text: Texts, model: Classifier | Endpoint | str, *, progress: ProgressTo=False, timeout: float | None=None) -> Many[Classes]:
        ...

    @overload
    async def classify(self, text: DataFrame, model: Classifier | Endpoint | str, *, column: str, progress: ProgressTo=False, timeout: float | None=None) -> Many[Classes]:
        ...

    async def start(self, verb: Verb, texts: Texts | DataFrame, language_code: str | None='en', *, column: str | None=None, model: Classifier | EntityRecognizer | str | None=None) -> Job[Many[Any]]:
        """Begin a job that does what a verb does, and come back at once: for very many texts, which are read from S3.

            verb: "sentiment", "targeted_sentiment", "entities", "key_phrases", "language", "pii", or "classify", which
                needs a model; "entities" may have one.
            `job.wait()` gives the same `Many` results as the verb. Price: as the verb's. On AWS it needs
            `Settings.bucket` and `Settings.role`.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-async.html
            """

    async def topics(self, texts: Texts | DataFrame, n: int=10, *, column: str | None=None, timeout: float | None=None, progress: ProgressTo=False) -> Topics:
        """What a collection of texts is about: topics with their terms, and how much each text is about which.

            n: how many topics (1-100). AWS wants some 1,000 texts of several sentences; empty ones are left out.
            A job; on AWS it needs `Settings.bucket` and `Settings.role`, and AWS closed it to new customers on 2026-04-30.
            Billed per job: a flat price up to 100 MB, then per MB.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/topic-modeling.html
            """

    async def start_topics(self, texts: Texts | DataFrame, n: int=10, *, column: str | None=None) -> Job[Topics]:
        """Begin what `topics` does, and come back at once."""

    async def train_classifier(self, examples: Examples, name: str, *, language_code: str='en', version: str | None=None, tests: Examples | None=None, several_labels: bool | None=None, column: str='text', label: str='label', timeout: float | None=None, progress: ProgressTo=False) -> Classifier:
        """Train a classifier of one's own, and wait until it can be used.

            examples: texts with their label, or list of labels: (text, label) pairs; a DataFrame, whose columns `column`
                and `label` name; the path of a CSV file in UTF-8 with the columns label, text; or `s3://bucket/key` of one.
                Two labels or more, ten examples or more of each.
            name: of the model; with a version, models of one name stand side by side.
            tests: examples it is measured on; None: AWS keeps a tenth of the examples for that.
            several_labels: whether a text can have several, in a CSV file with | between them; None: as the examples are.
            Raises JobFailedError with AWS's reason. On AWS it needs `Settings.bucket` and `Settings.role`.
            Billed per second of training, and per month that the model is kept.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/training-classifier-model.html
            """

    async def start_train_classifier(self, examples: Examples, name: str, *, language_code: str='en', version: str | None=None, tests: Examples | None=None, several_labels: bool | None=None, column: str='text', label: str='label') -> Job[Classifier]:
        """Begin what `train_classifier` does, and come back at once; `job.id` is the model's ARN."""

    async def train_entities(self, documents: Texts | DataFrame, name: str, *, entity_list: Names | None=None, annotations: Marks | None=None, language_code: str='en', version: str | None=None, column: str | None=None, timeout: float | None=None, progress: ProgressTo=False) -> EntityRecognizer:
        """Train a recognizer of one's own types of entities, and wait until it can be used.

            documents: texts in which such entities are, three or more.
            entity_list: the names to learn from, each with its type: a dict, pairs, a DataFrame with the columns Text and
                Type, or the path of such a CSV file.
            annotations: instead of a list, for each document the (begin, end, type) of what is marked in it, or the spans
                that `entities` finds; 25 or more of each type.
            Raises JobFailedError with AWS's reason. On AWS it needs `Settings.bucket` and `Settings.role`.
            Billed per second of training, and per month that the model is kept.
            Source: https://docs.aws.amazon.com/comprehend/latest/dg/training-recognizers.html
            """

    async def start_train_entities(self, documents: Texts | DataFrame, name: str, *, entity_list: Names | None=None, annotations: Marks | None=None, language_code: str='en', version: str | None=None, column: str | None=None) -> Job[EntityRecognizer]:
        """Begin what `train_entities` does, and come back at once; `job.id` is the model's ARN."""

    async def job(self, id: str, texts: Texts | DataFrame | None=None, *, column: str | None=None) -> Job[Any]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

            id: of a job of `start` or `start_topics`, with the texts that it was begun with; or the ARN of a model in
                training, without texts.
            `job.wait()` gives what that of the first one gives. Raises InvalidCallError for an unknown id, and for others
            than the job's own texts.
            """

    async def model(self, arn: str) -> Classifier | EntityRecognizer:
        """A model that was trained before, also by another process; asks the service for it."""


class AsyncForecast(AsyncProduct, _AsyncForecastOperations, _AsyncForecastqueryOperations):
    """Amazon Forecast: predictors of time series, and their forecasts."""

class AsyncLex(AsyncProduct, _AsyncLexv2ModelsOperations, _AsyncLexv2RuntimeOperations):
    """Amazon Lex V2: building chatbots, and talking with them."""

class AsyncPersonalize(AsyncProduct, _AsyncPersonalizeOperations, _AsyncPersonalizeEventsOperations, _AsyncPersonalizeRuntimeOperations):
    """Amazon Personalize: recommenders, their events and their recommendations."""

class AsyncPolly(AsyncProduct, _AsyncPollyOperations):
    """Text to speech: AWS's operations; `speak` and `marks` for a text of any length, `start` for tasks, `voices`."""
    async def speak(self, text: str | os.PathLike[str], voice: str='Joanna', *, format: str='mp3', engine: str | None=None, language_code: str | None=None, sample_rate: int | None=None, lexicons: Sequence[str]=..., marks: Sequence[str]=..., progress: ProgressTo=False) -> Audio:
        """Speak a text of any length.

            text: plain text, or SSML when it begins with `<speak`; a `Path` is a file of either in UTF-8. A long one is cut
            at paragraphs, sentences or words into requests of at most 3,000 billed characters; in SSML the enclosing
            elements are opened again in each part.
            format: mp3, ogg_vorbis, ogg_opus, pcm (16 bits, signed), mulaw or alaw. `audio.joined` says how parts join.
            engine: standard, neural, long-form or generative, one that the voice has; None: AWS takes standard.
            language_code: for bilingual voices; None: the voice's own. sample_rate: in hertz; None: the format's own.
            lexicons: names of at most five, stored with `put_lexicon`.
            marks: kinds of speech marks that the audio shall have (`Audio.marks`), as for `marks`. AWS bills them as
            another request for the same text.
            progress: shows how many of the requests for a long text are answered.
            Billed per character without SSML tags, by engine.
            Source: https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
            """

    async def marks(self, text: str | os.PathLike[str], kinds: Sequence[str]=..., voice: str='Joanna', *, engine: str | None=None, language_code: str | None=None, lexicons: Sequence[str]=..., progress: ProgressTo=False) -> list[Mark]:
        """When the words of a text are spoken: its speech marks, in the order of time.

            text and the rest: as for `speak`. kinds: sentence, word, viseme, ssml (the names of `<mark>` tags).
            A text of more than one request is spoken, too, for only the sound tells when the next part begins: it is
            billed twice. If the sound is wanted anyway: `speak(text, marks=("word",))`.
            Source: https://docs.aws.amazon.com/polly/latest/dg/using-speechmarks.html
            """

    async def voices(self, language: str | None=None, engine: str | None=None, gender: str | None=None) -> list[Voice]:
        """The voices there are, sorted by language and name.

            language: a code such as `en-US`, or `en` for any English; bilingual voices count in each of their languages.
            engine: standard, neural, long-form or generative. gender: Female or Male.
            """

    async def start(self, text: str | os.PathLike[str], voice: str='Joanna', *, format: str='mp3', engine: str | None=None, language_code: str | None=None, sample_rate: int | None=None, lexicons: Sequence[str]=..., bucket: str | None=None, prefix: str='', sns_topic: str | None=None) -> Job[Audio]:
        """Begin a synthesis task, which speaks up to 100,000 billed characters into S3, and come back at once.

            `job.wait()` gives the Audio, read from S3. text, format and the rest: as for `speak`.
            bucket: None takes `Settings.bucket`; a mock makes one of its own. prefix: of the object's key.
            sns_topic: ARN of the topic that is told when the task has ended.
            Source: https://docs.aws.amazon.com/polly/latest/dg/API_StartSpeechSynthesisTask.html
            """

    async def job(self, id: str) -> Job[Audio]:
        """A synthesis task that was begun before, also by another process; nothing is sent yet.

            Tasks are kept for 72 hours. `job.wait()` gives the Audio, read from S3.
            """


class AsyncRekognition(AsyncProduct, _AsyncRekognitionOperations):
    """Amazon Rekognition: labels, faces and text in images and video."""

class AsyncTextract(AsyncProduct, _AsyncTextractOperations):
    """Amazon Textract: text, tables, forms and answers in documents, invoices, identity documents, papers for a loan.

    The verbs take a path, bytes, a binary file object, a PIL image or `s3://bucket/key`; PDF, PNG, JPEG or TIFF. A
    single page of at most 10 MB is sent at once, the rest is read by a job, up to 3,000 pages and 500 MB. A folder
    stands for the documents in it; a folder, a list or a Series gives `Many` results, with `.failed` and
    `.retry_failed()`.
    A type checker cannot tell a folder from a file: give it `sorted(folder.iterdir())`.
    progress: shows how a job goes on; of many documents, how many are read.
    timeout: seconds for a job; None waits as long as it takes.
    """
    @overload
    async def read(self, source: Source, *, progress: ProgressTo=..., timeout: float | None=...) -> Document:
        """Read the text of a document, or of many.

            source: a path, bytes, a binary file object, a PIL image, `s3://bucket/key`; a folder or a list of these.
            Raises JobFailedError if a job fails; on AWS a job needs `Settings.bucket`. Billed per page.
            Source: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
            """

    @overload
    async def read(self, source: Sources, *, progress: ProgressTo=..., timeout: float | None=...) -> Many[Document]:
        ...

    @overload
    async def analyze(self, source: Source, features: Sequence[str]=..., *, queries: str | Questions | None=..., adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Document:
        """Read the text, the tables and the forms of a document, or of many.

            As `read`; features: of FORMS, TABLES, LAYOUT, SIGNATURES and, by giving queries, QUERIES. Each has its own
            price per page; LAYOUT and SIGNATURES cost nothing beside FORMS or TABLES.
            queries, adapters: as for `ask`.
            """

    @overload
    async def analyze(self, source: Sources, features: Sequence[str]=..., *, queries: str | Questions | None=..., adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Many[Document]:
        ...

    @overload
    async def ask(self, source: Source, queries: str, *, adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Answer:
        """What a document, or each of many, answers to a question in plain words, or to several.

            queries: "What is the total?" gives an Answer; a list of questions, or alias -> question, gives `Answers`, which
            have them by alias or question. All pages are asked unless one of AWS's own queries says which.
            adapters: id -> version of what was trained on documents of yours.
            Billed per page and request: one takes 15 questions, one of a job 30, and more of them are several requests.
            Source: https://docs.aws.amazon.com/textract/latest/dg/queryresponse.html
            """

    @overload
    async def ask(self, source: Source, queries: Questions, *, adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Answers:
        ...

    @overload
    async def ask(self, source: Sources, queries: str, *, adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Many[Answer]:
        ...

    @overload
    async def ask(self, source: Sources, queries: Questions, *, adapters: Mapping[str, str] | None=..., progress: ProgressTo=..., timeout: float | None=...) -> Many[Answers]:
        ...

    @overload
    async def expense(self, source: Source, *, progress: ProgressTo=..., timeout: float | None=...) -> Expense:
        """What an invoice or a receipt says, or each of many: who sells, when, what, for how much.

            As `read`. Of a file with several of them, `.documents` has each. Billed per page.
            Source: https://docs.aws.amazon.com/textract/latest/dg/invoices-receipts.html
            """

    @overload
    async def expense(self, source: Sources, *, progress: ProgressTo=..., timeout: float | None=...) -> Many[Expense]:
        ...

    @overload
    async def identity(self, source: Source, back: Source | None=..., *, progress: ProgressTo=...) -> Identity:
        """What an identity document says, or each of many.

            source: as for `read`, but a page each; back: the document's other side. Of many, a tuple is front and back.
            Billed per page. Made for driving licences and passports of the USA.
            Source: https://docs.aws.amazon.com/textract/latest/dg/how-it-works-identity.html
            """

    @overload
    async def identity(self, source: Sources, *, progress: ProgressTo=...) -> Many[Identity]:
        ...

    @overload
    async def lending(self, source: Source, *, progress: ProgressTo=..., timeout: float | None=...) -> Lending:
        """Which papers for a loan a file holds, on which pages, and what they say; always by a job.

            As `read`. Billed per page.
            Source: https://docs.aws.amazon.com/textract/latest/dg/lending-document-classification-extraction.html
            """

    @overload
    async def lending(self, source: Sources, *, progress: ProgressTo=..., timeout: float | None=...) -> Many[Lending]:
        ...

    async def start(self, source: Source, features: Sequence[str]=..., *, queries: str | Questions | None=None, adapters: Mapping[str, str] | None=None) -> Job[Document]:
        """Begin a job that reads a document of any number of pages, and come back at once.

            features, queries, adapters: as for `analyze`; without any only the text is read. At most 30 queries.
            `job.wait()` gives the Document.
            """

    async def start_expense(self, source: Source) -> Job[Expense]:
        """Begin a job that reads the invoices and receipts in a document; `job.wait()` gives the Expense."""

    async def start_lending(self, source: Source) -> Job[Lending]:
        """Begin a job that sorts and reads papers for a loan; `job.wait()` gives the Lending."""

    async def job(self, id: str) -> Job[Any]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

            `job.wait()` gives a Document, an Expense or a Lending. The Document knows its text, but not the pixels of its
            pages. Raises InvalidCallError for an unknown id.
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
