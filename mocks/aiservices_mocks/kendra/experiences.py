"""Who may see an experience, and in which role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Table

from .of_index import OfIndex, under


class Experiences(OfIndex):
    """The entities and personas of experiences."""

    @stateful
    def associate_entities_to_experience(self, id: str, index_id: str, entity_list: list[dict[str, Any]]) -> Reply:
        """Users and groups that may see the experience."""
        with self.world.lock:
            self._found("Experience", IndexId=index_id, Id=id)
            for entity in entity_list:
                shown = {"EntityId": entity["EntityId"], "EntityType": entity["EntityType"], "DisplayData": {}}
                self._entities[f"{index_id}\n{id}\n{entity['EntityId']}"] = shown
        return {}

    @stateful
    def disassociate_entities_from_experience(self, id: str, index_id: str, entity_list: list[dict[str, Any]]) -> Reply:
        """They may see it no longer, in whatever role."""
        with self.world.lock:
            self._found("Experience", IndexId=index_id, Id=id)
            names = [entity["EntityId"] for entity in entity_list]
            failed = self._strangers(index_id, id, names)
            for name in names:
                self._entities.pop(f"{index_id}\n{id}\n{name}", None)
                self._personas.pop(f"{index_id}\n{id}\n{name}", None)
        return failed

    @stateful
    def list_experience_entities(self, id: str, index_id: str, next_token: str | None = None) -> Reply:
        """Who may see the experience."""
        self._found("Experience", IndexId=index_id, Id=id)
        params = {"IndexId": index_id, "Id": id, "NextToken": next_token}
        return self.listed("ListExperienceEntities", params, under(self._entities, index_id, id), "SummaryItems")

    @stateful
    def associate_personas_to_entities(self, id: str, index_id: str, personas: list[dict[str, Any]]) -> Reply:
        """The roles of users and groups that are of the experience."""
        now = self.world.clock.now()
        with self.world.lock:
            self._found("Experience", IndexId=index_id, Id=id)
            failed = self._strangers(index_id, id, [persona["EntityId"] for persona in personas])
            for persona in personas:
                key = f"{index_id}\n{id}\n{persona['EntityId']}"
                if key in self._entities:
                    created = self._personas.get(key, {}).get("CreatedAt", now)
                    self._personas[key] = {**persona, "CreatedAt": created, "UpdatedAt": now}
        return failed

    @stateful
    def disassociate_personas_from_entities(self, id: str, index_id: str, entity_ids: list[str]) -> Reply:
        """They may see the experience, but have no role."""
        with self.world.lock:
            self._found("Experience", IndexId=index_id, Id=id)
            failed = self._strangers(index_id, id, entity_ids)
            for name in entity_ids:
                self._personas.pop(f"{index_id}\n{id}\n{name}", None)
        return failed

    @stateful
    def list_entity_personas(
        self, id: str, index_id: str, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """The roles, with their times."""
        self._found("Experience", IndexId=index_id, Id=id)
        params = {"IndexId": index_id, "Id": id, "NextToken": next_token}
        return self.listed(
            "ListEntityPersonas", params, under(self._personas, index_id, id), "SummaryItems", max_results
        )

    def _strangers(self, index_id: str, id: str, names: Iterable[str]) -> Reply:
        """Those that are not of the experience, as a reply lists them."""
        message = "The entity is not associated with the experience."
        strange = [name for name in names if f"{index_id}\n{id}\n{name}" not in self._entities]
        failed = [{"EntityId": name, "ErrorMessage": message} for name in strange]
        return {"FailedEntityList": failed} if failed else {}

    @property
    def _entities(self) -> Table:
        return self.world.store.table(self.name, "entity")

    @property
    def _personas(self) -> Table:
        return self.world.store.table(self.name, "persona")
