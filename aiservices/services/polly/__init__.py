"""Amazon Polly: text to speech."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from ... import files
from ...api.polly import PollyOperations
from ...call import Reply
from ...errors import InvalidCallError
from ...jobs import Job, ProgressTo, counted
from . import marks as speech_marks
from .audio import MEDIA_TYPES, Audio, joined
from .marks import Mark
from .plan import Speech, check, enum, kinds_of, plan
from .voices import Voice

_TASK = ("SynthesisTask", "TaskStatus")


class Polly(PollyOperations):
    """Text to speech: AWS's operations; `speak` and `marks` for a text of any length, `start` for tasks, `voices`."""

    def speak(
        self,
        text: str | os.PathLike[str],
        voice: str = "Joanna",
        *,
        format: str = "mp3",
        engine: str | None = None,
        language_code: str | None = None,
        sample_rate: int | None = None,
        lexicons: Sequence[str] = (),
        marks: Sequence[str] = (),
        progress: ProgressTo = False,
    ) -> Audio:
        """Speak a text of any length.

        text: plain text, or SSML when it begins with `<speak`; a `Path` is a file of either in UTF-8. A long one is cut
        at paragraphs, sentences or words into requests of at most 3,000 billed characters; in SSML the enclosing
        elements are opened again in each part.
        format: mp3, ogg_vorbis, ogg_opus, pcm (16 bits, signed), mulaw or alaw. `audio.joined` says how parts join.
        engine: standard, neural, long-form or generative, one that the voice has; None: AWS takes standard.
        language_code: for bilingual voices; None: the voice's own. sample_rate: in hertz; None: the format's own.
        lexicons: names of at most five, stored with `put_lexicon`.
        marks: kinds of speech marks that the audio shall have (`Audio.marks`), as for `marks`. AWS bills them as
        another request for the same text.
        progress: shows how many of the requests for a long text are answered.
        Billed per character without SSML tags, by engine.
        Source: https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
        """
        speech = plan("speak", text, voice, format, engine, language_code, lexicons, sample_rate)
        wanted = kinds_of("speak", marks)
        answers = self._answers(speech, [speech.sound, wanted] if wanted else [speech.sound], progress)
        parts, told = answers[: len(speech.pieces)], answers[len(speech.pieces) :]
        data, starts = joined([part for part, _ in parts], format, speech.rate)
        replies = [reply for _, reply in answers]
        facts = replies[0].get("ResponseMetadata", {}).get("AIServices", {})
        return Audio(
            data=data,
            format=format,
            characters=sum(int(reply["RequestCharacters"]) for reply in replies),
            voice=voice,
            engine=facts.get("engine") or engine or "standard",
            requested_rate=speech.rate,
            marks=tuple(_marks(speech, [stream for stream, _ in told], starts)),
            raw=replies,
        )

    def marks(
        self,
        text: str | os.PathLike[str],
        kinds: Sequence[str] = ("word",),
        voice: str = "Joanna",
        *,
        engine: str | None = None,
        language_code: str | None = None,
        lexicons: Sequence[str] = (),
        progress: ProgressTo = False,
    ) -> list[Mark]:
        """When the words of a text are spoken: its speech marks, in the order of time.

        text and the rest: as for `speak`. kinds: sentence, word, viseme, ssml (the names of `<mark>` tags).
        A text of more than one request is spoken, too, for only the sound tells when the next part begins: it is
        billed twice. If the sound is wanted anyway: `speak(text, marks=("word",))`.
        Source: https://docs.aws.amazon.com/polly/latest/dg/using-speechmarks.html
        """
        wanted = kinds_of("marks", kinds)
        if not wanted:
            raise InvalidCallError(f"marks: kinds is empty; name some of {', '.join(speech_marks.KINDS)}")
        speech = plan("marks", text, voice, "pcm", engine, language_code, lexicons)
        if len(speech.pieces) == 1:
            answers = self._answers(speech, [wanted], progress)
            return _marks(speech, [data for data, _ in answers], [0.0])
        spoken = self.speak(
            speech.text, voice, format="pcm", engine=engine, language_code=language_code, lexicons=lexicons,
            marks=kinds, progress=progress,
        )  # fmt: skip
        return list(spoken.marks)

    def voices(self, language: str | None = None, engine: str | None = None, gender: str | None = None) -> list[Voice]:
        """The voices there are, sorted by language and name.

        language: a code such as `en-US`, or `en` for any English; bilingual voices count in each of their languages.
        engine: standard, neural, long-form or generative. gender: Female or Male.
        """
        params: dict[str, Any] = {}
        if language is not None and not any(code.startswith(f"{language}-") for code in enum("LanguageCode")):
            check("voices", "language", language, "LanguageCode")
            params = {"LanguageCode": language, "IncludeAdditionalLanguageCodes": True}
        if engine is not None:
            check("voices", "engine", engine, "Engine")
            params["Engine"] = engine
        if gender is not None and gender not in enum("Gender"):
            raise InvalidCallError(f"voices: gender is {' or '.join(enum('Gender'))}, not {str(gender)[:20]!r}")
        found: list[Voice] = []
        token = None
        while True:
            page = params | ({"NextToken": token} if token else {})
            reply = self._caller.send("polly", "DescribeVoices", page)
            found += map(Voice.read, reply.get("Voices", ()))
            token = reply.get("NextToken")
            if not token:
                break
        kept = [
            one
            for one in found
            if (language is None or one.speaks(language)) and (gender is None or one.gender == gender)
        ]
        return sorted(kept, key=lambda one: (one.language, one.name))

    def start(
        self,
        text: str | os.PathLike[str],
        voice: str = "Joanna",
        *,
        format: str = "mp3",
        engine: str | None = None,
        language_code: str | None = None,
        sample_rate: int | None = None,
        lexicons: Sequence[str] = (),
        bucket: str | None = None,
        prefix: str = "",
        sns_topic: str | None = None,
    ) -> Job[Audio]:
        """Begin a synthesis task, which speaks up to 100,000 billed characters into S3, and come back at once.

        `job.wait()` gives the Audio, read from S3. text, format and the rest: as for `speak`.
        bucket: None takes `Settings.bucket`; a mock makes one of its own. prefix: of the object's key.
        sns_topic: ARN of the topic that is told when the task has ended.
        Source: https://docs.aws.amazon.com/polly/latest/dg/API_StartSpeechSynthesisTask.html
        """
        speech = plan("start", text, voice, format, engine, language_code, lexicons, sample_rate, whole=True)
        bucket = bucket or self._caller.staging_bucket()
        params = speech.params | speech.sound | {"Text": speech.text, "OutputS3BucketName": bucket}
        if prefix:
            params["OutputS3KeyPrefix"] = prefix
        if sns_topic:
            params["SnsTopicArn"] = sns_topic
        task = self._caller.send("polly", "StartSpeechSynthesisTask", params)["SynthesisTask"]
        return self.job(str(task["TaskId"]))

    def job(self, id: str) -> Job[Audio]:
        """A synthesis task that was begun before, also by another process; nothing is sent yet.

        Tasks are kept for 72 hours. `job.wait()` gives the Audio, read from S3.
        """
        caller = self._caller

        def look() -> Reply:
            return caller.send("polly", "GetSpeechSynthesisTask", {"TaskId": id})

        def result(reply: Reply) -> Audio:
            task = reply["SynthesisTask"]
            output = task.get("OutputFormat", "mp3")
            uri = _s3_uri(task["OutputUri"])
            if output not in MEDIA_TYPES:
                raise InvalidCallError(f"the task {id} wrote speech marks, no audio: read them from {uri}")
            rate = task.get("SampleRate")
            return Audio(
                data=files.fetch(caller, uri),
                format=output,
                characters=int(task.get("RequestCharacters", 0)),
                voice=task.get("VoiceId", ""),
                engine=task.get("Engine", "standard"),
                requested_rate=None if rate is None else int(rate),
                raw=(reply,),
            )

        return Job(caller, id, what="polly.StartSpeechSynthesisTask", read=look, result=result, path=_TASK)

    def _answers(
        self, speech: Speech, wanted: Sequence[dict[str, Any]], progress: ProgressTo
    ) -> list[tuple[bytes, Reply]]:
        """For each thing that is wanted of each piece the bytes, and the reply without the stream."""
        requests = [speech.params | one | {"Text": piece.text} for one in wanted for piece in speech.pieces]
        told = counted(
            self._spoken, len(requests), self._caller.clock, what="polly.SynthesizeSpeech", progress=progress
        )
        return self._caller.each(told, requests)

    def _spoken(self, params: dict[str, Any]) -> tuple[bytes, Reply]:
        reply = self._caller.send("polly", "SynthesizeSpeech", params)
        stream = reply["AudioStream"]
        try:
            data = stream.read()
        finally:
            stream.close()
        return data, {name: value for name, value in reply.items() if name != "AudioStream"}


def _marks(speech: Speech, streams: list[bytes], starts: list[float]) -> list[Mark]:
    """The marks of all pieces, with places in the whole text and times in the whole audio."""
    places = speech_marks.Places(speech.text)
    found: list[Mark] = []
    for piece, data, begin in zip(speech.pieces, streams, starts, strict=False):
        moved = places.byte(piece.start) - len(piece.text[: piece.before].encode("utf-8", "replace"))
        found += speech_marks.read(data, places, moved, begin)
    return found


def _s3_uri(url: str) -> str:
    """`s3://bucket/key` for the address of an object in the form `https://s3.region.amazonaws.com/bucket/key`."""
    place = url.partition("://")[2].partition("/")[2]
    return url if url.startswith("s3://") else f"s3://{unquote(place)}"
