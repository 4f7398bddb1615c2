"""Feedback: composed from marks, rubric and notes, approved in one pass, read once the letter is written."""

import pytest
from django.urls import reverse

from festival import letters, office
from festival.errors import Refused, Unacceptable
from festival.models import Feedback, Film
from judging import feedback, panels
from judging.models import FeedbackDraft, Record
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Three films: weak in sound, weak in story, and one nobody has reviewed."""
    house = make_house(films=3, jurors=2, reviews=2).open()
    marks = {house.films[0]: (9, 2), house.films[1]: (3, 9)}
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        if values := marks.get(assignment.film):
            first = assignment.juror == house.jurors[0]
            house.review(
                assignment, *values, note="Stay with her face." if first else "Too long.", share_note=first
            )
    return house


def compose(house):
    feedback.compose(house.round, by=house.organiser)
    return [FeedbackDraft.objects.get(film=film) for film in house.films]


def release(house, film, to):
    office.decide([film], to, by=house.organiser)
    house.edition.refresh_from_db()
    letters.send(house.edition, by=house.organiser)


def entry(client, film) -> str:
    client.force_login(film.entrant)
    return client.get(reverse("entrant:entry", args=[film.pk])).content.decode()


def test_a_draft_has_standings_a_strength_and_a_reason_in_the_rubrics_words(house):
    one, other, unseen = compose(house)

    assert one.standings == [
        {"criterion": "Story", "percentile": 100},
        {"criterion": "Sound", "percentile": 0},
    ]
    assert one.strength.startswith("What the jury valued most is story.")
    assert one.strength.endswith(
        "The marks lie between “Clear” and “Unforgettable”."
    )  # nine lies between five and ten
    assert one.reason.startswith("Other films went further in sound.")
    assert "“Absent” and “Clean”" in one.reason
    assert other.strength.startswith("What the jury valued most is sound.")
    assert (unseen.standings, unseen.strength) == ([], "")
    assert unseen.reason == "3 films were entered, and there was room for none of them."


def test_a_selected_film_is_given_no_weakness(house):
    office.decide([house.films[0]], Film.Status.SELECTED, by=house.organiser)

    draft = compose(house)[0]

    assert draft.reason == "The film was selected."


def test_only_notes_whose_juror_allowed_it_are_passed_on_and_nobody_is_named(house, client):
    draft = compose(house)[0]
    assert draft.notes == ["Stay with her face."]
    feedback.approve(house.edition, [draft], by=house.organiser)
    release(house, house.films[0], Film.Status.DECLINED)

    page = entry(client, house.films[0])

    assert "Stay with her face." in page and "Too long." not in page
    assert not any(juror.name in page for juror in house.jurors)


def test_the_note_of_a_juror_who_was_recused_is_left_out(house):
    tied = house.round.assignments.get(film=house.films[0], juror=house.jurors[0])
    panels.declare_conflict(tied, by=tied.juror, reason="Family.")

    assert compose(house)[0].notes == []


def test_the_entrant_reads_it_after_the_letter_and_not_before(house, client):
    drafts, film = compose(house), house.films[0]
    assert feedback.approve(house.edition, drafts, by=house.organiser) == 3
    assert "What the jury says" not in entry(client, film)
    office.decide([film], Film.Status.DECLINED, by=house.organiser)
    assert "What the jury says" not in entry(client, film)  # decided, and no letter yet

    letters.send(house.edition, by=house.organiser)

    page = entry(client, film)
    assert "What the jury says" in page
    assert "Among the highest tenth: higher than 100 % of the other films" in page
    assert drafts[0].reason.partition(".")[0] in page


def test_a_declined_film_without_approved_feedback_has_the_plain_reason(house, client):
    release(house, house.films[0], Film.Status.DECLINED)
    assert feedback.without(house.edition) == 1

    assert "3 films were entered, and there was room for none of them." in entry(client, house.films[0])


def test_approving_is_written_down_and_kept_with_the_film(house):
    draft = compose(house)[0]

    feedback.approve(house.edition, [draft], by=house.organiser)

    assert Feedback.objects.get().film == house.films[0]
    assert Feedback.objects.get().reason == draft.reason
    row = Record.objects.get(kind="feedback.approved")
    assert row.facts["film"] == str(house.films[0].pk) and row.by == house.organiser
    assert row.words.get().text.startswith("What the jury valued most is story.")
    draft.refresh_from_db()
    assert draft.approved_by == house.organiser


def test_what_was_rewritten_or_approved_is_not_composed_again(house):
    one, other, _ = compose(house)
    feedback.rewrite(one, strength="Her face.", reason="We had ten places.", notes=[], by=house.organiser)
    feedback.approve(house.edition, [other], by=house.organiser)

    assert feedback.compose(house.round, by=house.organiser) == 1

    one.refresh_from_db()
    assert (one.strength, one.reason, one.notes) == ("Her face.", "We had ten places.", [])


def test_rewriting_takes_the_approval_back(house):
    draft = compose(house)[0]
    feedback.approve(house.edition, [draft], by=house.organiser)

    feedback.rewrite(draft, strength="", reason="Other words.", notes=draft.notes, by=house.organiser)

    draft.refresh_from_db()
    assert draft.approved_at is None
    assert Feedback.objects.get().reason != "Other words."  # not before it is approved


def test_a_draft_needs_a_reason_and_takes_no_invented_note(house):
    draft = compose(house)[0]

    with pytest.raises(Unacceptable, match="Every entrant gets one"):
        feedback.rewrite(draft, strength="x", reason=" ", notes=[], by=house.organiser)
    with pytest.raises(Unacceptable, match="Only jurors write"):
        feedback.rewrite(draft, strength="x", reason="y", notes=["I loved it."], by=house.organiser)


def test_strangers_compose_and_approve_nothing(house):
    draft = compose(house)[0]
    with pytest.raises(Refused):
        feedback.compose(house.round, by=make_user())
    with pytest.raises(Refused):
        feedback.approve(house.edition, [draft], by=make_user())


def test_an_empty_round_composes_nothing():
    house = make_house(films=1, jurors=1).open()

    with pytest.raises(Refused, match="No film has a whole review yet"):
        feedback.compose(house.round, by=house.organiser)


# The page


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, house.round.pk, *args])


def test_the_office_composes_changes_one_and_approves_the_rest(house, client):
    client.force_login(house.organiser)
    answer = client.post(at("compose", house), follow=True).content.decode()
    assert "3 drafts composed." in answer and "Approve all 3 drafts" in answer
    draft = FeedbackDraft.objects.get(film=house.films[0])

    words = {"strength": "Her face.", "reason": "Ten places.", "verb": "approve"}
    answer = client.post(at("draft", house, draft.pk), words, follow=True).content.decode()
    assert f"Feedback for “{draft.film}” approved." in answer
    kept = Feedback.objects.get()
    assert (kept.strength, kept.reason, kept.notes) == ("Her face.", "Ten places.", [])

    answer = client.post(at("approve_all", house), follow=True).content.decode()
    assert "Feedback for 2 films approved." in answer
    assert Feedback.objects.count() == 3


@pytest.mark.parametrize("films", [1, 3])
def test_the_page_costs_the_same_for_one_draft_and_three(house, client, films, django_assert_num_queries):
    compose(house)
    FeedbackDraft.objects.filter(film__in=house.films[films:]).delete()
    client.force_login(house.organiser)
    client.get(at("feedback", house))

    with django_assert_num_queries(11):
        client.get(at("feedback", house))
