"""Comprehend's custom models: classifiers and recognizers, their versions, copies and policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record

from . import training

LANGUAGES = ("en", "es", "de", "it", "fr", "pt")
"""What models can be trained for. Source: https://docs.aws.amazon.com/comprehend/latest/dg/supported-languages.html"""
ENGLISH = ("en",)
NAMES = {"DocumentClassifier": "DocumentClassifierName", "EntityRecognizer": "RecognizerName"}
"""The member that names a model, by its noun."""
NOUNS = "|".join(NAMES)
TYPES = {"DOCUMENT_CLASSIFIER": "DocumentClassifier", "ENTITY_RECOGNIZER": "EntityRecognizer"}
"""The nouns of models as flywheels have them."""

_LIFE = Life(
    "Status",
    (("SUBMITTED", 60), ("TRAINING", 3600), ("TRAINED", 0)),
    stopped=(("STOP_REQUESTED", 60), ("STOPPED", 0)),
    failed="IN_ERROR",
    reason="Message",
)
_BUSY = ("SUBMITTED", "IN_PROGRESS", "STOP_REQUESTED")
_ONE_FILTER = ("Job", "Classifier", "Recognizer")
_NEEDED = {"COMPREHEND_CSV": "S3Uri", "AUGMENTED_MANIFEST": "AugmentedManifests"}

MODELS = (
    Resource(
        "DocumentClassifier",
        "DocumentClassifierArn",
        made="{arn}",
        arn="document-classifier/{DocumentClassifierName}{Version}",
        life=_LIFE,
        work=training.classifier,
        defaults={"Mode": "MULTI_CLASS"},
        steady=True,
        operations={"stop": "StopTrainingDocumentClassifier"},
    ),
    Resource(
        "EntityRecognizer",
        "EntityRecognizerArn",
        made="{arn}",
        arn="entity-recognizer/{RecognizerName}{Version}",
        life=_LIFE,
        work=training.recognizer,
        steady=True,
        operations={"stop": "StopTrainingEntityRecognizer"},
    ),
)


