import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival import disclosures, labels
from festival.models import Consent, DepartmentUse, Film, Reference, Tool
from tests.factories import make_film, make_statement
from tests.festival.cues import a_clip, mark

moments = st.floats(0, 120, allow_nan=False).map(lambda seconds: round(seconds, 2))
spans = st.lists(st.tuples(moments, moments).map(sorted).map(tuple), max_size=12)


@given(spans, st.randoms())
def test_covered_seconds_do_not_depend_on_the_order(ranges, random):
    shuffled = list(ranges)
    random.shuffle(shuffled)

    assert labels.covered_s(shuffled, 60) == pytest.approx(labels.covered_s(ranges, 60))


@given(spans)
def test_covered_seconds_are_the_union_counted_in_hundredths(ranges):
    hundredths = {n for a, b in ranges for n in range(round(a * 100), min(round(b * 100), 6000))}

    assert labels.covered_s(ranges, 60) == pytest.approx(len(hundredths) / 100)


@given(spans)
def test_covered_seconds_lie_between_nothing_and_the_whole_film(ranges):
    assert 0 <= labels.covered_s(ranges, 60) <= 60 + 1e-9


@given(spans, st.tuples(moments, moments).map(sorted).map(tuple))
def test_another_range_never_lessens_what_is_covered(ranges, one):
    assert labels.covered_s([*ranges, one], 60) >= labels.covered_s(ranges, 60) - 1e-9


@pytest.mark.django_db
def test_share_counts_overlaps_once_and_only_machine_picture():
    film = make_film(footage=True)
    mark(film, 0, 12)
    mark(film, 6, 18, kind="modified", method="upscaling")
    mark(film, 0, 60, track="sound", method="music")
    mark(film, 30, 60, kind="captured")

    assert labels.share(film) == pytest.approx(30.0)


@pytest.mark.django_db
def test_share_is_nothing_while_the_length_is_not_known():
    film = make_film()
    mark(film, 0, 12)

    assert labels.share(film) == 0.0


@pytest.mark.django_db
def test_the_label_names_its_base_and_its_parts():
    film = make_film(footage=True)
    disclosures.adopt(film, by=film.entrant, start_s=0, clip=a_clip(duration_s=12.0))
    mark(film, 10, 18.6, kind="modified", method="upscaling")

    label = labels.label(film)

    assert label.short == "31 % of picture seconds"
    assert label.kinds == "20 % generated, 11 % modified"
    assert label.standing == "20 % credential verified, 11 % declared by the makers"
    assert label.base.startswith("Counted in picture seconds: the film’s 1:00 of running time.")
    assert label.shares == {
        "all": 31.0,
        "generated": 20.0,
        "modified": 11.0,
        "verified": 20.0,
        "declared": 11.0,
    }


@pytest.mark.django_db
def test_the_picture_names_the_tools_of_the_cue_sheet_and_no_other_department_does():
    film = make_film(footage=True)
    for department in ("picture", "sound"):
        film.departments.create(department=department, extent="assisted")
    for start_s in (0, 20):
        disclosures.adopt(film, by=film.entrant, start_s=start_s, clip=a_clip(title="Wan of the house"))

    picture, sound = labels.label(film).sentences

    assert (picture.tools, sound.tools) == (f"Wan of the house {'4f' * 4}", "")
    said = labels.label_json(film)["departments"]
    assert [use["tools"] for use in said] == [[f"Wan of the house {'4f' * 4}"], []]


@pytest.mark.parametrize(
    ("version", "words"),
    [("ebeb3b37cca41f80", "ebeb3b37"), ("2.1", "2.1"), ("2026-11-22-nightly", "2026-11-22-nightly")],
)
def test_of_a_version_that_is_a_digest_eight_characters_are_read(version, words):
    assert labels.tool_name(Tool(name="Sketch", version=version)) == f"Sketch {words}"


