"""The director's desk: one shot, what is asked of it, and its takes."""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from festival import screenings
from festival.errors import Problem
from generation import animatic, desk, dispatch, library, studio, takes
from generation.engines import guide
from generation.forms import on_disk
from generation.forms.desk import DeskForm
from generation.models import Clip, Job, Shot, Take
from generation.views.clips import procedural, titles
from generation.views.door import address, one, wrong_in

REDRAWS = [
    ("inside", "What boxes and regions cover"),
    ("outside", "All but what boxes and regions cover"),
    ("around", "What lies around it, in this shot's shape"),
]
MOST_SHOWN = 24  # takes in a stack; all are in the library
CHOICES = {
    "selected": [("", "Any"), ("yes", "Selected for its shot"), ("no", "Not selected")],
    "made": [
        ("", "Ever"),
        ("day", "In the last day"),
        ("week", "In the last week"),
        ("month", "In the last month"),
    ],
}


def _shot(request, pk) -> Shot:
    rows = Shot.objects.select_related("scene__production__edition", "scene__production__owner", "first")
    return one(rows, request, pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shot(request, pk):
    """The desk; a post lays what was typed on it and, where "draw" was pressed, asks for takes."""
    found, cards = _shot(request, pk), studio.engines()
    if found.engine not in cards and not found.engine and cards:
        found.engine = next(iter(cards))
    form = DeskForm(request.POST or None, request.FILES or None, shot=found, cards=cards)
    if request.method == "POST" and form.is_valid():
        try:
            _lay(found, form, request.user)
            if (do := request.POST.get("do")) in ("draw", "draft"):
                count = form.cleaned_data["count"]
                takes.draw(found, by=request.user, count=count, draft=do == "draft")
                return redirect(f"{reverse('studio:shot', args=[pk])}#takes")
            return redirect(f"{reverse('studio:shot', args=[pk])}#desk")
        except Problem as problem:
            form.add_error(None, str(problem))
    return render(request, "generation/shot.html", page(request, found, form, cards))


@login_required
@require_POST
def kept(request, pk):
    """Lay what is being typed on the desk while the page stays, and answer with what it would cost."""
    found, cards = _shot(request, pk), studio.engines()
    form = DeskForm(request.POST, shot=found, cards=cards)
    problem = ""
    if form.is_valid():
        try:
            _lay(found, form, request.user)
        except Problem as refused:
            problem = str(refused)
    else:
        problem = wrong_in(form)
    return render(request, "generation/_quote.html", price(request, found, cards) | {"problem": problem})


def _lay(shot: Shot, form: DeskForm, by) -> None:
    desk.lay(shot, by=by, **form.laid)
    if form.cleaned_data.get("no_first"):
        desk.begin_with(shot, None, by=by)
    if form.cleaned_data.get("first"):
        with on_disk({"first": form.cleaned_data["first"]}) as sent:
            frame = desk.keep_still(shot.scene.production, sent["first"], by=by)
        desk.begin_with(shot, frame, by=by)


def price(request, shot: Shot, cards: dict) -> dict:
    """What the desk says beside its button: cost, wait, and what the engine leaves out."""
    card = cards.get(shot.engine)
    direction = animatic.Direction.from_json(shot.direction)
    return {
        "quote": takes.quote(shot, by=request.user),
        "ignored": animatic.ignored(direction, card.inputs) if card else (),
        "unread": studio.unread(shot.engine, shot.words),
        "first_look": takes.first_look(shot),
        "stretched": desk.stretched(shot, by=request.user),
        "card": card,
    }


def page(request, shot: Shot, form: DeskForm, cards: dict) -> dict:
    """What the desk shows."""
    production = shot.scene.production
    pace = Clip.objects.pace() if cards else {}
    return {
        "shot": shot,
        "production": production,
        "form": form,
        "direction": shot.direction,
        "aspect": shot.aspect,
        "seconds": shot.seconds,
        "first_url": screenings.address(shot.first.path) if shot.first else "",
        "engines": [(card, pace.get(card.name)) for card in cards.values()],
        **price(request, shot, cards),
        **(shown := stack(shot, request.user, cards)),
        "stills": stills(production),
        "clips": clips(shot, shown["takes"], request.user),
        "redraws": REDRAWS,
        "strip": strip(shot),
        "after": takes.next_shot(shot),
        **known(cards),
    }


def known(cards: dict) -> dict:
    """The words that engines here read; a camera is directed on the stage instead."""
    readers = [card for card in cards.values() if guide.reads(card)]
    return {
        "readers": readers,
        "guide": [kind for kind in guide.chips() if kind.field != "move"] if readers else [],
    }


def stage(shot: Shot, user, *, first: str | None) -> dict:
    """What a take of the shot may be directed by: the still it begins with, other stills, and clips."""
    production = shot.scene.production
    still = production.frames.filter(pk=first).first() if first else None
    own = shot.takes.drawn().standing().select_related("clip").order_by("-number")[:MOST_SHOWN]
    return {
        "first_url": screenings.address(still.path) if still else "",
        "stills": stills(production),
        "clips": clips(shot, list(own), user),
        "redraws": REDRAWS,
    }


def stills(production) -> list[dict]:
    """The production's stills, that a shot can be directed by, each with its signed address."""
    return [
        {"sha256": frame.sha256, "url": screenings.address(frame.path), "words": f"Still {number}"}
        for number, frame in enumerate(production.frames.all()[:MOST_SHOWN], start=1)
    ]


def clips(shot: Shot, here: list[Take], user) -> list[dict]:
    """The clips a shot may be drawn over: its own takes, the production's others, one's single ones."""
    drawn = Take.objects.drawn().filter(production=shot.scene.production_id).exclude(shot=shot)
    others = list(drawn.select_related("clip", "shot").order_by("-made_at")[:MOST_SHOWN])
    single = Clip.objects.visible_to(user).single(user)[:MOST_SHOWN]
    found = [("This shot", f"Take {take.number}", take.clip) for take in here]
    found += [("Other shots", f"{take.shot}, take {take.number}", take.clip) for take in others]
    found += [("Single clips", clip.prompt[:60], clip) for clip in single]
    return [
        {"id": str(clip.pk), "words": words, "group": group, "poster": screenings.address(clip.poster)}
        for group, words, clip in found
    ]


def stack(shot: Shot, user, cards: dict) -> dict:
    """The takes of a shot: on their way, standing, and replaced, each ready to be shown."""
    rows = shot.takes.select_related("clip", "job", "asked_by", "parent").order_by("-number")
    drawn = list(rows.drawn().standing()[: MOST_SHOWN + 1])
    dressed = [dress(take, cards) for take in drawn[:MOST_SHOWN]]
    on_the_way = foreseen(list(rows.under_way()))
    return {
        "takes": dressed,
        "more": len(drawn) > MOST_SHOWN,
        "on_the_way": on_the_way,
        "comparing": len(dressed) + len(on_the_way) > 1,
        "failed": list(rows.failed()),
        "replaced": [dress(take, cards) for take in rows.drawn().replaced()[:MOST_SHOWN]],
        "procedural": procedural(cards),
        "titles": titles(cards),
    }


def foreseen(waiting: list[Take]) -> list[Take]:
    """Takes on their way, each that waits with the seconds until it is begun as `begins_in_s`."""
    if any(take.job.status == Job.Status.QUEUED for take in waiting):
        outlooks = dispatch.outlooks()
        for take in waiting:
            take.ahead, take.begins_in_s = outlooks.get(take.job_id, (0, 0.0))
    return waiting


def dress(take: Take, cards: dict) -> Take:
    """Give a drawn take its signed addresses, and what its engine lets one do with it."""
    address(take.clip)
    inputs = cards[take.engine].inputs if take.engine in cards else ()
    take.dials = takes.dials(take, cards.get(take.engine))
    take.goes_on, take.leads_up = "first_frame" in inputs, "last_frame" in inputs
    return take


def strip(shot: Shot) -> list[Shot]:
    """All shots of the production as the film runs, each with its still and its number: scene.shot."""
    among = Shot.objects.filter(scene__production=shot.scene.production_id).in_order()
    earlier = Q(scene__production__scenes__position__lt=F("scene__position"))
    shots = among.annotate(scenes_before=Count("scene__production__scenes", filter=earlier))
    shots, before = list(shots.select_related("scene", "selected__clip")), Counter()
    for one_of_them in shots:
        before[one_of_them.scene_id] += 1
        one_of_them.number = f"{one_of_them.scenes_before + 1}.{before[one_of_them.scene_id]}"
        address(one_of_them.selected and one_of_them.selected.clip)
    return shots


@login_required
@require_safe
def compare(request, pk):
    """Two takes of a shot, one over the other, at the same moment."""
    found = _shot(request, pk)
    among = found.takes.drawn().select_related("clip", "job").order_by("-number")
    drawn = [dress(take, {}) for take in among[: 4 * MOST_SHOWN]]
    chosen = {name: next((t for t in drawn if str(t.pk) == request.GET.get(name)), None) for name in "ab"}
    if chosen["a"] is None or chosen["b"] is None or chosen["a"] == chosen["b"]:
        chosen = dict(zip("ab", drawn[:2], strict=False)) if len(drawn) >= 2 else {}
    pair = [(take, name.upper()) for name, take in chosen.items()]
    context = {"shot": found, "production": found.scene.production, "drawn": drawn, "pair": pair, **chosen}
    context["titles"] = titles(studio.engines())
    return render(request, "generation/compare.html", context)


@login_required
@require_safe
def library_page(request):
    """All takes one may see, by what they are."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in library.TRAITS}
    found = library.page(library.search(request.user, **asked), after=request.GET.get("after", ""))
    cards = studio.engines()
    for take in found.takes:
        dress(take, cards)
    context = {
        "found": found,
        "facets": library.facets(request.user),
        "asked": asked,
        "filtered": any(asked.values()),
        "choices": CHOICES,
        "titles": titles(cards),
        "here": reverse("studio:library"),
    }
    return render(request, "generation/library.html", context)
