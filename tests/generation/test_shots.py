"""The pages of productions, shots and takes: what each shows, what a post does, what nobody else may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from festival.models import Edition
from generation import desk, productions, takes
from generation.models import Frame, Job, Member, Production, Scene, Shot, Take
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_clip, make_shot, make_take
from tests.generation.small import ON_THE_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture
def person(client):
    person = make_user(name="Ada")
    client.force_login(person)
    return person


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


def at(name: str, row) -> str:
    return reverse(f"studio:{name}", args=[row.pk])


def text(response) -> str:
    return response.content.decode()


# Productions


def test_a_production_is_begun_from_the_studios_front_door(client, person):
    make_edition()
    page = text(client.get(reverse("studio:productions")))
    assert "None yet." in page and 'href="/studio/productions/"' in page

    edition = Edition.objects.get()
    answer = client.post(reverse("studio:productions"), {"title": "The long way", "edition": edition.pk})

    assert answer.url == at("production", Production.objects.get())
    assert "The long way" in text(client.get(reverse("studio:productions")))


def test_while_no_call_is_open_the_page_says_so(client, person):
    make_edition(status=Edition.Status.CLOSED)

    assert "No call is open" in text(client.get(reverse("studio:productions")))


def test_the_storyboard_is_arranged_by_its_buttons(client, person):
    production = productions.begin(make_edition(), by=person, title="P")
    scene = production.scenes.get()

    client.post(at("production", production), {"title": "Q"})
    client.post(at("scene_add", production), {"title": "The sea"})
    client.post(at("scene", scene), {"title": "The harbour"})
    client.post(at("scene", scene), {"do": "shot", "title": "b"})
    b = Shot.objects.get(title="b")
    client.post(at("shot_place", b), {"do": "up"})
    sea = Scene.objects.get(title="The sea")
    client.post(at("scene", sea), {"do": "up"})
    page = text(client.get(at("production", production)))

    assert page.index("The sea") < page.index("The harbour") < page.index("Shot without words")
    assert "<h1" in page and "Q</h1>" in page
    client.post(at("shot_place", b), {"do": "to", "to": "0", "scene": str(sea.pk)})
    assert sea.shots.get() == b
    for wrong in ({"scene": "x", "to": "0"}, {"scene": str(sea.pk), "to": "-1"}, {"scene": str(sea.pk)}):
        client.post(at("shot_place", b), {"do": "to"} | wrong)
    client.post(at("shot_place", b), {"do": "remove"})
    assert not sea.shots.exists()
    told = client.post(at("scene", scene), {"do": "remove"}, follow=True)
    assert "This scene holds shots." in text(told)


def test_a_shot_is_dragged_into_no_scene_of_others(client, person, shot):
    foreign = make_shot().scene

    assert (
        client.post(at("shot_place", shot), {"do": "to", "to": "0", "scene": str(foreign.pk)}).status_code
        == 404
    )


def test_an_invitation_is_answered(client, person):
    owner = make_user(name="Ines")
    production = productions.begin(make_edition(), by=owner, title="Together")
    yes = productions.invite(production, person.email, by=owner)

    assert "Together" in text(client.get(reverse("studio:productions")))
    assert client.get(at("production", production)).status_code == 404
    assert "Ines invites you" in text(client.get(at("invitation", yes)))
    assert client.post(at("invitation", yes), {"do": "yes"}).url == at("production", production)
    page = text(client.get(at("production", production)))
    assert page.index("stays with the production") < page.index("Leave the production")
    assert client.post(at("part", yes)).url == reverse("studio:productions")
    no = productions.invite(production, person.email, by=owner)
    client.post(at("invitation", no), {"do": "no"})
    assert not Member.objects.present().exists()


def test_only_the_person_invited_sees_the_invitation(client, person):
    production = productions.begin(make_edition(), by=person, title="Mine")
    client.post(at("invite", production), {"email": "bob@example.org"})
    assert "no e-mail address" in text(client.post(at("invite", production), {"email": "bob"}, follow=True))

    member = Member.objects.get()
    assert client.get(at("invitation", member)).status_code == 404
    assert client.post(at("part", member)).url == f"{at('production', production)}#people"
    assert not Member.objects.present().exists()


# The desk


def test_the_desk_says_cost_wait_and_what_is_left_before_the_button(client, shot):
    page = text(client.get(at("shot", shot)))

    assert page.index("A take costs") < page.index("Drawing time left") < page.index('value="draw"')
    assert "4 hours" in page and "a guess" in page
    assert "Small: procedural drawing, not AI" in page


def test_a_post_lays_the_desk_and_draws_a_batch(client, shot):
    sent = {
        "words": "a green kite",
        "seconds": "1",
        "aspect": "1:1",
        "engine": "small",
        "seed": "5",
        "count": "3",
    }
    sent["direction"] = '{"camera": {"lock": true}}'

    assert client.post(at("shot", shot), sent | {"do": "save"}).url == at("shot", shot) + "#desk"
    assert not Job.objects.exists()
    assert client.post(at("shot", shot), sent | {"do": "draw"}).url == at("shot", shot) + "#takes"

    kept = Shot.objects.get()
    assert (kept.words, kept.seconds, kept.aspect, kept.seed) == ("a green kite", 1, "1:1", 5)
    assert kept.direction == {"camera": {"lock": True}}
    assert [take.seed for take in Take.objects.order_by("number")] == [5, 6, 7]


def test_a_draft_is_asked_for_and_drawn_for_good(client, shot):
    sent = {"words": "a green kite", "seconds": "1", "aspect": "1:1", "engine": "small", "seed": "5"}

    client.post(at("shot", shot), sent | {"count": "1", "do": "draft"})
    draft = Take.objects.get()
    client.post(at("take_finish", draft))

    assert [(take.seed, take.draft) for take in Take.objects.order_by("number")] == [(5, True), (5, False)]


def test_after_an_act_no_form_leads_out_of_the_house(client, shot):
    sent = {"title": "The boat leaves", "next": "https://elsewhere.example/"}

    assert client.post(at("shot_place", shot), sent).url == at("production", shot.scene.production)
    assert client.post(at("shot_place", shot), sent | {"next": at("shot", shot)}).url == at("shot", shot)


def test_a_takes_clip_stands_with_its_shot_and_not_among_the_single_ones(client, person, shot):
    take, single = make_take(shot=shot), make_clip(owner=person)

    shown = client.get(reverse("studio:clips")).context["page"].object_list

    assert list(shown) == [single] and take.clip.owner == person


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": "x" * 10_000}, "10,000 characters are too many"),
        ({"seconds": "60"}, "draws 0.2 to 2 seconds"),
        ({"seconds": "nan"}, "Small draws 0.2 to 2 seconds. Type a number between, such as 1.1."),
        ({"seconds": "0.05"}, "Small draws 0.2 to 2 seconds. Type a number between, such as 1.1."),
        ({"seconds": "soon", "engine": "gone"}, "A shot is longer than nought and 10 minutes long at most."),
        ({"aspect": "21:9"}, "No engine here draws this shape"),
        ({"seed": "-1"}, "A seed is a whole number from 0 to 4,294,967,295. Leave it empty for any."),
        ({"direction": "{"}, "The direction cannot be read"),
        ({"direction": '{"boxes": [{"noun": ""}]}'}, "Box 1"),
        ({"count": "7"}, "Draw 1 to 4 takes at once"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_is_queued(client, shot, change, words):
    sent = {"words": "a kite", "seconds": "1", "aspect": "1:1", "engine": "small", "count": "1", "do": "draw"}

    assert words in text(client.post(at("shot", shot), sent | change))

    assert not Job.objects.exists()


def test_a_still_sent_with_what_is_wrong_is_to_be_chosen_again(client, shot):
    still = SimpleUploadedFile("still.png", b"any")
    sent = {"words": "a kite", "seconds": "0", "aspect": "1:1", "engine": "small", "first": still}

    assert "Choose the picture again" in text(client.post(at("shot", shot), sent))

    assert not Frame.objects.exists()


def test_what_is_typed_is_kept_as_one_types_and_answered_with_its_price(client, shot):
    sent = {"words": "a kite by a zebra", "seconds": "0.5", "aspect": "1:1", "engine": "small", "seed": ""}

    page = text(client.post(at("shot_desk", shot), sent))

    assert "A take costs" in page and "does not know “zebra”" in page
    assert (Shot.objects.get().words, Shot.objects.get().seed) == ("a kite by a zebra", None)
    assert "draws 0.2 to 2 seconds" in text(client.post(at("shot_desk", shot), sent | {"seconds": "9"}))
    empty = text(client.post(at("shot_desk", shot), sent | {"seconds": ""}))
    assert "Seconds: Small draws 0.2 to 2 seconds." in empty


def test_an_engine_that_is_gone_is_kept_on_the_desk_and_said(client, shot):
    Shot.objects.update(engine="gone")

    page = text(client.get(at("shot", shot)))

    assert "gone: not here any more" in page
    assert "This engine is not here any more. Choose another." in page


def test_the_stage_offers_the_productions_stills_and_the_shots_takes(client, shot):
    take = make_take(shot=shot, engine="small")
    stills = Frame.objects.filter(production=shot.scene.production)
    Frame.objects.create(production=shot.scene.production, sha256="b" * 64, kept_by=take.asked_by)

    context = client.get(at("shot", shot)).context

    assert [still["sha256"] for still in context["stills"]] == [frame.sha256 for frame in stills]
    assert all(still["url"].startswith("/media/") for still in context["stills"])
    mine = (context["clips"][0]["id"], context["clips"][0]["group"], context["clips"][0]["words"])
    assert mine == (str(take.clip_id), "This shot", f"Take {take.number}")


def test_a_take_is_directed_otherwise_on_a_page_of_its_own(client, person, shot):
    take = takes.draw(shot, by=person)[0]
    page = text(client.get(at("take_direct", take)))
    assert "What lies on the shot's desk stays as it is" in page.replace("&#x27;", "'")

    answer = client.post(at("take_direct", take), {"direction": '{"camera": {"lock": true}}'})
    wrong = client.post(at("take_direct", take), {"direction": "{"})

    assert answer.url == f"{at('shot', shot)}#takes"
    assert [one.wish["direction"] for one in Take.objects.order_by("number")] == [
        {},
        {"camera": {"lock": True}},
    ]
    assert "The direction cannot be read" in text(wrong)
    assert Shot.objects.get(pk=shot.pk).direction == {}
    client.force_login(make_user())
    assert client.get(at("take_direct", take)).status_code == 404


def test_a_clip_to_draw_over_is_one_of_the_productions_or_a_single_one_of_ones_own(client, person, shot):
    beside = make_take(shot=shot.scene.shots.create(title="The open sea", position=1), engine="small")
    single, strange = make_clip(owner=person), make_clip()

    page = client.get(at("shot", shot))
    offered = {one["id"]: (one["group"], one["words"]) for one in page.context["clips"]}

    assert offered == {
        str(beside.clip_id): ("Other shots", "The open sea, take 1"),
        str(single.pk): ("Single clips", single.prompt[:60]),
    }
    sent = {"words": "a kite", "seconds": "1", "aspect": "1:1", "engine": "small", "count": "1", "do": "save"}
    over = {"camera_asked": "1", "source_asked": "1", "source_redraw": "outside", "source_strength": "0.3"}
    client.post(at("shot", shot), sent | over | {"source_clip": str(single.pk)})
    laid = {"clip": str(single.pk), "strength": 0.3, "redraw": "outside"}
    assert Shot.objects.get(pk=shot.pk).direction["source"] == laid
    refused = client.post(at("shot", shot), sent | over | {"source_clip": str(strange.pk)})
    assert "not one of yours" in text(refused)
    assert Shot.objects.get(pk=shot.pk).direction["source"] == laid


def test_takes_that_wait_say_when_they_begin_and_lead_to_the_queue(client, person, shot):
    _, second = takes.draw(shot, by=person, count=2)
    Job.objects.update(estimate_s=90)

    page = text(client.get(at("shot", shot)))

    assert page.count("Begins in about") == 1, "the first begins at once"
    assert "Begins in about 2 minutes, 1 before it." in page
    assert reverse("studio:job", args=[second.job_id]) in page


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_take_and_three(client, shot, rows, django_assert_num_queries):
    for _ in range(rows):
        take = make_take(shot=shot, engine="small")
    takes.select(take, by=take.asked_by)
    client.get(at("shot", shot))  # warms what is looked up once

    with django_assert_num_queries(36):
        assert len(client.get(at("shot", shot)).context["takes"]) == rows
    with django_assert_num_queries(7):
        client.get(at("production", shot.scene.production))
    with django_assert_num_queries(7):
        assert len(client.get(reverse("studio:productions")).context["productions"]) == 1


# Takes


def test_looking_at_a_take_shows_its_recipe_and_leaves_the_desk(client, shot):
    recipe = {"digest": "d" * 64, "software": ["numpy 2"], "brief": {}, "weights": {"vae/a": "e" * 64}}
    take = make_take(shot=shot, recipe=recipe | {"scheduler": {"_class_name": "UniPCMultistepScheduler"}})
    desk.lay(shot, by=take.asked_by, words="what I am writing")

    page = text(client.get(at("take", take)))

    for said in ("d" * 64, "numpy 2", "vae/a", "e" * 64, "UniPCMultistepScheduler"):
        assert said in page
    assert Shot.objects.get().words == "what I am writing"


def test_verbs_go_back_to_the_shot_and_say_what_was_done(client, shot):
    take = make_take(shot=shot, engine="small", wish=desk.wish(shot), seed=7)

    for verb, words in (("select", "Selected for its shot."), ("another", "Asked for another."),
                        ("replace", "stands in this one"), ("copy", "lies on the desk")):  # fmt: skip
        assert words in text(client.post(at(f"take_{verb}", take), follow=True)).replace("&#x27;", "'")
    client.post(at("take_vary", take))
    client.post(at("take_vary", take), {"seconds": "1"})
    assert "draws 0.2 to 2 seconds. Type a number between, such as 1.1." in text(
        client.post(at("take_vary", take), {"seconds": "-1"}, follow=True)
    )
    waiting = Take.objects.get(number=2)
    assert "Cancelled." in text(client.post(at("take_cancel", waiting), follow=True))
    assert [take.way for take in Take.objects.order_by("number")] == [
        "desk",
        "another",
        "replace",
        "vary",
        "vary",
    ]
    assert text(client.get(at("take_row", waiting))) == ""
    assert "Waiting" in text(client.get(at("take_row", Take.objects.get(number=3))))
    assert "Take 1" in text(client.get(at("take_row", take)))


def test_a_take_leads_into_no_shot_where_none_follows(client, shot):
    take = make_take(shot=shot)

    assert "No shot follows" in text(client.post(at("take_lead", take), {"to": "next"}, follow=True))
    assert not Frame.objects.exists()


def test_a_take_is_placed_in_a_film(client, person, shot):
    take = make_take(shot=shot)
    film = make_film(edition=shot.scene.production.edition, entrant=person, footage=True)

    wrong = text(client.post(at("take_deliver", take), {"film": film.pk, "start_s": "1:99:00"}))
    assert film.disclosures.count() == 0 and 'value="1:99:00"' in wrong and 'aria-invalid="true"' in wrong
    placed = client.post(at("take_deliver", take), {"film": film.pk, "start_s": "0:02"})
    line = film.disclosures.get()
    assert line.clip_id == take.clip_id
    assert placed.url == f"{reverse('entrant:statement', args=[film.pk])}#cue-{line.pk}"
    statement = text(client.get(placed.url))
    assert f'id="cue-{line.pk}"' in statement
    assert f"Take {take.number} is placed in “{film}”, at 0:02–0:06." in statement


def test_two_takes_are_compared(client, shot):
    first, second = make_take(shot=shot), make_take(shot=shot)
    address = at("shot_compare", shot)

    chosen = client.get(address, {"a": first.pk, "b": second.pk}).context
    assert (chosen["a"], chosen["b"]) == (first, second)
    for asked in ({}, {"a": first.pk, "b": first.pk}, {"a": "x", "b": make_take().pk}):
        chosen = client.get(address, asked).context
        assert (chosen["a"], chosen["b"]) == (second, first)
    assert "There are not two takes yet" in text(
        client.get(at("shot_compare", make_shot(owner=first.asked_by)))
    )


def test_the_library_shows_takes_by_their_traits(client, shot):
    take = make_take(shot=shot, words="a lighthouse")
    make_take(shot=shot, words="a boat")
    address = reverse("studio:library")

    assert [t.words for t in client.get(address, {"words": "light"}).context["found"].takes] == [take.words]
    assert "No take has all of these traits" in text(client.get(address, {"words": "whale"}))
    client.force_login(make_user())
    assert "No takes yet" in text(client.get(address))
