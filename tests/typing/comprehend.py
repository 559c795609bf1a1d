"""What type checkers see of Comprehend's verbs over one text, many, and a column. Checked strictly, never run."""

# pyright: strict

from typing import Any, assert_type

from pandas import DataFrame

from aiservices import AI, AsyncAI, Job
from aiservices.services.comprehend.classes import Classes
from aiservices.services.comprehend.found import Entities
from aiservices.services.comprehend.models import Classifier, EntityRecognizer
from aiservices.services.comprehend.results import Language
from aiservices.services.comprehend.targets import Targets
from aiservices.services.comprehend.topics import Topics
from aiservices.services.many import Many


def one_or_many(ai: AI, frame: DataFrame) -> None:
    assert_type(ai.comprehend.entities("Ann", "en", progress=True), Entities)
    assert_type(ai.comprehend.entities(text="Ann", language_code=None), Entities)
    assert_type(ai.comprehend.targeted_sentiment(iter(["Ann"])), Many[Targets])
    assert_type(ai.comprehend.language(frame["text"]), Many[Language])
    assert_type(ai.comprehend.language(frame, column="text"), Many[Language])
    assert_type(ai.comprehend.redact("Ann", "*", ["NAME"]), str)
    assert_type(ai.comprehend.redact(["Ann"]), Many[str])
    ai.comprehend.sentiment("Ann", 3)  # type: ignore[call-overload]  # must be found
    ai.comprehend.sentiment("Ann", langage_code="en")  # type: ignore[call-overload]  # must be found
    ai.comprehend.classify("Ann")  # type: ignore[call-overload]  # must be found


def jobs_and_models(ai: AI, frame: DataFrame) -> None:
    assert_type(ai.comprehend.topics(frame, 3, column="text"), Topics)
    assert_type(ai.comprehend.start("sentiment", ["Ann"]), Job[Many[Any]])
    ai.comprehend.start("sentimant", ["Ann"])  # type: ignore[arg-type]  # must be found
    classifier = ai.comprehend.train_classifier([("Ann", "person"), ("Rome", ["place", "city"])], "names")
    assert_type(classifier, Classifier)
    assert_type(ai.comprehend.start_train_entities(["Ann"], "x", entity_list={"Ann": "WHO"}), Job[EntityRecognizer])
    with classifier.endpoint(units=2) as endpoint:
        assert_type(ai.comprehend.classify("Ann", endpoint), Classes)
        assert_type(ai.comprehend.classify(["Ann"], model=classifier.arn), Many[Classes])


async def async_verbs(ai: AsyncAI, frame: DataFrame) -> None:
    assert_type(await ai.comprehend.entities("Ann"), Entities)
    assert_type(await ai.comprehend.entities(["Ann"]), Many[Entities])
    assert_type(await ai.comprehend.entities(frame, column="text"), Many[Entities])
    assert_type(await ai.comprehend.topics(["Ann"]), Topics)
