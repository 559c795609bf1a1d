"""What Kendra keeps behaves the same on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.errors import ConflictError, NotFoundError, QuotaError, ServiceError

ROLE = "arn:aws:iam::123456789012:role/Kendra"
USER, GROUP, STRANGER = (f"9067118c4d-aabbccdd-1122-4344-8566-aabbccddeef{number}" for number in range(3))
USERS = [{"EntityId": USER, "EntityType": "USER"}, {"EntityId": GROUP, "EntityType": "GROUP"}]


def index(ai: Any, **settings: Any) -> str:
    """An index that is active."""
    name = str(ai.kendra.create_index(name="docs", role_arn=ROLE, **settings).id)
    assert ai.kendra.describe_index(id=name).status == "ACTIVE"
    return name


def experience(ai: Any, of: str) -> str:
    return str(ai.kendra.create_experience(name="search", index_id=of).id)


def featured(ai: Any, of: str, name: str, status: str = "ACTIVE", **more: Any) -> Any:
    settings = {"query_texts": ["Opening hours"], "featured_documents": [{"Id": "doc-1"}], "status": status, **more}
    return ai.kendra.create_featured_results_set(index_id=of, featured_results_set_name=name, **settings)


def code(caught: pytest.ExceptionInfo[ServiceError]) -> str:
    return caught.value.code


def test_an_index_has_the_fields_and_settings_that_aws_fills_in(ai: Any) -> None:
    found = ai.kendra.describe_index(id=index(ai))
    assert (found.edition, found.user_context_policy) == ("ENTERPRISE_EDITION", "ATTRIBUTE_FILTER")
    assert {"_document_title", "_source_uri", "_view_count"} <= {
        field.name for field in found.document_metadata_configurations
    }


def test_an_index_gets_fields_and_keeps_those_it_has(ai: Any) -> None:
    name = index(ai)
    before = ai.kendra.describe_index(id=name).document_metadata_configurations
    changes = [
        {"Name": "department", "Type": "STRING_VALUE", "Search": {"Facetable": True}},
        {"Name": "_category", "Type": "STRING_VALUE", "Search": {"Searchable": True}},
    ]
    ai.kendra.update_index(id=name, name="papers", document_metadata_configuration_updates=changes)
    found = ai.kendra.describe_index(id=name)
    fields = {field.name: field for field in found.document_metadata_configurations}
    assert (found.name, found.role_arn, len(fields)) == ("papers", ROLE, len(before) + 1)
    assert fields["department"].search.facetable
    assert not fields["department"].search.sortable
    assert fields["_category"].search.searchable
    assert fields["_category"].search.sortable


def test_a_field_keeps_its_type(ai: Any) -> None:
    name = index(ai)
    change = [{"Name": "_category", "Type": "LONG_VALUE"}]
    with pytest.raises(ServiceError) as caught:
        ai.kendra.update_index(id=name, name="papers", document_metadata_configuration_updates=change)
    assert code(caught) == "ValidationException"
    found = ai.kendra.describe_index(id=name)
    assert (found.name, found.status) == ("docs", "ACTIVE")


def test_an_index_takes_its_things_with_it(ai: Any) -> None:
    name = index(ai)
    source = ai.kendra.create_data_source(index_id=name, name="files", type="CUSTOM").id
    ai.kendra.delete_index(id=name)
    with pytest.raises(NotFoundError):
        ai.kendra.describe_data_source(index_id=name, id=source)
    with pytest.raises(ServiceError) as caught:
        ai.kendra.list_tags_for_resource(
            resource_arn=f"arn:aws:kendra:us-east-1:123456789012:index/{name}/data-source/{source}"
        )
    assert code(caught) == "ResourceUnavailableException"


def test_a_developer_index_has_room_for_five_data_sources(ai: Any) -> None:
    small, large = index(ai, edition="DEVELOPER_EDITION"), index(ai)
    for of in (small, large):
        for number in range(5):
            ai.kendra.create_data_source(index_id=of, name=f"files-{number}", type="CUSTOM")
    ai.kendra.create_data_source(index_id=large, name="more", type="CUSTOM")
    with pytest.raises(QuotaError):
        ai.kendra.create_data_source(index_id=small, name="more", type="CUSTOM")


def test_only_a_custom_data_source_comes_without_configuration(ai: Any) -> None:
    of = index(ai)
    settings = {"configuration": {"S3Configuration": {"BucketName": "shop"}}, "role_arn": ROLE}
    source = ai.kendra.create_data_source(index_id=of, name="files", type="S3", **settings).id
    found = ai.kendra.describe_data_source(index_id=of, id=source)
    assert found.configuration.s3_configuration.bucket_name == "shop"
    for kind, given in (("S3", {"role_arn": ROLE}), ("CUSTOM", settings)):
        with pytest.raises(ServiceError) as caught:
            ai.kendra.create_data_source(index_id=of, name="files", type=kind, **given)
        assert code(caught) == "ValidationException"


def test_the_same_token_makes_one_index(ai: Any) -> None:
    assert index(ai, client_token="again") == index(ai, client_token="again")
    with pytest.raises(ConflictError):
        index(ai, client_token="again", description="another")


def test_the_same_token_is_no_clash_with_itself(ai: Any) -> None:
    of = index(ai, edition="DEVELOPER_EDITION")
    sources = [
        ai.kendra.create_data_source(index_id=of, name="files", type="CUSTOM", client_token=f"token-{number}").id
        for number in (0, 1, 2, 3, 4, 4)
    ]
    assert sources[-2] == sources[-1]
    first, second = (featured(ai, of, "hours", client_token="again").featured_results_set for _ in range(2))
    assert first.featured_results_set_id == second.featured_results_set_id


def test_things_of_an_index_are_tagged(ai: Any) -> None:
    of = index(ai)
    place = {"Bucket": "shop", "Key": "faq.csv"}
    faq = ai.kendra.create_faq(
        index_id=of, name="faq", s3_path=place, role_arn=ROLE, tags=[{"Key": "team", "Value": "a"}]
    ).id
    arn = f"arn:aws:kendra:us-east-1:123456789012:index/{of}/faq/{faq}"
    ai.kendra.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ai.kendra.untag_resource(resource_arn=arn, tag_keys=["team"])
    assert [(tag.key, tag.value) for tag in ai.kendra.list_tags_for_resource(resource_arn=arn).tags] == [
        ("stage", "test")
    ]


def test_a_query_is_in_one_active_set_only(ai: Any) -> None:
    of = index(ai)
    first = featured(ai, of, "hours").featured_results_set
    second = featured(ai, of, "times", status="INACTIVE").featured_results_set
    assert first.creation_timestamp > 0
    with pytest.raises(ServiceError) as caught:
        ai.kendra.update_featured_results_set(
            index_id=of, featured_results_set_id=second.featured_results_set_id, status="ACTIVE"
        )
    assert code(caught) == "FeaturedResultsConflictException"
    items = caught.value.details["ConflictingItems"]
    assert [item["SetId"] for item in items] == [first.featured_results_set_id]
    with pytest.raises(ServiceError):
        featured(ai, of, "third")


def test_featured_results_are_shown_and_deleted_together(ai: Any) -> None:
    of = index(ai)
    own = featured(ai, of, "hours").featured_results_set.featured_results_set_id
    found = ai.kendra.describe_featured_results_set(index_id=of, featured_results_set_id=own)
    assert [document.id for document in found.featured_documents_missing] == ["doc-1"]
    unknown = "0" * 36
    errors = ai.kendra.batch_delete_featured_results_set(index_id=of, featured_results_set_ids=[own, unknown]).errors
    assert [(error.id, error.error_code) for error in errors] == [(unknown, "InvalidRequest")]
    assert ai.kendra.list_featured_results_sets(index_id=of).featured_results_set_summary_items == []


def test_who_may_see_an_experience(ai: Any) -> None:
    of = index(ai)
    own = experience(ai, of)
    ai.kendra.associate_entities_to_experience(id=own, index_id=of, entity_list=USERS)
    personas = [{"EntityId": USER, "Persona": "OWNER"}, {"EntityId": STRANGER, "Persona": "VIEWER"}]
    failed = ai.kendra.associate_personas_to_entities(id=own, index_id=of, personas=personas).failed_entity_list
    assert [entity.entity_id for entity in failed] == [STRANGER]
    known = ai.kendra.list_experience_entities(id=own, index_id=of).summary_items
    assert [(one.entity_id, one.entity_type) for one in known] == [(USER, "USER"), (GROUP, "GROUP")]
    roles = ai.kendra.list_entity_personas(id=own, index_id=of).summary_items
    assert [(one.entity_id, one.persona) for one in roles] == [(USER, "OWNER")]
    ai.kendra.disassociate_personas_from_entities(id=own, index_id=of, entity_ids=[USER])
    assert ai.kendra.list_entity_personas(id=own, index_id=of).summary_items == []
    ai.kendra.disassociate_entities_from_experience(id=own, index_id=of, entity_list=USERS[:1])
    known = ai.kendra.list_experience_entities(id=own, index_id=of).summary_items
    assert [one.entity_id for one in known] == [GROUP]
    with pytest.raises(NotFoundError):
        ai.kendra.list_experience_entities(id="nothing", index_id=of)


def test_personas_come_in_pages(ai: Any) -> None:
    of = index(ai)
    own = experience(ai, of)
    ai.kendra.associate_entities_to_experience(id=own, index_id=of, entity_list=USERS)
    personas = [{"EntityId": user["EntityId"], "Persona": "VIEWER"} for user in USERS]
    ai.kendra.associate_personas_to_entities(id=own, index_id=of, personas=personas)
    first = ai.kendra.list_entity_personas(id=own, index_id=of, max_results=1)
    second = ai.kendra.list_entity_personas(id=own, index_id=of, max_results=1, next_token=first.next_token)
    assert [one.entity_id for page in (first, second) for one in page.summary_items] == [USER, GROUP]
    assert second.next_token is None
    with pytest.raises(ServiceError) as caught:
        ai.kendra.list_experience_entities(id=own, index_id=of, next_token=first.next_token)
    assert code(caught) == "ValidationException"


def test_the_mappings_of_a_group_follow_their_order(ai: Any) -> None:
    of = index(ai)
    members = {"MemberUsers": [{"UserId": "anna"}]}
    for group, ordering in (("sales", 1), ("sales", 3), ("legal", 2)):
        ai.kendra.put_principal_mapping(index_id=of, group_id=group, group_members=members, ordering_id=ordering)
    found = ai.kendra.describe_principal_mapping(index_id=of, group_id="sales").group_ordering_id_summaries
    assert [(one.ordering_id, one.status) for one in found] == [(1, "SUCCEEDED"), (3, "SUCCEEDED")]
    older = ai.kendra.list_groups_older_than_ordering_id(index_id=of, ordering_id=3).groups_summaries
    assert [(group.group_id, group.ordering_id) for group in older] == [("legal", 2)]
    ai.kendra.delete_principal_mapping(index_id=of, group_id="sales", ordering_id=1)
    found = ai.kendra.describe_principal_mapping(index_id=of, group_id="sales").group_ordering_id_summaries
    assert [one.ordering_id for one in found] == [3]
    ai.kendra.delete_principal_mapping(index_id=of, group_id="sales")
    with pytest.raises(NotFoundError):
        ai.kendra.describe_principal_mapping(index_id=of, group_id="sales")
    with pytest.raises(NotFoundError):
        ai.kendra.put_principal_mapping(index_id=of, data_source_id="nothing", group_id="sales", group_members=members)


def test_settings_of_suggestions_are_changed_one_by_one(ai: Any) -> None:
    of = index(ai)
    config = ai.kendra.describe_query_suggestions_config(index_id=of)
    assert (config.mode, config.query_log_look_back_window_in_days, config.last_clear_time) == ("ENABLED", 180, None)
    ai.kendra.update_query_suggestions_config(index_id=of, mode="LEARN_ONLY")
    with pytest.raises(ConflictError):
        ai.kendra.update_query_suggestions_config(index_id=of, minimum_query_count=7)
    config = ai.kendra.describe_query_suggestions_config(index_id=of)
    assert (config.mode, config.status, config.minimum_query_count) == ("LEARN_ONLY", "ACTIVE", 3)
    ai.kendra.clear_query_suggestions(index_id=of)
    assert ai.kendra.describe_query_suggestions_config(index_id=of).last_clear_time is not None
    with pytest.raises(NotFoundError):
        ai.kendra.clear_query_suggestions(index_id="0" * 36)


def test_access_control_is_kept(ai: Any) -> None:
    of = index(ai)
    principals = [{"Name": "sales", "Type": "GROUP", "Access": "ALLOW"}]
    own = ai.kendra.create_access_control_configuration(index_id=of, name="staff", access_control_list=principals).id
    ai.kendra.update_access_control_configuration(index_id=of, id=own, description="of the shop")
    found = ai.kendra.describe_access_control_configuration(index_id=of, id=own)
    assert (found.name, found.description, found.access_control_list[0].name) == ("staff", "of the shop", "sales")
    listed = ai.kendra.list_access_control_configurations(index_id=of).access_control_configurations
    assert [one.id for one in listed] == [own]
