"""Comprehend's requests about texts, answered at once: over its built-in models and at endpoints of custom ones.

Kept of the real service: its languages per operation, its sizes in bytes of UTF-8, offsets in code points, errors of
single documents inside a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note
from aiservices.text import utf8_size
from aiservices_mocks import engines
from aiservices_mocks.service import computed

from . import answers, custom_answers
from .answers import Answer
from .documents import Documents
from .models import ENGLISH

SHORT, LONG = 5_000, 100_000
"""Bytes of one text. AWS's pages say 5 and 100 KB; its refusals count 1,000 bytes to the KB."""
DOCUMENTS = 25
"""Texts of one batch."""
SEGMENTS, SEGMENT = 10, 1_000
"""Segments of a text that may be toxic, and bytes of one."""

_PROMPTS = ":aws:document-classifier-endpoint/prompt-safety"
"""How the endpoint ends that is AWS's own: it tells safe prompts to language models from unsafe ones. Source:
https://docs.aws.amazon.com/comprehend/latest/dg/trust-safety.html"""


class Detect(Documents):
    """Comprehend's real-time operations."""

    @computed
    def detect_sentiment(self, text: str, language_code: str) -> Reply:
        """Whether a text is positive, negative, neutral or mixed."""
        self._fits(text, SHORT)
        return note(answers.sentiment(text, language_code), engine=answers.sentiment_engine(language_code))

    @computed
    def detect_targeted_sentiment(self, text: str, language_code: str) -> Reply:
        """What a text says about the people and things in it."""
        self.check_language(language_code, ENGLISH)
        self._fits(text, SHORT)
        return note(answers.targeted(text, language_code), engine="target-maxent")

    @computed
    def detect_dominant_language(self, text: str) -> Reply:
        """The languages a text is likely written in."""
        self._fits(text, LONG)
        return note(answers.languages(text), engine="langid")

    @computed
    def detect_entities(
        self,
        text: str | None = None,
        language_code: str | None = None,
        endpoint_arn: str | None = None,
        bytes: bytes | None = None,
        document_reader_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Names, dates and quantities in a text; at an endpoint, what its recognizer has learnt."""
        if endpoint_arn is not None:
            model = self.served(endpoint_arn)
            self._check_one(text, bytes)
            if bytes is None:
                return note(custom_answers.entities(text or "", model), engine="perceptron")
            document = self.document(bytes, document_reader_config)
            return note(custom_answers.document_entities(document, model), engine="perceptron")
        if bytes is not None or document_reader_config is not None:
            raise self.error("InvalidRequestException", "Bytes and DocumentReaderConfig need an EndpointArn.")
        if text is None or language_code is None:
            missing = "Text" if text is None else "LanguageCode"
            raise self.error("InvalidRequestException", f"{missing} must be given when EndpointArn is not.")
        self._fits(text, LONG)
        return note(answers.entities(text, language_code), engine=answers.entities_engine(language_code))

    @computed
    def classify_document(
        self,
        endpoint_arn: str,
        text: str | None = None,
        bytes: bytes | None = None,
        document_reader_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """The classes of a document, as the classifier of an endpoint has learnt them."""
        if endpoint_arn.endswith(_PROMPTS):
            if text is None:
                raise self.error("InvalidRequestException", "Prompt safety classification needs Text.")
            self._fits(text, LONG)
            return note(answers.prompt_safety(text), engine="prompt-maxent")
        model = self.served(endpoint_arn)
        self._check_one(text, bytes)
        if bytes is None:
            return note(custom_answers.classes(text or "", model), engine="softmax")
        document = self.document(bytes, document_reader_config)
        return note(custom_answers.document_classes(document, model), engine="softmax")

    @computed
    def detect_key_phrases(self, text: str, language_code: str) -> Reply:
        """The noun phrases of a text."""
        self._fits(text, LONG)
        return note(answers.key_phrases(text, language_code), engine=answers.key_phrases_engine(language_code))

    @computed
    def detect_syntax(self, text: str, language_code: str) -> Reply:
        """The words of a text with their parts of speech."""
        self.check_language(language_code, engines.syntax.LANGUAGES)
        self._fits(text, SHORT)
        return note(answers.syntax(text, language_code), engine="crf")

    @computed
    def detect_pii_entities(self, text: str, language_code: str) -> Reply:
        """Personal data in a text."""
        self.check_language(language_code, engines.pii.LANGUAGES)
        self._fits(text, LONG)
        return note(answers.pii(text, language_code), engine="pii-rules")

    @computed
    def contains_pii_entities(self, text: str, language_code: str) -> Reply:
        """The types of personal data in a text."""
        self.check_language(language_code, engines.pii.LANGUAGES)
        self._fits(text, LONG)
        labels = [{"Name": name, "Score": score} for name, score in engines.pii.types(text, language_code).items()]
        return note({"Labels": labels}, engine="pii-rules")

    @computed
    def detect_toxic_content(self, text_segments: Sequence[Mapping[str, str]], language_code: str) -> Reply:
        """How toxic the segments of a text are, each by itself."""
        self.check_language(language_code, ENGLISH)
        if len(text_segments) > SEGMENTS:
            raise self.error(
                "InvalidRequestException", f"There are {len(text_segments)} TextSegments, at most {SEGMENTS}."
            )
        for segment in text_segments:
            self._fits(segment["Text"], SEGMENT)
        return note(
            {"ResultList": [answers.toxicity(segment["Text"]) for segment in text_segments]}, engine="toxic-maxent"
        )

    # Batches.

    @computed
    def batch_detect_sentiment(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectSentiment for up to 25 texts."""
        reply = self._batch(text_list, lambda text: answers.sentiment(text, language_code))
        return note(reply, engine=answers.sentiment_engine(language_code))

    @computed
    def batch_detect_targeted_sentiment(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectTargetedSentiment for up to 25 texts."""
        self.check_language(language_code, ENGLISH)
        return note(self._batch(text_list, lambda text: answers.targeted(text, language_code)), engine="target-maxent")

    @computed
    def batch_detect_dominant_language(self, text_list: Sequence[str]) -> Reply:
        """DetectDominantLanguage for up to 25 texts."""
        return note(self._batch(text_list, answers.languages), engine="langid")

    @computed
    def batch_detect_entities(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectEntities for up to 25 texts."""
        reply = self._batch(text_list, lambda text: answers.entities(text, language_code))
        return note(reply, engine=answers.entities_engine(language_code))

    @computed
    def batch_detect_key_phrases(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectKeyPhrases for up to 25 texts."""
        reply = self._batch(text_list, lambda text: answers.key_phrases(text, language_code))
        return note(reply, engine=answers.key_phrases_engine(language_code))

    @computed
    def batch_detect_syntax(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectSyntax for up to 25 texts."""
        self.check_language(language_code, engines.syntax.LANGUAGES)
        return note(self._batch(text_list, lambda text: answers.syntax(text, language_code)), engine="crf")

    def _batch(self, texts: Sequence[str], answer: Callable[[str], Answer]) -> Reply:
        """Every text's answer under its index; those that are too long are errors of their own."""
        if len(texts) > DOCUMENTS:
            raise self.error(
                "BatchSizeLimitExceededException",
                f"Input batch size exceeds limit. Max number of documents allowed is {DOCUMENTS} "
                f"while in this request the number of documents is {len(texts)}",
            )
        results: list[Answer] = []
        errors: list[Answer] = []
        for index, text in enumerate(texts):
            size = utf8_size(text)
            if size > SHORT:
                errors.append(
                    {"Index": index, "ErrorCode": "TEXT_SIZE_LIMIT_EXCEEDED", "ErrorMessage": _too_long(size, SHORT)}
                )
            else:
                results.append({"Index": index, **answer(text)})
        return {"ResultList": results, "ErrorList": errors}

    # What they check.

    def _check_one(self, text: str | None, data: bytes | None) -> None:
        """A document is given as text or as bytes; a text has its limit."""
        if (text is None) == (data is None):
            raise self.error("InvalidRequestException", "Either Text or Bytes must be given.")
        self._fits(text or "", LONG)

    def _fits(self, text: str, most: int) -> None:
        size = utf8_size(text)
        if size > most:
            raise self.error("TextSizeLimitExceededException", _too_long(size, most))


def _too_long(size: int, most: int) -> str:
    return (
        f"Input text size exceeds limit. Max length of request text allowed is {most} bytes "
        f"while in this request the text size is {size} bytes"
    )
