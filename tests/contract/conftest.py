"""Every reply of the mock in a contract test is held against AWS's model."""

from __future__ import annotations

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.replies import check_reply

from aiservices.api.model import load
from aiservices.call import SERVICES, Call, Reply


@pytest.fixture(autouse=True)
def _replies_fit_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Mock.send

    def checked(self: Mock, call: Call) -> Reply:
        reply = send(self, call)
        facts = reply["ResponseMetadata"].get("AIServices", {})
        if call.service in SERVICES and facts.get("fidelity") != "scripted":
            problems = check_reply(load(call.service).operation(call.operation), reply)
            assert not problems, f"{call.name}: {problems}"
        return reply

    monkeypatch.setattr(Mock, "send", checked)
