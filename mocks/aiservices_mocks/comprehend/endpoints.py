"""Comprehend's endpoints: trained models that answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful

from .flywheels import Flywheels
from .models import NOUNS, kind_of

UNITS, ALL_UNITS = 50, 200
"""Inference units of one endpoint, and of all in a region. Source:
https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html"""


def _serving(view: Mapping[str, Any]) -> dict[str, Any]:
    """What an endpoint serves now: what is desired, and until then what was before."""
    before: Mapping[str, Any] = view["Before"]
    now = view if view["Status"] == "IN_SERVICE" else before
    shown = {"ModelArn": now.get("ModelArn", view["ModelArn"]), "DesiredModelArn": view["ModelArn"]}
    if "DesiredInferenceUnits" in now:
        shown["CurrentInferenceUnits"] = now["DesiredInferenceUnits"]
    if "DataAccessRoleArn" in view:
        shown["DesiredDataAccessRoleArn"] = view["DataAccessRoleArn"]
        shown["DataAccessRoleArn"] = now.get("DataAccessRoleArn", view["DataAccessRoleArn"])
    return shown


ENDPOINTS = (
    Resource(
        "Endpoint",
        "EndpointArn",
        made="{arn}",
        arn="{Kind}-endpoint/{EndpointName}",
        uses={"ModelArn": NOUNS, "FlywheelArn": "Flywheel"},
        life=Life("Status", (("CREATING", 600), ("IN_SERVICE", 0)), (("UPDATING", 600), ("IN_SERVICE", 0))),
        derived=_serving,
        quota=20,
        steady=True,
    ),
)


class Endpoints(Flywheels):
    """Comprehend's endpoints."""

    @stateful
    def create_endpoint(self, desired_inference_units: int, **given: Any) -> Reply:
        """An endpoint of a trained model, or of a flywheel's active model."""
        self._check_units(desired_inference_units)
        arn = given.pop("model_arn", None) or self.active_model(given.get("flywheel_arn"))
        self.trained(arn)
        request = {"desired_inference_units": desired_inference_units, **given}
        return self.keep("CreateEndpoint", request, ModelArn=arn, Kind=kind_of(arn), Before={})

    @stateful
    def update_endpoint(
        self,
        endpoint_arn: str,
        desired_model_arn: str | None = None,
        desired_inference_units: int | None = None,
        desired_data_access_role_arn: str | None = None,
        flywheel_arn: str | None = None,
    ) -> Reply:
        """Another model, other units or another role, some minutes later."""
        self._check_units(desired_inference_units or 1, endpoint_arn)
        if desired_model_arn is None and flywheel_arn is not None:
            desired_model_arn = self.active_model(flywheel_arn)
        if desired_model_arn is not None:
            self.trained(desired_model_arn)
            if f":{kind_of(desired_model_arn)}-endpoint/" not in endpoint_arn:
                raise self.error("InvalidRequestException", "The model is of another kind than the endpoint's.")
        changes = {
            "ModelArn": desired_model_arn,
            "DesiredInferenceUnits": desired_inference_units,
            "DataAccessRoleArn": desired_data_access_role_arn,
        }
        with self.world.lock:
            known = self.keepers["Endpoint"].find({"EndpointArn": endpoint_arn})
            before = {name: known["members"][name] for name in changes if name in known["members"]} if known else {}
            return self.keep(
                "UpdateEndpoint",
                {"endpoint_arn": endpoint_arn, "flywheel_arn": flywheel_arn},
                Before=before,
                **{name: value for name, value in changes.items() if value is not None},
            )

    def served(self, endpoint_arn: str) -> Mapping[str, Any]:
        """The members of the model that an endpoint serves now; it must be in service."""
        keeper = self.keepers["Endpoint"]
        endpoint = keeper.find({"EndpointArn": endpoint_arn})
        if endpoint is None:
            raise self.error("ResourceUnavailableException", "The specified endpoint does not exist.")
        status = keeper.look(endpoint)
        if status not in ("IN_SERVICE", "UPDATING"):
            raise self.error("ResourceUnavailableException", f"The endpoint is {status}; it must be IN_SERVICE.")
        with self.world.lock:
            members = endpoint["members"]
            return self.trained(_serving({**members, "Status": status})["ModelArn"])

    def _check_units(self, units: int, endpoint_arn: str = "") -> None:
        """An endpoint can have so many units besides what the others have."""
        others = [one["members"] for one in self.keepers["Endpoint"].all({})]
        taken = sum(one["DesiredInferenceUnits"] for one in others if one["EndpointArn"] != endpoint_arn)
        most = min(UNITS, ALL_UNITS - taken)
        if units > most:
            raise self.error(
                "ResourceLimitExceededException",
                f"{units} inference units, but this endpoint can have at most {most}: "
                f"{UNITS} of its own, {ALL_UNITS} with all others of the region.",
            )
