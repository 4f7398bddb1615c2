"""The studio's pages: the library with its form, a job, a clip, and the way from a clip into a film."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival import screenings
from festival.errors import Problem
from festival.models import Disclosure, Edition, Film
from festival.provenance import timecodes
from generation import access, allowances, dispatch, studio
from generation.engines import guide
from generation.forms import BriefForm, DeliverForm, on_disk
from generation.forms.jobs import RewriteForm
from generation.models import Clip, Job, Take

PAGE = 24


@login_required
@require_http_methods(["GET", "POST"])
def clips(request):
    """The library, what is on the way, and the form that asks for more."""
    cards, editions = studio.engines(), drawable(request.user)
    form = BriefForm(
        request.POST or None, request.FILES or None, cards=cards, editions=editions, initial=wish(request)
    )
    if request.method == "POST" and form.is_valid() and not form.unread:
        try:
            with on_disk(form.cleaned_data) as asked:
                studio.request(by=request.user, **asked)
            messages.success(request, "Asked for. It is drawn in its turn; you may close this page.")
            return redirect(f"{reverse('studio:clips')}#on-the-way")
        except Problem as problem:
            form.add_error(None, str(problem))
    return render(request, "generation/clips.html", library(request, form, cards, editions))


@login_required
@require_POST
def words(request):
    """What an engine would leave out of the words as they are typed."""
    unread = studio.unread(request.POST.get("engine", ""), request.POST.get("prompt", ""))
    return render(request, "generation/_unread.html", {"unread": unread})


def library(request, form, cards, editions) -> dict:
    """What the library page shows."""
    mine = Clip.objects.visible_to(request.user).single(request.user)  # a take's clip stands with its shot
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    for clip in page:
        address(clip)
    pace = Clip.objects.pace() if cards else {}
    readers = [card for card in cards.values() if guide.reads(card)]
    return {
        "form": form,
        "engines": [(card, pace.get(card.name)) for card in cards.values()],
        "guide": guide.chips() if readers else (),
        "readers": readers,
        "procedural": procedural(cards),
        "titles": titles(cards),
        "why_not": access.why_not_draw(request.user, editions[0]) if editions else "",
        "editions": editions,
        "quote": quote(request.user, editions[0]) if editions and cards else {},
        "jobs": Job.objects.visible_to(request.user).on_the_desk(),
        "page": page,
    }


def quote(user, edition: Edition) -> dict[str, float]:
    """Seconds of drawing that `user` has left in the edition, and until a clip asked for now is begun."""
    return {
        "left_s": allowances.left_s(user, edition),
        "wait_s": dispatch.expected_wait_s(user),
    }


def procedural(cards) -> set[str]:
    """The names of the engines that are drawing programmes, by which their jobs are labelled."""
    return {card.name for card in cards.values() if card.procedural}


def titles(cards) -> dict[str, str]:
    """The title of each engine here, by its id."""
    return {card.name: card.title for card in cards.values()}


def wish(request) -> dict:
    """The form's first values: those of a clip of one's own where `?like=` names it, with any seed."""
    start = {"seed": studio.any_seed()}
    like = Clip.objects.visible_to(request.user).named(request.GET.get("like", "")).first()
    if like:
        start |= {"prompt": like.prompt, "seconds": round(like.duration_s, 2), "engine": like.engine}
        start |= {"enlarge": like.brief.get("enlarge", "smooth")}
    return start | ({"aspect": like.aspect} if like else {})


def drawable(user) -> list[Edition]:
    """Editions for which `user` may ask for clips: open calls, and those in which they have a role."""
    return Edition.objects.filter(Q(status=Edition.Status.OPEN) | Q(roles__person=user)).distinct()


def address(clip: Clip) -> None:
    """Give the clip the signed addresses that its file and its poster play under."""
    clip.plays_at = screenings.address(clip.path)
    clip.poster_at = screenings.address(clip.poster)


@login_required
@require_GET
def job(request, pk):
    """One job: how it stands, what was asked, and what can be done about it."""
    found = get_object_or_404(Job.objects.visible_to(request.user).select_related("clip"), pk=pk)
    ahead, wait_s = dispatch.outlook(found)
    cards = studio.engines()
    context = {"job": found, "ahead": ahead, "wait_s": wait_s}
    context |= {"procedural": procedural(cards), "titles": titles(cards)}
    context["take"] = Take.objects.filter(job=found).select_related("production", "shot__scene").first()
    if not access.why_not_rewrite(request.user, found):
        asked = {"prompt": found.prompt, "seconds": round(found.duration_s, 2), "seed": found.brief["seed"]}
        context["rewrite"] = RewriteForm(initial=asked, card=cards.get(found.brief["engine"]))
    return render(request, "generation/job.html", context)


@login_required
@require_POST
def cancel(request, pk):
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return act(
        request, found, lambda: dispatch.cancel(found, by=request.user), "Cancelled. Nothing was kept."
    )


@login_required
@require_POST
def retry(request, pk):
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return act(
        request, found, lambda: dispatch.retry(found, by=request.user), "Asked for again, with the same seed."
    )


def act(request, job: Job, doing, done: str):
    """Do it, say that it was done or why not, and go back to where the job's clip will stand."""
    take = Take.objects.filter(job=job).first()
    try:
        doing()
        messages.success(request, done)
    except Problem as problem:
        messages.error(request, str(problem))
    if take:
        return redirect(f"{reverse('studio:shot', args=[take.shot_id])}#takes")
    return redirect("studio:clips")


@login_required
@require_GET
def clip(request, pk):
    """One clip: the picture, where it comes from, and the form that places it in a film."""
    found = get_object_or_404(Clip.objects.visible_to(request.user).select_related("edition"), pk=pk)
    return show(request, found, DeliverForm(films=films_of(request.user)))


@login_required
@require_POST
def deliver(request, pk):
    found = get_object_or_404(Clip.objects.visible_to(request.user).select_related("edition"), pk=pk)
    form = DeliverForm(request.POST, films=films_of(request.user))
    if not form.is_valid():
        return show(request, found, form)
    try:
        line = studio.deliver(found, by=request.user, **form.cleaned_data)
    except Problem as problem:
        form.add_error(None, str(problem))
        return show(request, found, form)
    return placed(request, "The clip", line)


def placed(request, what: str, line: Disclosure):
    """Say what was placed and where, and lead to its line in the film's statement."""
    when = timecodes.span(line.start_s, line.end_s)
    said = f"{what} is placed in “{line.film}”, at {when}. Its facts are filled in"
    messages.success(request, f"{said}; now say what you did yourself.")
    return redirect(f"{reverse('entrant:statement', args=[line.film_id])}#cue-{line.pk}")


def show(request, clip: Clip, form: DeliverForm):
    address(clip)
    context = {"clip": clip, "form": form, "titles": titles(studio.engines())}
    return render(request, "generation/clip.html", context)


def films_of(user):
    """The entries of `user` that can still be changed."""
    statuses = (Film.Status.DRAFT, Film.Status.SUBMITTED)
    films = Film.objects.filter(entrant=user, status__in=statuses, edition__status=Edition.Status.OPEN)
    return films.select_related("edition").order_by("-changed_at")
