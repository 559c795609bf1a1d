"""Test sets: conversations with what a bot should make of them, from files or from what was said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices_mocks.replies import check_reply
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from . import workbench_files
from .asking import Asking, derived, failing, job
from .sessions import utterances
from .workbench_files import TestFileError, Turn

TEST_SET = Resource(
    "TestSet",
    "testSetId",
    made="{hex10}",
    arn="test-set/{testSetId}",
    unique="testSetName",
    life=Life("status", (("Ready", 0),)),
)
"""What test sets are kept by: no operation makes them at once, an import or a generation does."""


def _generated(service: TestSets, members: Mapping[str, Any]) -> dict[str, Any]:
    """A test set of what was said to an alias, with what the bot understood."""
    source = members["generationDataSource"]["conversationLogsDataSource"]
    wanted = source["filter"]
    named = {name: source[name] for name in ("botId", "botAliasId", "localeId")}
    with service.world.lock:
        said = [
            one
            for one in utterances(service.world).values()
            if named.items() <= one.items()
            and wanted["startTime"] <= one["utteranceTimestamp"] <= wanted["endTime"]
            and one["mode"] == wanted["inputMode"]
        ]
        if not said:
            raise WorkFailed("Nothing was said to the bot in this time and mode: there is nothing to test with.")
        made = {name: members[name] for name in ("testSetName", "description", "roleArn") if name in members}
        made |= {"storageLocation": members["storageLocation"], "modality": wanted["inputMode"]}
        turns = _numbered(said)
        service.store(members["storageLocation"], members["testSetName"], turns)
        test_set = service.put_test_set("StartTestSetGeneration", made, turns, members.get("testSetTags", {}))
    return {"testSetId": test_set["members"]["testSetId"]}


class TestSets(Asking):
    """Test sets and their generation."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "TestSetGeneration",
            "testSetGenerationId",
            made="{hex10}",
            life=job("testSetGenerationStatus", ("Pending", 10), ("Generating", 120), ("Ready", 0)),
            work=_generated,
            derived=derived(),
        ),
    )

    hidden = (TEST_SET,)

    @stateful
    def start_test_set_generation(
        self, test_set_name: str, generation_data_source: Mapping[str, Any], **request: Any
    ) -> Reply:
        """Begin to make a test set of the conversations with an alias."""
        operation = "StartTestSetGeneration"
        _, source = self._only(generation_data_source, "generationDataSource")
        if source["filter"]["startTime"] > source["filter"]["endTime"]:
            raise self._invalid("The filter ends before it starts.")
        with self.world.lock:
            self.keepers["BotAlias"].named(operation, source)
            if self.keepers["TestSet"].all({"testSetName": test_set_name}):
                raise self._conflict(f"A test set with the name {test_set_name} exists already. Use another one.")
            self._check_bucket(request["storage_location"]["s3BucketName"], "storage location")
            members = {"test_set_name": test_set_name, "generation_data_source": generation_data_source}
            return self.keep(operation, {**members, **request})

    @stateful
    def update_test_set(self, test_set_id: str, test_set_name: str, description: str | None = None) -> Reply:
        """Another name and description."""
        request = {"test_set_id": test_set_id, "test_set_name": test_set_name, "description": description}
        return self.keep("UpdateTestSet", request)

    @stateful
    def delete_test_set(self, test_set_id: str) -> Reply:
        """A test set goes, unless it is being run."""
        keeper = self.keepers["TestExecution"]
        with self.world.lock:
            runs = keeper.all({"testSetId": test_set_id})
            if any(keeper.status(run) in ("Pending", "InProgress") for run in runs):
                raise self._conflict("The test set is being executed. Wait until that is done, then try again.")
            return self.keep("DeleteTestSet", {"test_set_id": test_set_id})

    @stateful
    def list_test_set_records(self, **request: Any) -> Reply:
        """The turns of a test set."""
        operation = "ListTestSetRecords"
        params = self.named(operation, request)
        turns = self.keepers["TestSet"].named(operation, params)["members"]["records"]
        return self.listed(operation, params, list(turns), "testSetRecords")

    def import_test_set(self, what: Mapping[str, Any], strategy: str) -> dict[str, Any]:
        """Make a test set of a file in the caller's bucket."""
        source, name = what["importInputLocation"], what["testSetName"]
        with failing():
            data = self.world.s3.get(source["s3BucketName"], source["s3Path"])
        try:
            turns = workbench_files.read(data)
        except TestFileError as error:
            raise WorkFailed(str(error)) from None
        wrong = check_reply(load(self.name).operations["ListTestSetRecords"], {"testSetRecords": turns})
        if wrong:
            raise WorkFailed(f"The test set has what Lex does not take: {wrong[0]}.")
        names = ("testSetName", "description", "roleArn", "storageLocation", "modality")
        made = {member: what[member] for member in names if member in what}
        with self.world.lock:
            old = next(iter(self.keepers["TestSet"].all({"testSetName": name})), None)
            if old is not None and strategy == "FailOnConflict":
                raise WorkFailed(f"A test set with the name {name} exists already.")
            before = old["members"]["records"] if old is not None and strategy == "Append" else []
            turns = [{**turn, "recordNumber": number} for number, turn in enumerate([*before, *turns], 1)]
            self.store(what["storageLocation"], name, turns)
            if old is not None:
                self.keepers["TestSet"].change(old, {**made, "records": turns, "numTurns": len(turns)})
            record = old or self.put_test_set("StartImport", made, turns, what.get("testSetTags", {}))
        return {"importedResourceId": record["members"]["testSetId"], "importedResourceName": name}

    def put_test_set(
        self, operation: str, members: Mapping[str, Any], turns: Sequence[Turn], tags: Mapping[str, str]
    ) -> Record:
        """Keep a new test set."""
        keeper = self.keepers["TestSet"]
        made = {**members, "records": list(turns), "numTurns": len(turns), "tags": dict(tags)}
        with failing():
            keeper.answer("create", operation, made)
        return keeper.all({"testSetName": members["testSetName"]})[0]

    def store(self, location: Mapping[str, Any], name: str, turns: Sequence[Turn]) -> None:
        """Write a test set where the caller wants it."""
        key = f"{location['s3Path'].rstrip('/')}/{name}.csv"
        with failing():
            self.world.s3.put(location["s3BucketName"], key, workbench_files.write(turns), "text/csv")


def _numbered(said: Sequence[Record]) -> list[Turn]:
    """Turns of what was said: the user's with what was understood, the bot's with what it answered."""
    conversations: dict[str, list[Record]] = {}
    for one in said:
        conversations.setdefault(one["originatingRequestId"], []).append(one)
    turns: list[Turn] = []
    for conversation, texts in enumerate(conversations.values(), 1):
        own: list[dict[str, Any]] = []
        for one in texts:
            slots = {name: {"value": value} for name, value in one["slots"].items()}
            intent = {"name": one["associatedIntentName"] or "FallbackIntent", "slots": slots}
            own.append(
                {
                    "userTurn": {
                        "input": {"utteranceInput": {"textInput": one["utterance"]}},
                        "expected": {"intent": intent},
                    }
                }
            )
            prompts = [message["content"] for message in one["botResponses"] if "content" in message]
            own += [{"agentTurn": {"agentPrompt": prompt[:1024]}} for prompt in prompts[:1]]
        for number, what in enumerate(own, 1):
            about = {"conversationId": str(conversation), "turnNumber": number}
            turns.append({"recordNumber": len(turns) + 1, **about, "turnSpecification": what})
    return turns
