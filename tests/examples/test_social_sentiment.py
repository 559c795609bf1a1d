"""The example about posts, on its own posts and on others made at random."""

from __future__ import annotations

import random

import pytest

from aiservices import AI
from examples import social_sentiment

GLAD = ["I love it", "Wonderful quality", "Excellent and friendly service", "It works perfectly"]
CROSS = ["It broke at once", "Terrible service", "I am very disappointed", "The worst purchase ever"]


@pytest.mark.parametrize("seed", [1, 2])
def test_products_are_told_apart_by_their_posts(seed: int) -> None:
    rng = random.Random(seed)
    posts = [
        {"id": f"{product}{n}", "product": product, "text": ". ".join(rng.sample(said, 2)) + "."}
        for product, said in (("tent", GLAD), ("stove", CROSS))
        for n in range(6)
    ]
    rng.shuffle(posts)
    with AI(backend="mock") as ai:
        found = social_sentiment.moods(ai, posts)
    assert (found["tent"]["POSITIVE"], found["stove"]["NEGATIVE"]) == (6, 6)


def test_only_toxic_posts_are_for_the_moderator_and_without_personal_data() -> None:
    posts = [
        {"id": "a", "product": "tent", "text": "The tent stands in the garden, thank you."},
        {"id": "b", "product": "tent", "text": "You stupid idiots, I hate you! Mail me: jo@example.com"},
    ]
    with AI(backend="mock") as ai:
        ((id, text),) = social_sentiment.to_moderate(ai, posts)
    assert (id, "jo@example.com" in text, "[EMAIL]" in text) == ("b", False, True)


def test_the_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISERVICES_BACKEND", "mock")
    social_sentiment.main()
    said = capsys.readouterr().out
    assert all(word in said for word in ("lamp", "chair", "desk", "praised", "blamed", "moderate", "total"))