@pytest.mark.django_db
def test_the_label_says_when_there_is_no_length_to_count():
    film = make_film()
    mark(film, 0, 5)

    label = labels.label(film)

    assert label.short == "AI share not known yet"
    assert label.base == "The film’s length has not been measured yet, so there are no seconds to count."
    assert label.kinds == ""


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0 %"), (0.4, "under 1 %"), (30.6, "31 %"), (99.7, "over 99 %"), (100, "100 %")]
)
def test_rounding_never_makes_a_little_nothing_or_nearly_all_all(value, words):
    assert labels.percent(value) == words


@pytest.fixture
def stated(db):
    film = make_film(footage=True, title="The Salt Harbour")
    make_statement(
        film,
        attested_name="Maya Lindqvist",
        process="We drew every keyframe.",
        notice="Made with AI, end titles",
    )
    mark(film, 4, 9)
    tool = film.tools.get()
    tool.vendor, tool.licence = "Atelier", "CC-BY-4.0"
    tool.save()
    use = film.departments.get(department="picture")
    use.extent, use.human_part = DepartmentUse.Extent.GENERATED, "Maya directed."
    use.save()
    use.tools.add(tool)
    Consent.objects.create(
        film=film, kind="voice", person="Ana", given_on=date(2026, 1, 2), scope="This film"
    )
    Reference.objects.create(film=film, what="Photographs of the harbour", rights="own")
    return Film.objects.get(pk=film.pk)


def test_the_label_speaks_by_department_in_order_with_tools_and_licences(stated):
    label = labels.label(stated)

    assert [line.department for line in label.sentences][:3] == ["Script", "Storyboard", "Picture"]
    assert label.sentences[0].text == "The script was written by people."
    assert label.sentences[2].text == "The picture was generated with AI, wholly or in part."
    assert (label.sentences[2].human_part, label.sentences[2].tools) == ("Maya directed.", "Brush 1")
    assert label.tools == ("Brush 1 (by Atelier; licence: CC-BY-4.0)",)
    assert label.ranges[0].text == "0:04–0:09 · Generated, text to video, Brush 1 · declared only"
    assert label.consents == "Consent on record: 1 voice."
    assert label.signed.startswith("Signed by Maya Lindqvist on ")
    assert label.stated


def test_a_blind_label_leaves_out_the_makers_words_and_name(stated):
    blind = labels.label(stated, blind=True)

    assert "Maya" not in repr(blind)
    assert blind.process == ""
    assert blind.short == labels.label(stated).short
    assert blind.notice == "Made with AI, end titles"


def test_nothing_stated_is_said_to_be_nothing_stated(db):
    assert not labels.label(make_film()).stated


def test_the_label_for_machines_has_stable_keys_and_iptc_addresses(stated):
    made = labels.label_json(stated)

    assert list(made) == [
        "schema",
        "film",
        "label",
        "base",
        "shares",
        "departments",
        "tools",
        "ranges",
        "consents",
        "references",
        "statement",
    ]
    assert made["schema"] == "marquee.disclosure/1"
    assert made["label"] == "8 % of picture seconds"
    assert made["base"]["of"] == "picture seconds"
    (line,) = made["ranges"]
    assert line["digital_source_type"] == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )
    assert made["departments"][2]["extent"] == "generated"
    assert made["tools"][0]["licence"] == "CC-BY-4.0"
    assert "Ana" not in json.dumps(made)  # consents are counted and dated; people are not named


def test_the_label_for_machines_has_the_same_keys_where_nothing_is_stated(stated):
    bare = labels.label_json(make_film())

    assert list(bare) == list(labels.label_json(stated))
    assert list(bare["statement"]) == list(labels.label_json(stated)["statement"])


@pytest.mark.parametrize("ranges", [1, 3])
def test_a_label_costs_the_same_for_one_range_and_three(stated, ranges, django_assert_num_queries):
    for number in range(ranges):
        tool = Tool.objects.create(film=stated, name=f"Tool {number}")
        mark(stated, number, number + 1, tool=tool)
    film = (
        Film.objects.select_related("footage", "statement")
        .prefetch_related("disclosures__tool", "departments__tools", "tools", "consents")
        .get(pk=stated.pk)
    )

    with django_assert_num_queries(0):
        labels.label(film)
