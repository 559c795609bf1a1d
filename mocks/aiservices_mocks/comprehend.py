"""Amazon Comprehend: sentiment, language, entities, key phrases, personal data and syntax, computed.

Kept of the real service: its languages per operation, its sizes in bytes of UTF-8, offsets in code points, errors of
single documents inside a batch. Custom models, endpoints and flywheels are kept as `comprehend_resources` says; what
they would answer is not computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import NotMockedError
from aiservices.text import utf8_size

from . import engines
from .comprehend_resources import CustomModels
from .service import computed

SHORT, LONG = 5_000, 100_000
"""Bytes of one text. AWS's pages say 5 and 100 KB; its refusals count 1,000 bytes to the KB."""
DOCUMENTS = 25
"""Texts of one batch."""

Answer = Mapping[str, Any]


class Comprehend(CustomModels):
    """Comprehend's real-time operations over its built-in models, and what it keeps."""

    name = "comprehend"

    @computed
    def detect_sentiment(self, text: str, language_code: str) -> Reply:
        """Whether a text is positive, negative, neutral or mixed."""
        self._fits(text, SHORT)
        return note({**_sentiment(text, language_code)}, engine=_sentiment_engine(language_code))

    @computed
    def detect_dominant_language(self, text: str) -> Reply:
        """The languages a text is likely written in."""
        self._fits(text, LONG)
        return note({**_languages(text)}, engine="langid")

    @computed
    def detect_entities(
        self,
        text: str | None = None,
        language_code: str | None = None,
        endpoint_arn: str | None = None,
        bytes: bytes | None = None,
        document_reader_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Names, dates and quantities in a text."""
        if endpoint_arn is not None:
            raise NotMockedError(
                "comprehend.DetectEntities with EndpointArn: the mock has no custom entity recognizers; "
                "leave EndpointArn out for the built-in entities, or script the answer with mock.on(...)"
            )
        if bytes is not None or document_reader_config is not None:
            raise self.error("InvalidRequestException", "Bytes and DocumentReaderConfig need an EndpointArn.")
        if text is None or language_code is None:
            missing = "Text" if text is None else "LanguageCode"
            raise self.error("InvalidRequestException", f"{missing} must be given when EndpointArn is not.")
        self._fits(text, LONG)
        return note({**_entities(text, language_code)}, engine="crf")

    @computed
    def detect_key_phrases(self, text: str, language_code: str) -> Reply:
        """The noun phrases of a text."""
        self._fits(text, LONG)
        return note({**_key_phrases(text, language_code)}, engine="chunker")

    @computed
    def detect_syntax(self, text: str, language_code: str) -> Reply:
        """The words of a text with their parts of speech."""
        self._speaks(language_code, engines.syntax.LANGUAGES)
        self._fits(text, SHORT)
        return note({**_syntax(text, language_code)}, engine="crf")

    @computed
    def detect_pii_entities(self, text: str, language_code: str) -> Reply:
        """Personal data in a text."""
        self._speaks(language_code, engines.pii.LANGUAGES)
        self._fits(text, LONG)
        found = [
            {"Score": one.score, "Type": one.type, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in engines.pii.find(text, language_code)
        ]
        return note({"Entities": found}, engine="pii-rules")

    @computed
    def contains_pii_entities(self, text: str, language_code: str) -> Reply:
        """The types of personal data in a text."""
        self._speaks(language_code, engines.pii.LANGUAGES)
        self._fits(text, LONG)
        labels = [{"Name": name, "Score": score} for name, score in engines.pii.types(text, language_code).items()]
        return note({"Labels": labels}, engine="pii-rules")

    @computed
    def batch_detect_sentiment(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectSentiment for up to 25 texts."""
        reply = self._batch(text_list, lambda text: _sentiment(text, language_code))
        return note(reply, engine=_sentiment_engine(language_code))

    @computed
    def batch_detect_dominant_language(self, text_list: Sequence[str]) -> Reply:
        """DetectDominantLanguage for up to 25 texts."""
        return note(self._batch(text_list, _languages), engine="langid")

    @computed
    def batch_detect_entities(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectEntities for up to 25 texts."""
        return note(self._batch(text_list, lambda text: _entities(text, language_code)), engine="crf")

    @computed
    def batch_detect_key_phrases(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectKeyPhrases for up to 25 texts."""
        return note(self._batch(text_list, lambda text: _key_phrases(text, language_code)), engine="chunker")

    @computed
    def batch_detect_syntax(self, text_list: Sequence[str], language_code: str) -> Reply:
        """DetectSyntax for up to 25 texts."""
        self._speaks(language_code, engines.syntax.LANGUAGES)
        return note(self._batch(text_list, lambda text: _syntax(text, language_code)), engine="crf")

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

    def _fits(self, text: str, most: int) -> None:
        size = utf8_size(text)
        if size > most:
            raise self.error("TextSizeLimitExceededException", _too_long(size, most))

    def _speaks(self, code: str, languages: Sequence[str]) -> None:
        if code not in languages:
            raise self.error(
                "UnsupportedLanguageException",
                f"Unsupported language code: {code}. Supported language codes: {', '.join(languages)}",
            )


def _too_long(size: int, most: int) -> str:
    return (
        f"Input text size exceeds limit. Max length of request text allowed is {most} bytes "
        f"while in this request the text size is {size} bytes"
    )


def _sentiment(text: str, code: str) -> Answer:
    scores = engines.sentiment.score(text, code)
    return {
        "Sentiment": max(scores, key=scores.__getitem__),
        "SentimentScore": {label.capitalize(): scores[label] for label in engines.sentiment.LABELS},
    }


def _sentiment_engine(code: str) -> str:
    return "maxent" if code in engines.sentiment_features.LANGUAGES else "marks"


def _languages(text: str) -> Answer:
    return {"Languages": [{"LanguageCode": code, "Score": score} for code, score in engines.language.detect(text)]}


def _entities(text: str, code: str) -> Answer:
    return {
        "Entities": [
            {"Score": one.score, "Type": one.type, "Text": one.text, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in engines.entities.find(text, code)
        ]
    }


def _key_phrases(text: str, code: str) -> Answer:
    return {
        "KeyPhrases": [
            {"Score": one.score, "Text": one.text, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in engines.key_phrases.find(text, code)
        ]
    }


def _syntax(text: str, code: str) -> Answer:
    return {
        "SyntaxTokens": [
            {
                "TokenId": number,
                "Text": one.text,
                "BeginOffset": one.begin,
                "EndOffset": one.end,
                "PartOfSpeech": {"Tag": one.tag, "Score": one.score},
            }
            for number, one in enumerate(engines.syntax.tag(text, code), 1)
        ]
    }
