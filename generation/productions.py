"""Productions: begin one, put its scenes and shots in order, share it."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from festival import notices, office
from festival.errors import Refused, Unacceptable
from festival.models import Edition
from generation import access, dispatch
from generation.models import Job, Member, Production, Scene, Shot, Take

MOST_PRODUCTIONS = 100  # of a person
MOST_SCENES, MOST_SHOTS = 200, 500  # of a production
MOST_MEMBERS = 20  # of a production, invited or there
MOST_INVITATIONS = 50  # letters that one person may have sent out in a day
LONGEST_TITLE = 200
DAY = timedelta(days=1)


def mine(user) -> models.QuerySet:
    """The productions that `user` shares, latest first, with `shot_count` and `take_count` of drawn takes."""
    shots = Shot.objects.filter(scene__production=models.OuterRef("pk")).order_by()
    takes = Take.objects.drawn().filter(production=models.OuterRef("pk")).order_by()
    return (
        Production.objects.visible_to(user)
        .select_related("owner", "edition")
        .annotate(shot_count=_count(shots), take_count=_count(takes))
    )


def _count(rows: models.QuerySet) -> models.Subquery:
    """How many rows belong to each row outside; counts of two joins would multiply each other."""
    counted = rows.annotate(all=models.Func("pk", function="COUNT")).values("all")
    return models.Subquery(counted, output_field=models.IntegerField())


def faces(shared: list[Production]) -> dict:
    """For each production the clip of the selected take that was made last: the still it is known by."""
    chosen = Take.objects.filter(production__in=shared, selected_in__isnull=False).order_by("made_at")
    return {take.production_id: take.clip for take in chosen.select_related("clip")}


def storyboard(production: Production) -> list[Scene]:
    """The scenes in order, each with its shots in order as `board`; a shot's selected take lies with it."""
    shots = Shot.objects.order_by("position", "pk").select_related("selected__clip", "first")
    drawn = models.Count("takes", filter=models.Q(takes__clip__isnull=False))
    board = models.Prefetch("shots", shots.annotate(take_count=drawn), to_attr="board")
    return list(production.scenes.prefetch_related(board))


# The production


@transaction.atomic
def begin(edition: Edition, *, by, title: str) -> Production:
    """Begin a production, with one scene that holds one shot: somewhere to start.

    Raises:
        Refused: the edition's studio is closed to `by`, or they have too many.
        Unacceptable: it has no title.
    """
    if why := access.why_not_produce(by, edition):
        raise Refused(why)
    by.one_at_a_time()
    if by.productions.count() >= MOST_PRODUCTIONS:
        raise Refused(f"You have {MOST_PRODUCTIONS} productions, which is the most. Go on in one of them.")
    production = Production.objects.create(edition=edition, owner=by, title=_title(title))
    scene = production.scenes.create(title="Scene 1", position=0)
    scene.shots.create(position=0)
    return production


@transaction.atomic
def rename(thing: Production | Scene | Shot, *, by, title: str) -> None:
    """Give a production or a scene another title; a shot may go without.

    Raises:
        Refused: it is in nobody's production that `by` shares.
        Unacceptable: the title is missing, or too long.
    """
    _change(_production(thing), by)
    thing.title = _title(title, optional=isinstance(thing, Shot))
    thing.save(update_fields=["title"])


# Scenes and shots


@transaction.atomic
def add_scene(production: Production, *, by, title: str = "") -> Scene:
    """A scene at the end. Raises Refused or Unacceptable."""
    _change(production, by)
    count = production.scenes.count()
    if count >= MOST_SCENES:
        raise Unacceptable(f"A production holds {MOST_SCENES} scenes at most. Begin another production.")
    title = _title(title.strip() or f"Scene {count + 1}")
    return production.scenes.create(title=title, position=_next(production.scenes))


@transaction.atomic
def add_shot(scene: Scene, *, by, title: str = "") -> Shot:
    """A shot at the end of the scene; engine, shape and length are those of the shot before it.

    Raises:
        Refused, Unacceptable
    """
    _change(scene.production, by)
    if Shot.objects.filter(scene__production=scene.production_id).count() >= MOST_SHOTS:
        raise Unacceptable(f"A production holds {MOST_SHOTS} shots at most. Begin another production.")
    before = Shot.objects.filter(scene__production=scene.production_id).in_order().last()
    like = {name: getattr(before, name) for name in ("engine", "aspect", "seconds")} if before else {}
    return scene.shots.create(title=_title(title, optional=True), position=_next(scene.shots), **like)


@transaction.atomic
def move(thing: Scene | Shot, *, by, to: int, scene: Scene | None = None) -> None:
    """Put a scene or a shot at place `to` among its neighbours, from 0; beyond the ends is at the end.

    Args:
        scene: another scene of the same production, into which a shot goes.

    Raises:
        Refused: `by` does not share the production, or the scene is another production's.
    """
    production = _production(thing)
    _change(production, by)
    if scene is not None and isinstance(thing, Shot):
        if scene.production_id != production.pk:
            raise Refused("This scene belongs to another production.")
        thing.scene = scene
        thing.save(update_fields=["scene"])
    among = thing.scene.shots if isinstance(thing, Shot) else production.scenes
    order = [row for row in among.order_by("position", "pk") if row.pk != thing.pk]
    order.insert(max(0, min(to, len(order))), thing)
    for position, row in enumerate(order):
        row.position = position
    type(thing).objects.bulk_update(order, ["position"])


