"""Takes on the page: what one is made of, and the verbs that make the next one from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from festival.errors import Problem, Refused, Unacceptable
from generation import access, animatic, desk, dispatch, enlarging, studio, takes
from generation import finishing as polish
from generation.forms import DeliverForm
from generation.forms.desk import VaryForm
from generation.forms.finishing import FinishForm
from generation.forms.larger import LargerForm
from generation.models import Job, Take
from generation.views.clips import films_of, placed, procedural, titles
from generation.views.door import back, one, told, wrong_in
from generation.views.shots import dress, stage


def _take(request, pk) -> Take:
    rows = Take.objects.select_related(
        "clip__edition", "job", "shot__scene", "shot__selected", "production__edition", "parent", "asked_by"
    )
    return one(rows, request, pk=pk)


def _shot(take: Take, anchor: str = "takes") -> str:
    return f"{reverse('studio:shot', args=[take.shot_id])}#{anchor}"


@login_required
@require_safe
def take(request, pk):
    """A take's papers and its recipe; what lies on the desk stays as it is."""
    found = _take(request, pk)
    return show(request, found, DeliverForm(films=films_of(request.user)))


def show(request, found: Take, form: DeliverForm):
    cards = studio.engines()
    if found.clip:
        dress(found, cards)
    context = {
        "take": found,
        "shot": found.shot,
        "production": found.production,
        "after": takes.next_shot(found.shot),
        "form": form,
        "finish": found.clip and FinishForm(clip=found.clip),
        "larger": enlarging.offer(found),
        "larger_form": LargerForm(),
        "procedural": procedural(cards),
        "titles": titles(cards),
        "scheduler": found.recipe.get("scheduler", {}).get("_class_name", ""),
    }
    return render(request, "generation/take.html", context)


@login_required
@require_safe
def row(request, pk):
    """A take as it stands in its stack, for the page that watched it; nothing, once it is cancelled."""
    found, cards = _take(request, pk), studio.engines()
    if found.clip:
        dress(found, cards)
    elif found.job is None or found.job.status == Job.Status.CANCELLED:
        return HttpResponse()
    part = "generation/_take.html" if found.clip else "generation/_take_waits.html"
    beside = Take.objects.filter(shot=found.shot)
    context = {
        "take": found,
        "shot": found.shot,
        "after": takes.next_shot(found.shot),
        "titles": titles(cards),
        "comparing": beside.drawn().standing().count() + beside.under_way().count() > 1,
    }
    return render(request, part, context)


def _verb(act, done: str):
    """A view that does one thing with a take and goes back to its shot; to the take where it is refused."""

    @login_required
    @require_POST
    def view(request, pk):
        found = _take(request, pk)
        try:
            act(found, request)
        except Problem as problem:
            messages.error(request, str(problem))
            return redirect("studio:take", found.pk) if found.clip else redirect(_shot(found))
        messages.success(request, done)
        return redirect(back(request, _shot(found)))

    return view


def _vary(take: Take, request) -> None:
    form = VaryForm(request.POST, card=studio.engines().get(take.engine))
    if not form.is_valid():
        raise Unacceptable(wrong_in(form))
    takes.vary(take, by=request.user, **form.change)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direct(request, pk):
    """The take's direction on a stage of its own; a post draws the take with what was made of it."""
    found, cards = _take(request, pk), studio.engines()
    was = animatic.Direction.from_json(found.wish.get("direction") or {})
    if request.method == "POST":
        with told(request, "Asked for. What lies on the desk stays there."):
            takes.vary(found, by=request.user, direction=posted(request.POST, was).to_json())
            return redirect(_shot(found))
    context = {
        "take": found,
        "shot": found.shot,
        "production": found.production,
        "direction": was.to_json(),
        "aspect": found.aspect,
        "seconds": found.wish["seconds"],
        "card": cards.get(found.engine),
        **stage(found.shot, request.user, first=found.wish.get("first")),
    }
    return render(request, "generation/direct.html", context)


