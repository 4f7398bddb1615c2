"""The prompt guide: each word means what it stands under, and unknown ones are named."""

import pytest

from generation.engines import guide, noise, scenes
from generation.sketch.scenes import parse

SENTENCES = {"size": "a {} balloon", "colour": "a {} balloon", "motion": "a balloon {}"}
WORDS = [(kind.field, value, words) for kind in guide.chips() for value, words in kind.words.items()]


@pytest.mark.parametrize(("field", "value", "words"), WORDS)
def test_every_word_of_the_guide_means_what_it_stands_under(field, value, words):
    reading = parse(SENTENCES.get(field, "{}").format(words))

    of_a_subject = field in ("size", "colour", "motion", "noun")
    assert getattr(reading.subjects[0] if of_a_subject else reading, field) == value
    assert reading.unknown == ()


def test_the_guide_has_all_that_a_scene_is_made_of():
    assert [(kind.title, len(kind.words)) for kind in guide.chips()] == [
        ("Size", 3), ("Colour", 8), ("Subject", 12), ("Motion", 9),
        ("Place", 8), ("Time", 4), ("Weather", 5), ("Camera", 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("a red boat at sea, pan left", ""),
        ("an old boat", "Scenes does not know “old”, and draws without."),
        ("a wise old zebra", "Scenes does not know “wise”, “old” and “zebra”, and draws without."),
        (
            "a boat, a kite, a train",
            "It draws two subjects at most, so “train” will not be seen.",
        ),
        (
            "aa bb cc dd ee ff gg hh ii jj",
            "Scenes does not know “aa”, “bb”, “cc”, “dd”, “ee”, “ff”, “gg”, “hh” and 2 more words, "
            "and draws without.",
        ),
    ],
)
def test_what_is_left_out_is_said(prompt, sentence):
    assert guide.unread(scenes.CARD, prompt) == sentence
    assert bool(guide.unknown_words(scenes.CARD, prompt)) == bool(sentence)


def test_of_an_engine_without_a_list_of_words_nothing_is_said():
    assert guide.unread(noise.CARD, "a wise old zebra") == ""
    assert guide.unknown_words(noise.CARD, "a wise old zebra") == []