class CustomModels(Service):
    """Comprehend's custom models."""

    token_error = "InvalidRequestException"

    @cached_property
    def kept(self) -> Mapping[str, Callable[[Mapping[str, Any]], Reply]]:
        """The operations that the rows answer; lists of jobs and models take one filter at a time."""
        filtered = {f"List{noun}s" for noun in self.keepers if noun.endswith(_ONE_FILTER)}
        return {
            name: self._by_one_filter(answer) if name in filtered else answer for name, answer in super().kept.items()
        }

    def _by_one_filter(self, answer: Callable[[Mapping[str, Any]], Reply]) -> Callable[[Mapping[str, Any]], Reply]:
        def checked(params: Mapping[str, Any]) -> Reply:
            given = {name.removesuffix("Before").removesuffix("After") for name in params.get("Filter", ())}
            if len(given) > 1:
                raise self.error("InvalidFilterException", f"One filter at a time, not {' and '.join(sorted(given))}.")
            return answer(params)

        return checked

    @stateful
    def create_document_classifier(self, **request: Any) -> Reply:
        """A classifier, or another version of it."""
        config = request["input_data_config"]
        self._check_input(config, _NEEDED)
        if config.get("DocumentType") == "SEMI_STRUCTURED_DOCUMENT" and "Documents" not in config:
            raise self.error("InvalidRequestException", "InputDataConfig of SEMI_STRUCTURED_DOCUMENT needs Documents.")
        return self._create_model("DocumentClassifier", request)

    @stateful
    def create_entity_recognizer(self, **request: Any) -> Reply:
        """A recognizer, or another version of it."""
        config = request["input_data_config"]
        self._check_input(config, {**_NEEDED, "COMPREHEND_CSV": "Documents"})
        given = [name for name in ("Annotations", "EntityList", "AugmentedManifests") if name in config]
        if len(given) != 1:
            raise self.error(
                "InvalidRequestException", "InputDataConfig needs one of Annotations, EntityList, AugmentedManifests."
            )
        return self._create_model("EntityRecognizer", request)

    def _check_input(self, config: Mapping[str, Any], needed: Mapping[str, str]) -> None:
        form = config.get("DataFormat", "COMPREHEND_CSV")
        if needed[form] not in config:
            raise self.error("InvalidRequestException", f"InputDataConfig of {form} needs {needed[form]}.")

    def _create_model(self, noun: str, request: Mapping[str, Any]) -> Reply:
        self.check_language(request["language_code"], LANGUAGES)
        config = {"DataFormat": "COMPREHEND_CSV", **request["input_data_config"]}
        with self.world.lock:
            given = {**request, "input_data_config": config}
            reply = self.keep(f"Create{noun}", given, Version=version_suffix(request.get("version_name")))
            policy = request.get("model_policy")
            model = self.record(reply[f"{noun}Arn"])
            if policy is not None and "Policy" not in model:
                self._set_policy(model, policy)
        return reply

    @stateful
    def import_model(self, source_model_arn: str, model_name: str | None = None, **given: Any) -> Reply:
        """A copy of a trained model under a name of its own."""
        noun = noun_of(source_model_arn)
        name = NAMES[noun]
        source = self.trained(source_model_arn)
        copied = ("LanguageCode", "InputDataConfig", "Mode", "Trained", "ClassifierMetadata", "RecognizerMetadata")
        reply = self.kept[f"Create{noun}"](
            {
                **{key: source[key] for key in copied if key in source},
                **self.named("ImportModel", given),
                name: model_name or source[name],
                "SourceModelArn": source_model_arn,
                "Version": version_suffix(given.get("version_name")),
            }
        )
        return {"ModelArn": reply[f"{noun}Arn"]}

    @stateful
    def delete_document_classifier(self, document_classifier_arn: str) -> Reply:
        """Forget a classifier that no job is busy with."""
        self._check_idle("DocumentClassificationJob", "DocumentClassifierArn", document_classifier_arn)
        return self.keep("DeleteDocumentClassifier", {"document_classifier_arn": document_classifier_arn})

    @stateful
    def delete_entity_recognizer(self, entity_recognizer_arn: str) -> Reply:
        """Forget a recognizer that no job is busy with."""
        self._check_idle("EntitiesDetectionJob", "EntityRecognizerArn", entity_recognizer_arn)
        return self.keep("DeleteEntityRecognizer", {"entity_recognizer_arn": entity_recognizer_arn})

    def _check_idle(self, job: str, member: str, arn: str) -> None:
        keeper = self.keepers[job]
        if any(keeper.look(one) in _BUSY for one in keeper.all({member: arn})):
            raise self.error("ResourceInUseException", "A job uses the model; wait until it has ended, or stop it.")

    @stateful
    def list_document_classifier_summaries(self, **page: Any) -> Reply:
        """The names of classifiers with their latest version."""
        return self._summaries("ListDocumentClassifierSummaries", "DocumentClassifier", page)

    @stateful
    def list_entity_recognizer_summaries(self, **page: Any) -> Reply:
        """The names of recognizers with their latest version."""
        return self._summaries("ListEntityRecognizerSummaries", "EntityRecognizer", page)

    def _summaries(self, operation: str, noun: str, page: Mapping[str, Any]) -> Reply:
        params = self.named(operation, page)
        name = NAMES[noun]
        summaries: dict[str, dict[str, Any]] = {}
        for record in self.keepers[noun].all({}):
            members, status = record["members"], self.keepers[noun].look(record)
            count = summaries.pop(members[name], {}).get("NumberOfVersions", 0)
            summaries[members[name]] = {
                name: members[name],
                "NumberOfVersions": count + 1,
                "LatestVersionCreatedAt": record["created"],
                "LatestVersionStatus": status,
                **({"LatestVersionName": members["VersionName"]} if "VersionName" in members else {}),
            }
        return self.listed(operation, params, list(summaries.values()), f"{noun}SummariesList")

    # What others ask for.

    def record(self, arn: str) -> Record:
        """The model with this ARN."""
        noun = noun_of(arn)
        record = self.keepers[noun].find({f"{noun}Arn": arn})
        if record is None:
            raise self.error("ResourceNotFoundException", "No custom model has this ARN.")
        return record

    def trained(self, arn: str) -> Mapping[str, Any]:
        """The members of a model with what it has learnt; one that is not trained cannot be used."""
        record = self.record(arn)
        status = self.keepers[noun_of(arn)].look(record)
        if not status.startswith("TRAINED"):
            raise self.error("ResourceUnavailableException", f"The model is {status}; it must be TRAINED.")
        members: Mapping[str, Any] = record["members"]
        return members

    def check_language(self, code: str, languages: Sequence[str], error: str = "UnsupportedLanguageException") -> None:
        """It is one of these languages."""
        if code not in languages:
            known = ", ".join(languages)
            raise self.error(error, f"Unsupported language code: {code}. Supported language codes: {known}")

    # Policies.

    @stateful
    def put_resource_policy(
        self, resource_arn: str, resource_policy: str, policy_revision_id: str | None = None
    ) -> Reply:
        """Give a model a policy, or another one in its place."""
        with self.world.lock:
            model = self.record(resource_arn)
            self._check_revision(model, policy_revision_id)
            return {"PolicyRevisionId": self._set_policy(model, resource_policy)}

    @stateful
    def describe_resource_policy(self, resource_arn: str) -> Reply:
        """The policy of a model."""
        with self.world.lock:
            return {**self._policy(self.record(resource_arn))}

    @stateful
    def delete_resource_policy(self, resource_arn: str, policy_revision_id: str | None = None) -> Reply:
        """Take a model's policy away."""
        with self.world.lock:
            model = self.record(resource_arn)
            self._policy(model)
            self._check_revision(model, policy_revision_id)
            del model["Policy"]
        return {}

    def _policy(self, model: Record) -> Mapping[str, Any]:
        if "Policy" not in model:
            raise self.error("ResourceNotFoundException", "The model has no resource policy.")
        policy: Mapping[str, Any] = model["Policy"]
        return policy

    def _set_policy(self, model: Record, text: str) -> str:
        now, old = self.world.clock.now(), model.get("Policy", {})
        revision = blake2b(self.world.new_id().encode(), digest_size=16).hexdigest()
        model["Policy"] = {
            "ResourcePolicy": text,
            "CreationTime": old.get("CreationTime", now),
            "LastModifiedTime": now,
            "PolicyRevisionId": revision,
        }
        return revision

    def _check_revision(self, model: Record, revision: str | None) -> None:
        if revision is not None and model.get("Policy", {}).get("PolicyRevisionId") != revision:
            raise self.error("InvalidRequestException", "PolicyRevisionId is not that of the current policy.")


def noun_of(arn: str) -> str:
    """The kind of model that an ARN names."""
    return "DocumentClassifier" if kind_of(arn) == "document-classifier" else "EntityRecognizer"


def kind_of(arn: str) -> str:
    """What an ARN says that it names: `document-classifier`."""
    return arn.split(":")[5].partition("/")[0]


def version_suffix(name: str | None) -> str:
    """The end of a model's ARN; the first version needs no name."""
    return f"/version/{name}" if name else ""
