"""Texts and documents that are translated at once: languages and terms are true, the words made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices.text import utf8_size
from aiservices_mocks import terminology
from aiservices_mocks.service import Service, schema

from .documents import SINGLE, DocumentError, text_of, translated
from .languages import FORMAL, are_pair, codes
from .wording import Terms, Wording

_SIZE = 10000
"""Bytes of a text."""
_LENGTH = 20000
"""Characters of its translation."""
_UNSURE = 0.1
"""A language that is found with less than this is said to be found with low confidence."""


class Texts(Service):
    """What is translated while the caller waits."""

    @schema
    def translate_text(
        self,
        text: str,
        source_language_code: str,
        target_language_code: str,
        terminology_names: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> Reply:
        """A text in another language, in made-up words."""
        if (size := utf8_size(text)) > _SIZE:
            raise self.error(
                "TextSizeLimitExceededException",
                f"Input text size exceeds limit. Max length of request text allowed is {_SIZE} bytes while in this "
                f"request the text size is {size} bytes",
            )
        source = source_language_code
        if source == "auto":
            source, score = found_language(text)
            if score < _UNSURE:
                raise self.error(
                    "DetectedLanguageLowConfidenceException",
                    "The confidence that Amazon Comprehend accurately detected the source language is low.",
                    DetectedLanguageCode=source,
                )
        wording = self.wording(source, target_language_code, terminology_names)
        said = wording(text)
        if len(said) > _LENGTH:
            raise self.error("TextSizeLimitExceededException", f"The translation has more than {_LENGTH} characters.")
        reply: Reply = {"TranslatedText": said, "SourceLanguageCode": source}
        return {**reply, **_told(wording, target_language_code, settings)}

    @schema
    def translate_document(
        self,
        document: Mapping[str, Any],
        source_language_code: str,
        target_language_code: str,
        terminology_names: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> Reply:
        """A document in another language: all of it as it was, but the words are made up."""
        content_type, data, source = document["ContentType"], document["Content"], source_language_code
        if content_type not in SINGLE:
            raise self.error("InvalidRequestException", f"The content type {content_type} isn't supported.")
        try:
            if source == "auto":
                source, _ = found_language(text_of(data, content_type))
            if "en" not in (source, target_language_code):
                raise self.unsupported(source, target_language_code)
            wording = self.wording(source, target_language_code, terminology_names)
            content = translated(data, content_type, wording)
        except DocumentError as error:
            raise self.error("InvalidRequestException", str(error)) from None
        reply: Reply = {"TranslatedDocument": {"Content": content}, "SourceLanguageCode": source}
        return {**reply, **_told(wording, target_language_code, settings)}

    def wording(self, source: str, target: str, names: Sequence[str]) -> Wording:
        """How texts are put into another language, with the terms of terminologies."""
        if not are_pair(source, target):
            raise self.unsupported(source, target)
        if len(names) > 1:
            raise self.error("InvalidRequestException", f"{len(names)} terminologies, at most 1.")
        return Wording(self.world.seed, source, target, {name: self._terms(name, source, target) for name in names})

    def unsupported(self, source: str, target: str) -> ServiceError:
        """What AWS answers to languages that it does not translate into each other."""
        known = {"SourceLanguageCode": source, "TargetLanguageCode": target}
        return self.error(
            "UnsupportedLanguagePairException", f"Unsupported language pair: {source} to {target}.", **known
        )

    def _terms(self, name: str, source: str, target: str) -> Terms:
        """The terms for a pair of languages: a terminology of one direction has them for its source only."""
        record = self.keepers["Terminology"].find({"Name": name})
        if record is None:
            raise self.error("ResourceNotFoundException", "The terminology that the request names does not exist.")
        members = record["members"]
        terms = terminology.read(members["File"], members["Format"], codes())
        if not {source, target} <= {*terms.languages}:
            return ()
        begin, end = terms.languages.index(source), terms.languages.index(target)
        if begin and members["Directionality"] != "MULTI":
            return ()
        return [(row[begin], row[end]) for row in terms.rows if row[begin] and row[end]]


def found_language(text: str) -> tuple[str, float]:
    """The language of a text, and how sure that is."""
    from aiservices_mocks.engines import language

    return language.detect(text)[0]


def _told(wording: Wording, target: str, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """What of terminologies and settings was applied."""
    told: dict[str, Any] = {"TargetLanguageCode": target}
    if wording.applied:
        told["AppliedTerminologies"] = [
            {"Name": name, "Terms": [{"SourceText": term, "TargetText": said} for term, said in terms.items()]}
            for name, terms in wording.applied.items()
        ]
    if settings:
        told["AppliedSettings"] = {
            name: value for name, value in settings.items() if name != "Formality" or target in FORMAL
        }
    return told
