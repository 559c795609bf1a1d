"""Amazon Comprehend: what texts say, about whom and in which language, and models of one's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ...api.comprehend import ComprehendOperations
from ...api.model import load
from ...errors import InvalidCallError, nearest
from ...jobs import Job, ProgressTo
from ..many import Many, Outcomes
from ..texts import Texts, each, several
from . import plan
from .answers import answered
from .classes import Classes, PromptSafety, Toxicity
from .found import Entities, KeyPhrases, Pii, Syntax
from .results import Answers, Language, Sentiment
from .targets import Targets

if TYPE_CHECKING:
    from pandas import DataFrame

    from .examples import Examples, Marks, Names
    from .models import Classifier, Endpoint, EntityRecognizer
    from .topics import Topics

Verb: TypeAlias = Literal["sentiment", "targeted_sentiment", "entities", "key_phrases", "language", "pii", "classify"]
"""What `start` can begin as a job."""


class Comprehend(ComprehendOperations):
    """Amazon Comprehend: what texts say, about whom and in which language, and models of one's own.

    The verbs over texts take one, many (a list, an iterator, a Series) or a DataFrame with `column=`, of any length:
    long ones are cut at sentence borders and put together again, short ones are sent 25 at a time. One text gives one
    result or raises; many give `Many` results, in which a text that failed (empty, not a str, refused) stands in
    `.failed` and never costs the others theirs. `to_pandas()` of what came from a Series or DataFrame has its index.
    language_code: of Comprehend's; None detects the language of each text first, from its first 5,000 bytes.
    progress: True shows on standard error how many of the requests are answered; a function is called with each step.
    """

    @each
    def sentiment(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[Sentiment]:
        """Whether a text, or each of many, is positive, negative, neutral or mixed.

        Scores of a text over 5,000 bytes are means over its pieces weighted by length; pieces that contradict each
        other make it mixed. Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-sentiment.html
        """
        return answered(self._caller, plan.SENTIMENT, text, language_code, Sentiment.merged, progress)

    @each
    def targeted_sentiment(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[Targets]:
        """Whom and what a text, or each of many, speaks of, and how: mentions that mean the same are one target.

        language_code: "en". Mentions in different pieces of a text over 5,000 bytes are different targets.
        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-targeted-sentiment.html
        """
        return answered(self._caller, plan.TARGETED, text, language_code, Targets.merged, progress)

    @each
    def language(self, text: Sequence[Any], *, progress: ProgressTo = False) -> Outcomes[Language]:
        """The languages that a text, or each of many, is likely written in; `.code` is the likeliest.

        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html
        """
        return answered(self._caller, plan.LANGUAGE, text, "", Language.merged, progress)

    @each
    def entities(
        self,
        text: Sequence[Any],
        language_code: str | None = "en",
        *,
        model: EntityRecognizer | Endpoint | str | None = None,
        progress: ProgressTo = False,
        timeout: float | None = None,
    ) -> Outcomes[Entities]:
        """People, places, organizations, dates, quantities and other named things in a text, or in each of many.

        model: what `train_entities` made finds its own types instead: by a job of some minutes; an endpoint of it, or
            the ARN of one, answers at once.
        timeout: seconds for the job; None waits as long as it takes.
        Billed per 100 characters, at least 3 such units a text; an endpoint by its seconds alone.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-entities.html
        """
        if model is None:
            return answered(self._caller, plan.ENTITIES, text, language_code, Entities.merged, progress)
        from . import models

        arn = models.arn_of(model, "entity-recognizer")
        if models.is_endpoint(arn):
            there = plan.at_endpoint("DetectEntities", arn)
            return answered(self._caller, there, text, "", Entities.merged, progress)
        return self._by_job("entities", text, language_code, progress, timeout, EntityRecognizerArn=arn)

    @each
    def key_phrases(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[KeyPhrases]:
        """The noun phrases that tell what a text, or each of many, is about.

        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-key-phrases.html
        """
        return answered(self._caller, plan.KEY_PHRASES, text, language_code, KeyPhrases.merged, progress)

    @each
    def syntax(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[Syntax]:
        """The words of a text, or of each of many, with their parts of speech.

        language_code: "en", "es", "fr", "de", "it" or "pt". Billed per 100 characters, at least 3 such units a text,
        at half the price of the others.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-syntax.html
        """
        return answered(self._caller, plan.SYNTAX, text, language_code, Syntax.merged, progress)

    @each
    def pii(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[Pii]:
        """Personal data in a text, or in each of many: names, addresses, card numbers, passwords ...

        language_code: "en" or "es". Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html
        """
        return answered(self._caller, plan.PII, text, language_code, Pii.merged, progress)

    @each
    def redact(
        self,
        text: Sequence[Any],
        mask: str = "type",
        types: Collection[str] | None = None,
        *,
        language_code: str | None = "en",
        progress: ProgressTo = False,
    ) -> Outcomes[str]:
        """A text, or each of many, with its personal data masked; everything else stays as it is.

        mask: "type" puts the type in brackets, [NAME]; a single character is put for each character.
        types: AWS's PII types to mask; None masks all. language_code and price: as `pii`.
        """
        if not isinstance(mask, str) or (mask != "type" and len(mask) != 1):
            given = f"{len(mask)} characters" if isinstance(mask, str) else f"a {type(mask).__name__}"
            raise InvalidCallError(f'mask is "type" or a single character, not {given}')
        chosen = _checked(types)

        def masked(whole: str, answers: Answers, code: str) -> str:
            return Pii.merged(whole, answers, code).redacted(mask, chosen)

        return answered(self._caller, plan.PII, text, language_code, masked, progress)

    @each
    def toxicity(
        self, text: Sequence[Any], language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Outcomes[Toxicity]:
        """How toxic a text, or each of many, is, and in what way.

        language_code: "en". A text is cut into segments of 1,000 bytes, ten of which go in a request; it is as toxic
        as its most toxic segment. Billed per 100 characters, at least 3 such units a request.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/trust-safety.html
        """
        return answered(self._caller, plan.TOXICITY, text, language_code, Toxicity.merged, progress)

    @each
    def prompt_safety(self, text: Sequence[Any], *, progress: ProgressTo = False) -> Outcomes[PromptSafety]:
        """Whether a prompt, or each of many, is safe to give to a language model: `.safe`.

        For English. AWS closed it to new customers on 2026-04-30. On AWS needs `Settings.region`.
        A prompt over 10,000 bytes is as unsafe as its most unsafe piece. Billed per 100 characters, at least 3 such
        units a request.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/trust-safety.html
        """
        region = self._caller.region()
        there = plan.at_endpoint(
            "ClassifyDocument", f"arn:aws:comprehend:{region}:aws:document-classifier-endpoint/prompt-safety"
        )
        return answered(self._caller, there, text, "", PromptSafety.merged, progress)

    @each
    def classify(
        self,
        text: Sequence[Any],
        model: Classifier | Endpoint | str,
        *,
        progress: ProgressTo = False,
        timeout: float | None = None,
    ) -> Outcomes[Classes]:
        """The class of a text, or of each of many, or its labels, as a classifier has learnt them.

        model: a classifier of `train_classifier` answers by a job of some minutes, which suits many texts; an endpoint
            of it answers at once; an ARN of either.
        timeout: seconds for the job; None waits as long as it takes.
        Billed per 100 characters, at least 3 such units a text; an endpoint by its seconds alone.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-document-classification.html
        """
        from . import models

        arn = models.arn_of(model, "document-classifier")
        if models.is_endpoint(arn):
            there = plan.at_endpoint("ClassifyDocument", arn)
            return answered(self._caller, there, text, "", Classes.merged, progress)
        return self._by_job("classify", text, "", progress, timeout, DocumentClassifierArn=arn)

    def start(
        self,
        verb: Verb,
        texts: Texts | DataFrame,
        language_code: str | None = "en",
        *,
        column: str | None = None,
        model: Classifier | EntityRecognizer | str | None = None,
    ) -> Job[Many[Any]]:
        """Begin a job that does what a verb does, and come back at once: for very many texts, which are read from S3.

        verb: "sentiment", "targeted_sentiment", "entities", "key_phrases", "language", "pii", or "classify", which
            needs a model; "entities" may have one.
        `job.wait()` gives the same `Many` results as the verb. Price: as the verb's. On AWS it needs
        `Settings.bucket` and `Settings.role`.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-async.html
        """
        from . import jobs, models

        if not isinstance(verb, str) or verb not in jobs.WORKS:
            raise InvalidCallError(f'there is no job that does "{verb}"{nearest(str(verb), jobs.WORKS)}')
        if verb == "classify" if model is None else verb not in _MODELS:
            raise InvalidCallError('a model is given with "classify", and may be given with "entities"')
        further = {}
        if model is not None:
            noun, member = _MODELS[verb]
            further = {member: models.arn_of(model, noun)}
            if models.is_endpoint(further[member]):
                raise InvalidCallError("a job uses the model itself; at an endpoint, call the verb")
        given = several(texts, column)

        def finish(outcomes: Outcomes[Any]) -> Many[Any]:
            return Many(outcomes, None, given.index)

        return jobs.begin(self._caller, jobs.WORKS[verb], given.items, language_code, finish, **further)

    def topics(
        self,
        texts: Texts | DataFrame,
        n: int = 10,
        *,
        column: str | None = None,
        timeout: float | None = None,
        progress: ProgressTo = False,
    ) -> Topics:
        """What a collection of texts is about: topics with their terms, and how much each text is about which.

        n: how many topics (1-100). AWS wants some 1,000 texts of several sentences; empty ones are left out.
        A job; on AWS it needs `Settings.bucket` and `Settings.role`, and AWS closed it to new customers on 2026-04-30.
        Billed per job: a flat price up to 100 MB, then per MB.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/topic-modeling.html
        """
        return self.start_topics(texts, n, column=column).wait(timeout=timeout, progress=progress)

    def start_topics(self, texts: Texts | DataFrame, n: int = 10, *, column: str | None = None) -> Job[Topics]:
        """Begin what `topics` does, and come back at once."""
        from . import topics as text_topics

        return text_topics.begin(self._caller, several(texts, column), n)

    def train_classifier(
        self,
        examples: Examples,
        name: str,
        *,
        language_code: str = "en",
        version: str | None = None,
        tests: Examples | None = None,
        several_labels: bool | None = None,
        column: str = "text",
        label: str = "label",
        timeout: float | None = None,
        progress: ProgressTo = False,
    ) -> Classifier:
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
        job = self.start_train_classifier(
            examples, name, language_code=language_code, version=version, tests=tests,
            several_labels=several_labels, column=column, label=label,
        )  # fmt: skip
        return job.wait(timeout=timeout, progress=progress)

    def start_train_classifier(
        self,
        examples: Examples,
        name: str,
        *,
        language_code: str = "en",
        version: str | None = None,
        tests: Examples | None = None,
        several_labels: bool | None = None,
        column: str = "text",
        label: str = "label",
    ) -> Job[Classifier]:
        """Begin what `train_classifier` does, and come back at once; `job.id` is the model's ARN."""
        from . import training as text_training

        return text_training.classifier(
            self._caller, examples, name, language_code, version, tests, several_labels, column, label
        )

    def train_entities(
        self,
        documents: Texts | DataFrame,
        name: str,
        *,
        entity_list: Names | None = None,
        annotations: Marks | None = None,
        language_code: str = "en",
        version: str | None = None,
        column: str | None = None,
        timeout: float | None = None,
        progress: ProgressTo = False,
    ) -> EntityRecognizer:
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
        job = self.start_train_entities(
            documents, name, entity_list=entity_list, annotations=annotations,
            language_code=language_code, version=version, column=column,
        )  # fmt: skip
        return job.wait(timeout=timeout, progress=progress)

    def start_train_entities(
        self,
        documents: Texts | DataFrame,
        name: str,
        *,
        entity_list: Names | None = None,
        annotations: Marks | None = None,
        language_code: str = "en",
        version: str | None = None,
        column: str | None = None,
    ) -> Job[EntityRecognizer]:
        """Begin what `train_entities` does, and come back at once; `job.id` is the model's ARN."""
        from . import training as text_training

        return text_training.recognizer(
            self._caller, documents, name, entity_list, annotations, language_code, version, column
        )

    def job(self, id: str, texts: Texts | DataFrame | None = None, *, column: str | None = None) -> Job[Any]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

        id: of a job of `start` or `start_topics`, with the texts that it was begun with; or the ARN of a model in
            training, without texts.
        `job.wait()` gives what that of the first one gives. Raises InvalidCallError for an unknown id, and for others
        than the job's own texts.
        """
        from . import begun

        if not isinstance(id, str):
            raise InvalidCallError(f"the id of a job is a str, not a {type(id).__name__}")
        training = begun.training(self._caller, id)
        if (training is None) == (texts is None):
            raise InvalidCallError("a job over texts needs these texts again; the ARN of a model in training, none")
        return training or begun.over_texts(self._caller, id, several(texts, column))

    def model(self, arn: str) -> Classifier | EntityRecognizer:
        """A model that was trained before, also by another process; asks the service for it."""
        from . import models

        return models.model(self._caller, arn)

    def _by_job(
        self,
        verb: Verb,
        texts: Sequence[Any],
        language_code: str | None,
        progress: ProgressTo,
        timeout: float | None,
        **further: Any,
    ) -> Outcomes[Any]:
        from . import jobs

        work = jobs.WORKS[verb]
        parts, refused = jobs.lines(texts, work.limit)
        if not parts:
            return list(refused.values())
        return jobs.begin(self._caller, work, texts, language_code, list, **further).wait(
            timeout=timeout, progress=progress
        )


_MODELS = {
    "classify": ("document-classifier", "DocumentClassifierArn"),
    "entities": ("entity-recognizer", "EntityRecognizerArn"),
}


def _checked(types: Collection[str] | None) -> Collection[str] | None:
    if types is None:
        return None
    if not isinstance(types, Iterable) or not all(isinstance(one, str) for one in types):
        raise InvalidCallError('types is a list of PII types such as ["NAME", "EMAIL"]')
    chosen = {types} if isinstance(types, str) else set(types)
    known = load("comprehend").shape("PiiEntityType").enum
    for one in sorted(chosen):
        if one not in known:
            raise InvalidCallError(f'there is no PII type "{one}"{nearest(one, known)}')
    return None if "ALL" in chosen else chosen
