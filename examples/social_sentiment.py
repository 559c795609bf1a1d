"""What people post about a shop: how they like its products, what they praise and blame, and what a moderator must see.

`python -m examples.social_sentiment` runs offline with AISERVICES_BACKEND=mock.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aiservices import AI

POSTS = Path(__file__).parent / "data" / "posts.csv"
TOXIC = 0.5


def moods(ai: AI, posts: Sequence[dict[str, str]]) -> dict[str, Counter[str]]:
    """Of each product, how many posts are of which sentiment; the language of each post is found out first."""
    found = ai.comprehend.sentiment([post["text"] for post in posts], language_code=None)
    counts: dict[str, Counter[str]] = {post["product"]: Counter() for post in posts}
    for position, one in found.done.items():
        counts[posts[position]["product"]][one.sentiment] += 1
    return counts


def opinions(ai: AI, posts: Sequence[dict[str, str]], sentiment: str) -> Counter[str]:
    """What the English posts speak of with a sentiment."""
    texts = [post["text"] for post in posts]
    english = [text for text, one in zip(texts, ai.comprehend.language(texts), strict=True) if one.code == "en"]
    found = ai.comprehend.targeted_sentiment(english)
    return Counter(target.name.lower() for one in found for target in one if target.sentiment == sentiment)


def to_moderate(ai: AI, posts: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """The posts that are toxic: id and text, without personal data."""
    found = ai.comprehend.toxicity([post["text"] for post in posts])
    toxic = [post for post, one in zip(posts, found, strict=True) if one.toxicity >= TOXIC]
    return [(post["id"], ai.comprehend.redact(post["text"])) for post in toxic]


def main() -> None:
    with POSTS.open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    with AI() as ai:
        for product, counts in moods(ai, posts).items():
            print(f"{product:8}", ", ".join(f"{number} {mood.lower()}" for mood, number in counts.most_common()))
        for sentiment, word in (("POSITIVE", "praised"), ("NEGATIVE", "blamed")):
            print(f"{word:8}", ", ".join(name for name, _ in opinions(ai, posts, sentiment).most_common(5)))
        for id, text in to_moderate(ai, posts):
            print(f"moderate {id}: {text}")
        print(ai.costs)


if __name__ == "__main__":
    main()
