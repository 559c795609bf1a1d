from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from aiservices_mocks import Clock, Mock

from aiservices.call import Clock as ClockProtocol
from aiservices.errors import InvalidCallError
from tests.mocks.worlds import ask

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_every_clock_is_a_clock_of_the_seam():
    assert all(isinstance(clock, ClockProtocol) for clock in (Clock.auto(), Clock.manual(BEGIN), Clock.real()))


def test_an_auto_clock_begins_at_the_same_time_in_every_run_and_stands():
    clock = Clock.auto()
    assert clock.now() == Clock.auto().now() == clock.now()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() == 0


@pytest.mark.parametrize("make", [Clock.auto, Clock.manual])
def test_sleeping_moves_the_clock_and_takes_no_time(make):
    clock = make(BEGIN)
    begun = time.monotonic()
    clock.sleep(3600)
    assert time.monotonic() - begun < 5
    assert clock.now() == BEGIN + timedelta(hours=1)
    assert clock.monotonic() == 3600


def test_an_auto_clock_finds_every_job_ended_and_moves_to_its_end():
    clock = Clock.auto(BEGIN)
    assert clock.passed(BEGIN, 90)
    assert clock.now() == BEGIN + timedelta(seconds=90)
    assert clock.passed(BEGIN, 30)
    assert clock.now() == BEGIN + timedelta(seconds=90)


def test_on_a_manual_clock_a_job_takes_its_time():
    clock = Clock.manual(BEGIN)
    assert not clock.passed(BEGIN, 90)
    clock.advance(seconds=89)
    assert not clock.passed(BEGIN, 90)
    assert clock.advance(seconds=1) == BEGIN + timedelta(seconds=90)
    assert clock.passed(BEGIN, 90)
    clock.advance(minutes=5, hours=1)
    assert clock.monotonic() == 90 + 300 + 3600


def test_a_real_clock_is_the_wall():
    clock = Clock.real()
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
    assert clock.monotonic() <= time.monotonic()
    clock.sleep(0)
    with pytest.raises(InvalidCallError, match=r"Clock\.manual"):
        clock.advance(seconds=1)


def test_a_date_without_a_time_zone_and_time_running_back_are_refused():
    with pytest.raises(InvalidCallError, match="time zone"):
        Clock.manual(datetime(2026, 3, 1))
    with pytest.raises(InvalidCallError, match="forward"):
        Clock.manual(BEGIN).advance(seconds=-1)


def test_a_date_of_another_zone_is_told_in_utc():
    from datetime import timezone

    clock = Clock.manual(datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_threads_move_one_clock_together():
    clock = Clock.manual(BEGIN)
    threads = [threading.Thread(target=lambda: [clock.advance(seconds=1) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.monotonic() == 4000


def test_what_is_due_on_the_way_is_done_at_its_time() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["texts/in/a.txt"] = "Hello"
    mock.s3.make_bucket("results")
    begin = mock.clock.now()
    for prefix in ("one", "two"):
        ask(
            mock, "translate.StartTextTranslationJob", ClientToken=prefix, SourceLanguageCode="en", TargetLanguageCodes=["fr"],
            InputDataConfig={"S3Uri": "s3://texts/in/", "ContentType": "text/plain"},
            OutputDataConfig={"S3Uri": f"s3://results/{prefix}/"}, DataAccessRoleArn="arn:aws:iam::123456789012:role/r",
        )  # fmt: skip
        mock.clock.advance(seconds=30)
    mock.clock.advance(days=2)
    jobs = ask(mock, "translate.ListTextTranslationJobs")["TextTranslationJobPropertiesList"]
    ends = {job["OutputDataConfig"]["S3Uri"]: job["EndTime"] for job in jobs}
    written = {
        place: mock.s3.head(*place.split("/", 1))["LastModified"] for place in mock.s3 if place.endswith("/fr.a.txt")
    }
    assert len(written) == len(ends) == 2
    for place, when in written.items():
        assert when == next(end for uri, end in ends.items() if f"s3://{place}".startswith(uri))
        assert begin < when < begin + timedelta(days=1)
    assert mock.clock.now() == begin + timedelta(days=2, minutes=1)