def step(thing: Scene | Shot, *, by, way: str) -> None:
    """Put a scene or a shot one place "up" or "down"; a shot at an end goes into the next scene there is.

    Raises:
        Refused: `by` does not share the production.
    """
    among = thing.scene.shots if isinstance(thing, Shot) else thing.production.scenes
    order = list(among.order_by("position", "pk").values_list("pk", flat=True))
    to = order.index(thing.pk) + (-1 if way == "up" else 1)
    if isinstance(thing, Shot) and not 0 <= to < len(order):
        beside = _neighbour(thing.scene, way)
        if beside is not None:
            move(thing, by=by, to=beside.shots.count() if way == "up" else 0, scene=beside)
        return
    move(thing, by=by, to=to)


def _neighbour(scene: Scene, way: str) -> Scene | None:
    scenes = list(scene.production.scenes.order_by("position", "pk"))
    at = scenes.index(scene) + (-1 if way == "up" else 1)
    return scenes[at] if 0 <= at < len(scenes) else None


@transaction.atomic
def remove(thing: Scene | Shot, *, by) -> None:
    """Take an empty scene, or a shot without takes, out of the production.

    Raises:
        Refused: it holds something, which would be lost.
    """
    _change(_production(thing), by)
    if why := access.why_not_remove(thing):
        raise Refused(why)
    thing.delete()


def _production(thing: Production | Scene | Shot) -> Production:
    if isinstance(thing, Production):
        return thing
    return thing.production if isinstance(thing, Scene) else thing.scene.production


def _change(production: Production, by) -> None:
    """Ask whether `by` may change the production, and hold it until the transaction ends."""
    if why := access.why_not_direct(by, production):
        raise Refused(why)
    production.touch()


def _next(rows) -> int:
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def _title(words: str, *, optional: bool = False) -> str:
    words = " ".join(words.split())
    if not words and not optional:
        raise Unacceptable("Give it a title.")
    if len(words) > LONGEST_TITLE:
        raise Unacceptable(f"A title has {LONGEST_TITLE} characters at most; this one has {len(words):,}.")
    return words


# People


@transaction.atomic
def invite(production: Production, email: str, *, by) -> Member:
    """Invite the person at `email`, and write to them; somebody without an account is given a way to one.

    Inviting somebody who was invited changes nothing and sends nothing.

    Raises:
        Refused: only the owner invites, and so many a day.
        Unacceptable: this is no address, or the owner's own.
    """
    if why := access.why_not_share(by, production):
        raise Refused(why)
    production.touch()
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Unacceptable("This is no e-mail address. Check it, and invite them again.") from None
    if email.lower() == production.owner.email.lower():
        raise Unacceptable("The production is yours already. Invite somebody else.")
    by.one_at_a_time()
    there = production.members.filter(person__email__iexact=email).first()
    if there and not there.ended_at:
        return there
    if why := _why_no_more(production, by, there):
        raise Refused(why)
    member, _ = Member.objects.update_or_create(
        production=production,
        person=there.person if there else office.person_at(email),
        defaults={"invited_by": by, "invited_at": timezone.now(), "accepted_at": None, "ended_at": None},
    )
    _note(member, by, "Invited person {person}.")
    _write_to(member)
    return member


def _why_no_more(production: Production, by, there: Member | None) -> str:
    if production.members.present().count() >= MOST_MEMBERS:
        return f"{MOST_MEMBERS} people share a production at most. Remove somebody first."
    if there and not there.accepted_at and there.invited_at > timezone.now() - DAY:
        return "They were written to today already. Invite them again tomorrow."
    today = Member.objects.filter(invited_by=by, invited_at__gte=timezone.now() - DAY).count()
    if today >= MOST_INVITATIONS:
        return f"You have invited {MOST_INVITATIONS} people in a day. Go on tomorrow."
    return ""


def _note(member: Member, by, words: str) -> None:
    """Add a row to what is remembered of the production."""
    member.production.events.create(by=by, note=words.format(person=member.person_id))


def _write_to(member: Member) -> None:
    door = reverse("studio:invitation", args=[member.pk])
    path, newcomer = office.way_in(member.person, door)
    notices.write(
        member.person,
        "invited",
        production=member.production,
        by=member.invited_by,
        newcomer=newcomer,
        link=settings.SITE_URL + path,
    )


@transaction.atomic
def accept(member: Member, *, by) -> Production:
    """Join the production one was invited into; joining twice changes nothing.

    Raises:
        Refused: the invitation is somebody else's.
    """
    if member.person_id != by.pk:
        raise Refused("This invitation was sent to somebody else. Sign in with the address it came to.")
    if Member.objects.open().filter(pk=member.pk).update(accepted_at=timezone.now()):
        _note(member, by, "Person {person} joined.")
    return member.production


@transaction.atomic
def part(member: Member, *, by) -> None:
    """Leave a production, decline its invitation, or, as its owner, remove a member.

    What they had drawn stays in the production, and is the production's alone: its people go on using it,
    and whoever left sees and places it no more. Single clips are their own as before.

    Raises:
        Refused: `by` is neither the member nor the owner.
    """
    if by.pk not in (member.person_id, member.production.owner_id):
        raise Refused("Only the owner of a production removes its members.")
    member.production.touch()  # whoever asks for a take there has asked, or finds them gone
    if Member.objects.present().filter(pk=member.pk).update(ended_at=timezone.now()):
        cancelled, left = _put_down(member), by.pk == member.person_id
        said = "Person {person} left." if left else "Removed person {person}."
        takes = "1 take" if cancelled == 1 else f"{cancelled} takes"
        _note(member, by, f"{said} {takes} of theirs cancelled." if cancelled else said)


def _put_down(member: Member) -> int:
    """Cancel what is still to be drawn there for somebody who no longer shares it; returns how much."""
    cancelled = 0
    theirs = Job.objects.light().filter(take__production=member.production, owner=member.person)
    for job in theirs.unfinished():
        with suppress(Refused):  # it has ended meanwhile
            dispatch.cancel(job, by=member.person)
            cancelled += 1
    return cancelled
