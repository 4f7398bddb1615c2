"""Productions: begun, put in order, shared by invitation; and what strangers may not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from festival import notices
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Notice, Person
from generation import dispatch, productions
from generation.models import Job, Member, Production, Shot
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import make_job, make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user(email="ada@example.org", name="Ada")


@pytest.fixture
def production(person):
    return productions.begin(make_edition(), by=person, title=" The  Long Way ")


def board(production) -> list[tuple[str, list[str]]]:
    return [
        (scene.title, [shot.title for shot in scene.board]) for scene in productions.storyboard(production)
    ]


def test_a_production_begins_with_a_scene_and_a_shot(production, person):
    assert (production.title, production.owner) == ("The Long Way", person)
    assert board(production) == [("Scene 1", [""])]


def test_it_begins_while_the_call_is_open_or_for_whoever_has_a_part(person):
    closed = make_edition(status=Edition.Status.CLOSED)

    with pytest.raises(Refused, match="draws while its call is open"):
        productions.begin(closed, by=person, title="Late")
    assert productions.begin(closed, by=make_organiser(closed), title="Ours").title == "Ours"


@pytest.mark.parametrize(("title", "words"), [("  ", "Give it a title"), ("x" * 201, "this one has 201")])
def test_a_title_is_needed_and_not_endless(production, person, title, words):
    with pytest.raises(Unacceptable, match=words):
        productions.rename(production, by=person, title=title)
    with pytest.raises(Unacceptable, match=words):
        productions.begin(production.edition, by=person, title=title)


def test_scenes_and_shots_are_added_named_and_put_in_order(production, person):
    first = production.scenes.get()
    second = productions.add_scene(production, by=person, title="The harbour")
    productions.rename(first.shots.get(), by=person, title="a")
    for title in "bc":
        productions.add_shot(first, by=person, title=title)
    d = productions.add_shot(second, by=person, title="d")

    productions.step(d, by=person, way="up")
    assert board(production) == [("Scene 1", ["a", "b", "c", "d"]), ("The harbour", [])]
    productions.move(Shot.objects.get(title="c"), by=person, to=0)
    productions.step(Shot.objects.get(title="a"), by=person, way="down")
    assert board(production)[0] == ("Scene 1", ["c", "b", "a", "d"])
    productions.step(Shot.objects.get(title="d"), by=person, way="down")
    productions.step(second, by=person, way="up")
    assert board(production) == [("The harbour", ["d"]), ("Scene 1", ["c", "b", "a"])]
    productions.step(second, by=person, way="up")
    productions.step(Shot.objects.get(title="d"), by=person, way="up")
    assert board(production) == [("The harbour", ["d"]), ("Scene 1", ["c", "b", "a"])], "already first"


def test_a_new_shot_has_the_engine_and_the_shape_of_the_one_before_it(production, person):
    Shot.objects.update(engine="quick", aspect="1:1", seconds=1.5, words="a cat")

    shot = productions.add_shot(production.scenes.get(), by=person)

    assert (shot.engine, shot.aspect, shot.seconds, shot.words) == ("quick", "1:1", 1.5, "")


def test_a_shot_goes_into_no_other_production(production, person):
    other = productions.begin(production.edition, by=person, title="Other")

    with pytest.raises(Refused, match="another production"):
        productions.move(production.scenes.get().shots.get(), by=person, to=0, scene=other.scenes.get())


def test_what_is_empty_can_be_removed_and_what_holds_something_cannot(production, person):
    scene = production.scenes.get()
    shot = scene.shots.get()

    with pytest.raises(Refused, match="holds shots"):
        productions.remove(scene, by=person)
    productions.remove(shot, by=person)
    productions.remove(scene, by=person)
    assert board(production) == []

    kept = productions.add_shot(productions.add_scene(production, by=person), by=person)
    make_take(shot=kept)
    with pytest.raises(Refused, match="never thrown away"):
        productions.remove(kept, by=person)


def test_strangers_change_nothing_and_see_nothing(production):
    stranger, scene = make_user(), production.scenes.get()
    acts = [
        lambda: productions.rename(production, by=stranger, title="Mine"),
        lambda: productions.add_scene(production, by=stranger),
        lambda: productions.add_shot(scene, by=stranger),
        lambda: productions.step(scene, by=stranger, way="up"),
        lambda: productions.remove(scene.shots.get(), by=stranger),
        lambda: productions.invite(production, "x@example.org", by=stranger),
    ]

    for act in acts:
        with pytest.raises(Refused):
            act()
    assert not Production.objects.visible_to(stranger).exists()
    assert not Shot.objects.visible_to(stranger).exists()


def letter() -> str:
    for notice in Notice.objects.unsent():
        notices.send(notice.pk)
    return mail.outbox[-1].body


def test_somebody_with_an_account_is_invited_says_yes_and_directs(production, person):
    bob = make_user(email="bob@example.org", password="a long way round 1888")
    bob.emailaddress_set.create(email=bob.email, verified=True, primary=True)

    member = productions.invite(production, " Bob@example.org ", by=person)
    assert f"/studio/invitations/{member.pk}/" in letter()
    assert not Production.objects.visible_to(bob).exists(), "before a yes there is nothing to see"
    with pytest.raises(Refused, match="somebody else"):
        productions.accept(member, by=make_user())
    productions.accept(member, by=bob)

    assert Production.objects.visible_to(bob).get() == production
    productions.add_scene(production, by=bob, title="Bob's")
    with pytest.raises(Refused, match="Only the owner"):
        productions.invite(production, "eve@example.org", by=bob)


def test_somebody_without_an_account_is_shown_the_way_to_one(production, person):
    member = productions.invite(production, "new@example.org", by=person)

    assert "/accounts/password/reset/key/" in letter()
    assert member.person == Person.objects.get(email="new@example.org")


def test_inviting_twice_sends_one_letter_and_oneself_none(production, person):
    productions.invite(production, "bob@example.org", by=person)
    productions.invite(production, "BOB@example.org", by=person)

    assert (Member.objects.count(), Notice.objects.count()) == (1, 1)
    for address, words in ((person.email, "yours already"), ("nobody", "no e-mail address")):
        with pytest.raises(Unacceptable, match=words):
            productions.invite(production, address, by=person)


def test_there_is_an_end_to_productions(person, monkeypatch):
    monkeypatch.setattr(productions, "MOST_PRODUCTIONS", 1)
    edition = make_edition()
    productions.begin(edition, by=person, title="One")

    with pytest.raises(Refused, match="which is the most"):
        productions.begin(edition, by=person, title="Two")
    assert productions.begin(edition, by=make_user(), title="Another person's").pk


def test_there_is_an_end_to_invitations(production, person, monkeypatch):
    monkeypatch.setattr(productions, "MOST_INVITATIONS", 2)
    for name in ("a", "b"):
        productions.invite(production, f"{name}@example.org", by=person)

    with pytest.raises(Refused, match="Go on tomorrow"):
        productions.invite(production, "c@example.org", by=person)
    monkeypatch.setattr(productions, "MOST_MEMBERS", 2)
    with pytest.raises(Refused, match="Remove somebody first"):
        productions.invite(production, "c@example.org", by=person)


def test_a_member_leaves_and_an_owner_removes_and_nobody_else(production, person):
    bob, eve = make_user(), make_user()
    for who in (bob, eve):
        productions.accept(productions.invite(production, who.email, by=person), by=who)
    of_bob, of_eve = Member.objects.get(person=bob), Member.objects.get(person=eve)

    with pytest.raises(Refused, match="Only the owner"):
        productions.part(of_eve, by=bob)
    productions.part(of_bob, by=bob)
    productions.part(of_eve, by=person)

    assert not Production.objects.visible_to(bob).exists()
    assert not Production.objects.visible_to(eve).exists()


def test_nothing_more_is_drawn_for_somebody_who_left(production, person):
    bob, shot = make_user(), Shot.objects.get(scene__production=production)
    member = productions.accept(productions.invite(production, bob.email, by=person), by=bob).members.get()
    waits, paused, failed = (
        make_job(owner=bob, edition=production.edition, status=status)
        for status in ("queued", "paused", "failed")
    )
    own = make_job(owner=person, edition=production.edition)
    for job in (waits, paused, failed, own):
        make_take(shot=shot, clip=None, job=job)
    elsewhere = make_job(owner=bob, edition=production.edition)

    productions.part(member, by=bob)

    assert statuses(waits, paused, failed, own, elsewhere) == [
        "cancelled", "cancelled", "failed", "queued", "queued",
    ]  # fmt: skip
    with pytest.raises(Refused, match="no longer share"):
        dispatch.retry(failed, by=bob)
    Job.objects.filter(pk=paused.pk).update(status="paused")  # somehow
    with pytest.raises(Refused, match="no longer share"):
        dispatch.resume(Job.objects.get(pk=paused.pk), by=bob)


def statuses(*jobs: Job) -> list[str]:
    return [Job.objects.get(pk=job.pk).status for job in jobs]


def test_who_was_let_in_and_who_left_is_remembered_once_each(production, person):
    bob, eve = make_user(), make_user()
    of_bob, of_eve = (productions.invite(production, who.email, by=person) for who in (bob, eve))
    productions.invite(production, bob.email, by=person)
    for _ in range(2):
        productions.accept(of_bob, by=bob)
        productions.part(of_bob, by=bob)
        productions.part(of_eve, by=person)

    assert list(production.events.values_list("by", "note")) == [
        (person.pk, f"Invited person {bob.pk}."),
        (person.pk, f"Invited person {eve.pk}."),
        (bob.pk, f"Person {bob.pk} joined."),
        (bob.pk, f"Person {bob.pk} left."),
        (person.pk, f"Removed person {eve.pk}."),
    ]


def test_nobody_is_written_to_again_and_again(production, person):
    member = productions.invite(production, "bob@example.org", by=person)
    productions.part(member, by=person)

    with pytest.raises(Refused, match="Invite them again tomorrow"):
        productions.invite(production, "bob@example.org", by=person)
    assert Notice.objects.count() == 1

    Member.objects.update(invited_at=timezone.now() - timedelta(days=1, seconds=1))
    again = productions.invite(production, "bob@example.org", by=person)
    assert (again.pk, again.ended_at, Notice.objects.count()) == (member.pk, None, 2)


def test_an_invitation_tells_nobody_whose_address_it_is(production, person):
    bob = make_user(name="Bob Secretname")

    member = productions.invite(production, bob.email, by=person)
    assert member.known_as == bob.email
    productions.accept(member, by=bob)
    assert Member.objects.get().known_as == "Bob Secretname"


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(person, rows, django_assert_num_queries):
    edition = make_edition()
    for _ in range(rows):
        production = productions.begin(edition, by=person, title="P")
        scene = productions.add_scene(production, by=person)
        for _ in range(rows):
            make_take(shot=productions.add_shot(scene, by=person))

    with django_assert_num_queries(1):
        found = [(p.shot_count, p.take_count) for p in productions.mine(person)]
    assert found == [(rows + 1, rows)] * rows
    with django_assert_num_queries(2):
        shots = [shot for scene in productions.storyboard(production) for shot in scene.board]
    assert [shot.take_count for shot in shots] == [0] + [1] * rows
