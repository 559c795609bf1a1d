"""What Translate keeps, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError

CSV = b"en,fr,es,zh\nHello world!,Bonjour tout le monde!,Hola Mundo!,????\nAmazon,Amazon,Amazon,Amazon"
TMX = b"""<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>order</seg></tuv><tuv xml:lang="de"><seg>Auftrag</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>left</seg></tuv></tu>
</body></tmx>"""


def terms(ai: Any, data: bytes = CSV, format: str = "CSV", **members: Any) -> Any:
    return ai.translate.import_terminology(
        name="shop", merge_strategy="OVERWRITE", terminology_data={"File": data, "Format": format}, **members
    ).terminology_properties


def test_a_terminology_is_counted_as_aws_counts_it(ai: Any) -> None:
    made = terms(ai, description="words")
    assert made.arn == "arn:aws:translate:us-east-1:123456789012:terminology/shop/LATEST"
    assert (made.source_language_code, made.target_language_codes) == ("en", ["fr", "es", "zh"])
    assert (made.size_bytes, made.term_count, made.skipped_term_count) == (len(CSV), 6, 0)
    assert (made.directionality, made.format, made.description) == ("UNI", "CSV", "words")


def test_a_second_import_takes_the_place_of_the_first(ai: Any) -> None:
    first = terms(ai, tags=[{"Key": "team", "Value": "a"}])
    second = terms(ai, TMX, "TMX")
    assert (second.target_language_codes, second.term_count, second.skipped_term_count) == (["de"], 1, 1)
    assert second.created_at == first.created_at
    (listed,) = ai.translate.list_terminologies().terminology_properties_list
    assert listed.format == "TMX"
    assert [tag.key for tag in ai.translate.list_tags_for_resource(resource_arn=second.arn).tags] == ["team"]
    ai.translate.delete_terminology(name="shop")
    with pytest.raises(NotFoundError):
        ai.translate.get_terminology(name="shop")


def test_its_file_can_be_read_in_every_format() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        terms(ai, TMX, "TMX")
        for format in ("CSV", "TSV", "TMX"):
            place = ai.translate.get_terminology(name="shop", terminology_data_format=format).terminology_data_location
            host, _, key = place.location.removeprefix("https://").partition("/")
            data = mock.s3[f"{host.partition('.')[0]}/{key}"]
            assert data == {"CSV": b"en,de\norder,Auftrag\n", "TSV": b"en\tde\norder\tAuftrag\n", "TMX": TMX}[format]
        terms(ai)
        ai.translate.get_terminology(name="shop", terminology_data_format="TMX")
        (key,) = mock.s3.keys("aws-translate-terminology-prod-us-east-1", "123456789012/shop/LATEST/TMX/")
        written = mock.s3.get("aws-translate-terminology-prod-us-east-1", key)
        again = terms(ai, written, "TMX")
        assert (again.term_count, again.target_language_codes) == (6, ["fr", "es", "zh"])


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"", "CSV"),
        (b"\xff\xfe", "CSV"),
        (b"en\nword", "CSV"),
        (b"en,en\na,b", "CSV"),
        (b"en,xx\na,b", "CSV"),
        (b"en,fr\na,b,c", "CSV"),
        (b'en,fr\n"a,b', "CSV"),
        (b"en,fr\na," + b"b" * 201, "CSV"),
        (b"en,fr,es,de,it,pt,nl,sv,da,fi,pl,cs\n", "CSV"),
        (b"<tmx>", "TMX"),
        (b'<tmx><header srclang="en"/><body/></tmx>', "TMX"),
        (b'<!DOCTYPE t [<!ENTITY a "b">]><tmx/>', "TMX"),
    ],
)
def test_a_file_that_is_none_is_refused_and_changes_nothing(ai: Any, data: bytes, format: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        terms(ai, data, format)
    assert caught.value.code == "InvalidParameterValueException"
    assert ai.translate.list_terminologies().terminology_properties_list == []


def parallel(ai: Any, name: str, key: str, update: bool = False) -> Any:
    operation = ai.translate.update_parallel_data if update else ai.translate.create_parallel_data
    config = {"S3Uri": f"s3://pairs/{key}", "Format": "CSV"}
    return operation(name=name, parallel_data_config=config, client_token=f"{name}-{key[:-4]}-{update}")


def test_parallel_data_is_read_from_s3() -> None:
    mock = Mock()
    mock.s3["pairs/a.csv"] = CSV
    with AI(backend=mock) as ai:
        assert parallel(ai, "style", "a.csv").status == "CREATING"
        found = ai.translate.get_parallel_data(name="style")
        shown = found.parallel_data_properties
        assert (shown.status, shown.imported_record_count, shown.imported_data_size) == ("ACTIVE", 2, len(CSV))
        assert shown.target_language_codes == ["fr", "es", "zh"]
        assert found.data_location.location == "https://pairs.s3.us-east-1.amazonaws.com/a.csv"
        assert parallel(ai, "style", "a.csv").name == "style"
        with pytest.raises(ConflictError):
            parallel(ai, "style", "b.csv")
        assert ai.translate.delete_parallel_data(name="style").status == "DELETING"
        with pytest.raises(NotFoundError):
            ai.translate.get_parallel_data(name="style")


def test_a_file_that_is_missing_ends_failed_and_an_update_mends_it() -> None:
    clock = Clock.manual()
    mock = Mock(clock=clock)
    mock.s3["pairs/a.csv"] = CSV
    with AI(backend=mock) as ai:
        parallel(ai, "style", "none.csv")
        assert state(ai) == ("CREATING", None, None)
        with pytest.raises(ConflictError) as caught:
            parallel(ai, "style", "a.csv", update=True)
        assert caught.value.code == "ConcurrentModificationException"
        clock.advance(hours=1)
        assert state(ai) == ("FAILED", None, None)
        assert "NoSuchKey" in ai.translate.get_parallel_data(name="style").parallel_data_properties.message
        parallel(ai, "style", "a.csv", update=True)
        assert state(ai) == ("UPDATING", "UPDATING", None)
        clock.advance(hours=1)
        assert state(ai) == ("ACTIVE", "ACTIVE", 2)
        parallel(ai, "style", "none.csv", update=True)
        assert state(ai) == ("UPDATING", "UPDATING", 2)
        clock.advance(hours=1)
        assert state(ai) == ("ACTIVE", "FAILED", 2)


def test_what_is_imported_is_what_there_is_at_the_end_and_a_failed_update_leaves_it() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3.make_bucket("pairs")
    with AI(backend=mock) as ai:

        def shown() -> tuple[str | None, str | None]:
            mock.clock.advance(hours=1)
            found = ai.translate.get_parallel_data(name="style")
            return found.data_location and found.data_location.location, found.parallel_data_properties.message

        first = "https://pairs.s3.us-east-1.amazonaws.com/a.csv"
        parallel(ai, "style", "a.csv")
        mock.s3["pairs/a.csv"] = CSV
        assert shown() == (first, None)
        mock.s3["pairs/b.csv"] = "no terms"
        attempt = parallel(ai, "style", "b.csv", update=True)
        assert attempt.latest_update_attempt_at == mock.clock.now()
        location, message = shown()
        assert (location, "target language" in str(message)) == (first, True)
        mock.s3["pairs/b.csv"] = CSV
        parallel(ai, "style", "b.csv", update=True)
        assert shown() == (first.replace("a.csv", "b.csv"), None)


def state(ai: Any) -> tuple[str, str | None, int | None]:
    (shown,) = ai.translate.list_parallel_data().parallel_data_properties_list
    return shown.status, shown.latest_update_attempt_status, shown.imported_record_count


def test_languages_are_named_in_the_language_asked_for(ai: Any) -> None:
    english, german = (names(ai, code) for code in ("en", "de"))
    assert len(english) == 76
    assert (english["fr-CA"], english["auto"], german["ja"]) == ("Canadian French", "Auto", "Japanisch")
    assert list(english) != list(german)


def names(ai: Any, code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    token = None
    while True:
        more = {"next_token": token} if token else {}
        page = ai.translate.list_languages(display_language_code=code, max_results=50, **more)
        assert page.display_language_code == code
        found |= {language.language_code: language.language_name for language in page.languages}
        token = page.next_token
        if token is None:
            return found