def posted(post, was: animatic.Direction) -> animatic.Direction:
    """The direction that a form sent. Raises Unacceptable, where it cannot be read."""
    try:
        return animatic.from_form(post, was=was)
    except ValueError as error:
        raise Unacceptable(str(error)) from None


def _extend(take: Take, request) -> None:
    takes.extend(take, by=request.user, backwards=request.POST.get("to") == "front")


def _finishing(take: Take, request) -> None:
    """Make a finished take of this one."""
    if take.clip is None:
        raise Refused(access.why_not_use(take))
    form = FinishForm(request.POST, clip=take.clip)
    if not form.is_valid():
        raise Unacceptable(wrong_in(form))
    polish.ask(take, by=request.user, **form.said)


@login_required
@require_POST
def finishing(request, pk):
    """Ask for a finished take, and go to where it will stand; or say what is wrong beside the form."""
    found = _take(request, pk)
    with told(request, "Asked for. The finished take stands beside this one once it is made."):
        _finishing(found, request)
        return redirect(_shot(found))
    return redirect(f"{reverse('studio:take', args=[pk])}#finish")


@login_required
@require_POST
def larger(request, pk):
    """Ask for the take drawn larger, and go to where it will stand; or say what is wrong beside the form."""
    found = _take(request, pk)
    with told(request, "Asked for. The larger take stands beside this one once it is drawn."):
        form = LargerForm(request.POST)
        if not form.is_valid():
            raise Unacceptable(wrong_in(form))
        enlarging.ask(found, by=request.user, **form.cleaned_data)
        return redirect(_shot(found))
    return redirect(f"{reverse('studio:take', args=[pk])}#larger")


def _retry(take: Take, request) -> None:
    if take.job:
        dispatch.retry(take.job, by=request.user)


select = _verb(lambda take, request: takes.select(take, by=request.user), "Selected for its shot.")
another = _verb(lambda take, request: takes.another(take, by=request.user), "Asked for another.")
replace = _verb(
    lambda take, request: takes.replace(take, by=request.user),
    "Asked for. The new take stands in this one's place once it is drawn.",
)
finish = _verb(lambda take, request: takes.finish(take, by=request.user), "Asked for, for good.")
vary = _verb(_vary, "Asked for, with one thing changed.")
extend = _verb(_extend, "Asked for what goes on from this take.")
cancel = _verb(lambda take, request: takes.cancel(take, by=request.user), "Cancelled. Nothing was kept.")
retry = _verb(_retry, "Asked for again, with the same recipe.")


@login_required
@require_POST
def copy(request, pk):
    """Lay the take's recipe on its shot's desk."""
    found = _take(request, pk)
    with told(request, f"The recipe of take {found.number} lies on the desk."):
        desk.copy(found, by=request.user)
    return redirect(_shot(found, "desk"))


@login_required
@require_POST
def lead(request, pk):
    """Let this shot or the next begin with the take's last frame."""
    found = _take(request, pk)
    target = takes.next_shot(found.shot) if request.POST.get("to") == "next" else found.shot
    if target is None:
        messages.error(request, "No shot follows this one. Add one to the storyboard first.")
        return redirect(_shot(found))
    with told(request, f"Takes of this shot begin with the last frame of take {found.number}."):
        takes.lead_on(found, by=request.user, shot=target)
    return redirect(f"{reverse('studio:shot', args=[target.pk])}#desk")


@login_required
@require_POST
def deliver(request, pk):
    """Place the take in a film's cue sheet."""
    found = _take(request, pk)
    form = DeliverForm(request.POST, films=films_of(request.user))
    if not form.is_valid():
        return show(request, found, form)
    try:
        line = takes.deliver(found, by=request.user, **form.cleaned_data)
    except Problem as problem:
        form.add_error(None, str(problem))
        return show(request, found, form)
    return placed(request, f"Take {found.number}", line)
