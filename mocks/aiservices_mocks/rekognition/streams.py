"""Stream processors and liveness sessions: nothing looks into a stream, so what runs finds nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply

from ..resources import Life, Resource
from ..service import stateful
from ..store import Record
from .part import Part


class Streams(Part):
    """Stream processors, and sessions of Face Liveness."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "StreamProcessor",
            "Name",
            arn="streamprocessor/{Name}",
            arn_member="StreamProcessorArn",
            life=Life("Status", (("STOPPED", 0),)),
            quota=10_000,
            operations={"stop": ""},
        ),
        Resource(
            "FaceLivenessSession",
            "SessionId",
            made="{uuid}",
            life=Life("Status", (("CREATED", 180), ("EXPIRED", 0))),
            operations={"read": "GetFaceLivenessSessionResults"},
        ),
    )

    @stateful
    def start_stream_processor(self, name: str, start_selector: Any = None, stop_selector: Any = None) -> Reply:
        """Let a stream processor run. One that looks for labels runs in a session."""
        with self.world.lock:
            processor = self._in_state("StartStreamProcessor", name, "STOPPED")
            labels = "ConnectedHome" in processor["members"]["Settings"]
            if {start_selector is not None, stop_selector is not None} != {labels}:
                rule = "labels needs StartSelector and StopSelector" if labels else "faces takes no selectors"
                raise self.error("InvalidParameterException", f"A stream processor that looks for {rule}.")
            self.keepers["StreamProcessor"].enter(processor, ("STARTING", 15), ("RUNNING", 0))
        return {"SessionId": self.world.new_id()} if labels else {}

    @stateful
    def stop_stream_processor(self, name: str) -> Reply:
        """Let a stream processor stop."""
        with self.world.lock:
            processor = self._in_state("StopStreamProcessor", name, "RUNNING", "STARTING")
            self.keepers["StreamProcessor"].enter(processor, ("STOPPING", 15), ("STOPPED", 0))
        return {}

    @stateful
    def delete_stream_processor(self, name: str) -> Reply:
        """Forget a stream processor that is stopped."""
        with self.world.lock:
            self._in_state("DeleteStreamProcessor", name, "STOPPED")
            return self.keep("DeleteStreamProcessor", {"name": name})

    @stateful
    def update_stream_processor(
        self,
        name: str,
        settings_for_update: Mapping[str, Any] | None = None,
        regions_of_interest_for_update: Sequence[Mapping[str, Any]] | None = None,
        data_sharing_preference_for_update: Mapping[str, Any] | None = None,
        parameters_to_delete: Sequence[str] = (),
    ) -> Reply:
        """Change what a stopped stream processor looks for, and where; or take such a limit away."""
        with self.world.lock:
            processor = self._in_state("UpdateStreamProcessor", name, "STOPPED")
            settings = processor["members"]["Settings"]
            home = {
                **settings.get("ConnectedHome", {}),
                **(settings_for_update or {}).get("ConnectedHomeForUpdate", {}),
            }
            if "ConnectedHomeMinConfidence" in parameters_to_delete:
                home.pop("MinConfidence", None)
            changes: dict[str, Any] = {"Settings": {**settings, "ConnectedHome": home}} if home else {}
            if regions_of_interest_for_update is not None:
                changes["RegionsOfInterest"] = regions_of_interest_for_update
            if "RegionsOfInterest" in parameters_to_delete:
                changes["RegionsOfInterest"] = []
            if data_sharing_preference_for_update is not None:
                changes["DataSharingPreference"] = data_sharing_preference_for_update
            self.keepers["StreamProcessor"].change(processor, changes)
        return {}

    def _in_state(self, operation: str, name: str, *states: str) -> Record:
        processor = self._record("StreamProcessor", operation, Name=name)
        status = self.keepers["StreamProcessor"].status(processor)
        if status not in states:
            wanted = " or ".join(states)
            raise self.error("ResourceInUseException", f"The stream processor is {status}; it has to be {wanted}.")
        return processor
