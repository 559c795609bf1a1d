"""What the parts of Rekognition share."""

from __future__ import annotations

from collections.abc import Sequence

from ..service import Service
from ..store import Record


class Part(Service):
    """Some of Rekognition's operations; `Rekognition` has them all."""

    def _record(self, noun: str, operation: str, **named: str) -> Record:
        """What a request of the operation names, or that operation's error."""
        return self.keepers[noun].named(operation, named)

    def _check_feature(self, record: Record, feature: str) -> None:
        """A project, or a model, is for this feature."""
        found = record["members"]["Feature"]
        if found != feature:
            raise self.error("InvalidParameterException", f"The project's feature is {found}; it has to be {feature}.")

    def _check_concurrent(self, nouns: Sequence[str], states: Sequence[str], most: int) -> None:
        """Refuse another one when so many are in one of these states. On an auto clock asking ends them."""
        keepers = [self.keepers[noun] for noun in nouns]
        waiting = [(keeper, one) for keeper in keepers for one in self.world.works.of(keeper)]
        busy = [(keeper, one) for keeper, one in waiting if keeper.status(one) in states]
        if len(busy) >= most and sum(keeper.look(one) in states for keeper, one in busy) >= most:
            raise self.error("LimitExceededException", f"{most} are at work already; wait until one has ended.")
