"""Amazon Personalize's runtime: what campaigns and recommenders answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from aiservices.call import Reply, note
from aiservices_mocks.engines.co_occurrence import Ranked
from aiservices_mocks.service import computed

from .asking import Refusing
from .control import Personalize
from .suggestions import MOST, USUAL, Advisor, Asked, RequestError

_WITH_METADATA = 50
"""Items of one answer with metadata."""
_ACTIONS, _USUAL_ACTIONS = 100, 5
"""Actions of one answer, and how many when the caller does not say."""
_ENGINE = "co-occurrence"


class PersonalizeRuntime(Refusing):
    """Recommendations, from counts of what goes with what."""

    name = "personalize-runtime"

    @computed
    def get_recommendations(
        self,
        campaign_arn: str | None = None,
        recommender_arn: str | None = None,
        item_id: str = "",
        user_id: str = "",
        num_results: int | None = None,
        context: Mapping[str, str] | None = None,
        filter_arn: str | None = None,
        filter_values: Mapping[str, str] | None = None,
        promotions: Sequence[Mapping[str, Any]] = (),
        metadata_columns: Mapping[str, Sequence[str]] | None = None,
    ) -> Reply:
        """Items for a user, or for an item."""
        if bool(campaign_arn) == bool(recommender_arn):
            raise self._invalid("Give either a campaignArn or a recommenderArn.")
        advisor, config = self._campaign(campaign_arn) if campaign_arn else self._recommender(recommender_arn or "")
        if advisor.purpose.kind in ("PERSONALIZED_RANKING", "USER_SEGMENTATION", "PERSONALIZED_ACTIONS"):
            raise self._invalid("The recipe of the campaign does not support GetRecommendations.")
        count = self._count(num_results, _WITH_METADATA if metadata_columns else MOST, USUAL)
        asked = Asked(user_id, item_id)
        try:
            everything = advisor.ranked(asked)
        except RequestError as error:
            raise self._invalid(str(error)) from error
        best = self._sieved(advisor, everything, filter_arn, filter_values, asked)[:count]
        items = [self._item(advisor, pair) for pair in best]
        for promotion in promotions:
            items = self._promoted(advisor, everything, items, promotion, asked, count)
        self._add_metadata(advisor, config, items, metadata_columns)
        return note({"itemList": items, "recommendationId": self._id()}, engine=_ENGINE)

    @computed
    def get_personalized_ranking(
        self,
        campaign_arn: str,
        input_list: Sequence[str],
        user_id: str,
        context: Mapping[str, str] | None = None,
        filter_arn: str | None = None,
        filter_values: Mapping[str, str] | None = None,
        metadata_columns: Mapping[str, Sequence[str]] | None = None,
    ) -> Reply:
        """The given items in the order of a user's liking."""
        advisor, config = self._campaign(campaign_arn)
        if advisor.purpose.kind != "PERSONALIZED_RANKING":
            raise self._invalid("The recipe of the campaign does not support GetPersonalizedRanking.")
        self._count(len(input_list), _WITH_METADATA if metadata_columns else MOST, USUAL)
        asked = Asked(user_id, items=input_list)
        best = self._sieved(advisor, advisor.ordered(asked), filter_arn, filter_values, asked)
        items = [self._item(advisor, pair) for pair in best]
        self._add_metadata(advisor, config, items, metadata_columns)
        return note({"personalizedRanking": items, "recommendationId": self._id()}, engine=_ENGINE)

    @computed
    def get_action_recommendations(
        self,
        campaign_arn: str | None = None,
        user_id: str = "",
        num_results: int | None = None,
        filter_arn: str | None = None,
        filter_values: Mapping[str, str] | None = None,
    ) -> Reply:
        """What a user is likely to do next."""
        if not campaign_arn or not user_id:
            raise self._invalid("campaignArn and userId are required.")
        advisor, _ = self._campaign(campaign_arn)
        if advisor.purpose.kind != "PERSONALIZED_ACTIONS":
            raise self._invalid("The recipe of the campaign does not support GetActionRecommendations.")
        count = self._count(num_results, _ACTIONS, _USUAL_ACTIONS)
        best = self._sieved(advisor, advisor.actions(user_id), filter_arn, filter_values, Asked(user_id))[:count]
        actions = [{"actionId": action, "score": score} for action, score in best]
        return note({"actionList": actions, "recommendationId": self._id()}, engine=_ENGINE)

    # Who answers.

    def _campaign(self, arn: str) -> tuple[Advisor, Mapping[str, Any]]:
        kept = Personalize.of(self.world)
        campaign = kept.keepers["Campaign"].find({"campaignArn": arn})
        if campaign is None or kept.keepers["Campaign"].status(campaign) != "ACTIVE":
            raise self.error("ResourceNotFoundException", "No campaign that is ACTIVE has this ARN.")
        version = kept.keepers["SolutionVersion"].find(campaign["members"])
        if version is None:
            raise self.error("ResourceNotFoundException", "The solution version of the campaign does not exist.")
        return Advisor(kept, version), campaign["members"].get("campaignConfig", {})

    def _recommender(self, arn: str) -> tuple[Advisor, Mapping[str, Any]]:
        kept = Personalize.of(self.world)
        recommender = kept.keepers["Recommender"].find({"recommenderArn": arn})
        if recommender is None or kept.keepers["Recommender"].status(recommender) != "ACTIVE":
            raise self.error("ResourceNotFoundException", "No recommender that is ACTIVE has this ARN.")
        return Advisor(kept, recommender), recommender["members"]["recommenderConfig"]

    # What of it is shown.

    def _sieved(
        self,
        advisor: Advisor,
        best: Ranked,
        filter_arn: str | None,
        values: Mapping[str, str] | None,
        asked: Asked,
    ) -> Ranked:
        found = Personalize.of(self.world).keepers["Filter"].find({"filterArn": filter_arn}) if filter_arn else None
        if found is None and filter_arn:
            raise self.error("ResourceNotFoundException", "No filter has this ARN.")
        try:
            return advisor.sieved(best, found, values or {}, asked)
        except RequestError as error:
            raise self._invalid(str(error)) from error

    def _promoted(
        self,
        advisor: Advisor,
        everything: Ranked,
        items: list[dict[str, Any]],
        promotion: Mapping[str, Any],
        asked: Asked,
        count: int,
    ) -> list[dict[str, Any]]:
        """Items of a promotion, spread among the others; they take the place of the last of those."""
        wanted = ceil(count * promotion.get("percentPromotedItems", 100) / 100)
        found = self._sieved(advisor, everything, promotion.get("filterArn"), promotion.get("filterValues"), asked)[
            :wanted
        ]
        name = {"promotionName": promotion["name"]} if "name" in promotion else {}
        mine = [{**self._item(advisor, pair), **name} for pair in found]
        ids = {item["itemId"] for item in mine}
        others = [item for item in items if item["itemId"] not in ids][: count - len(mine)]
        whole = len(others) + len(mine)
        places = {index * whole // len(mine) for index in range(len(mine))} if mine else set()
        return [(mine if place in places else others).pop(0) for place in range(whole)]

    def _add_metadata(
        self,
        advisor: Advisor,
        config: Mapping[str, Any],
        items: Sequence[dict[str, Any]],
        wanted: Mapping[str, Sequence[str]] | None,
    ) -> None:
        if not wanted:
            return
        if not config.get("enableMetadataWithRecommendations"):
            raise self._invalid("Metadata is not enabled: set enableMetadataWithRecommendations.")
        for item in items:
            known = advisor.known.items.get(item["itemId"], {})
            found = {name: known.get(name.upper()) for name in wanted.get("ITEMS", ())}
            item["metadata"] = {name: str(value) for name, value in found.items() if value is not None}

    def _item(self, advisor: Advisor, pair: tuple[str, float]) -> dict[str, Any]:
        return {"itemId": pair[0], **({"score": pair[1]} if advisor.has_scores else {})}

    def _count(self, asked: int | None, most: int, usual: int) -> int:
        if (asked or 0) > most:
            raise self._invalid(f"{asked} results, at most {most}.")
        return asked or usual

    def _id(self) -> str:
        return f"RID-{self.world.new_id()}"
