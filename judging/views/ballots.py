"""The juror's side of a round without marks: pass or fail, two films at a time, one ballot, its result."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from festival.errors import Problem
from festival.models import Film
from festival.views.office_door import told
from judging import ballots, checks, deliberations, guarantee, pairs, sights
from judging.ballot_forms import BallotForm, CheckForm, PairForm
from judging.models import Assignment, Preference, Round
from judging.views.mine import mine
from judging.views.parse import posted


@login_required
@require_POST
def check(request, pk):
    """Say whether a film may take part, and go on to the next."""
    assignment = mine(request, pk)
    form = CheckForm(request.POST)
    form.is_valid()
    try:
        checks.give(assignment, form.passes(), by=request.user, reason=form.cleaned_data.get("reason", ""))
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("jury:film", pk)
    messages.success(request, f"“{assignment.film}”: {'pass' if form.passes() else 'fail'}. It is kept.")
    following = _unchecked(assignment)
    return redirect("jury:film", following.pk) if following else redirect("jury:films")


def _unchecked(assignment) -> Assignment | None:
    """The next film of the round of which this juror has not spoken."""
    rows = Assignment.objects.visible_to(assignment.juror).filter(round=assignment.round, check_given=None)
    return rows.order_by("position", "pk").first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request, pk):
    """A round that is judged as a whole: compare two films, or hand in the one ballot."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).filter(kind__in=Round.PLENARY).select_related("edition"), pk=pk
    )
    return (_pair if round.kind == Round.Kind.PAIRWISE else _ballot)(request, round)


def _pair(request, round):
    form = PairForm(posted(request), round=round)
    if request.method == "POST":
        asked = form.asked()
        if asked is None:
            messages.error(request, "Choose one of the two films, or say that neither is better.")
        else:
            with told(request):
                messages.success(request, _preferred(pairs.prefer(round, *asked, by=request.user)))
        return redirect("jury:ballot", round.pk)
    why = pairs.why_not_prefer(request.user, round)
    pair = None if why else pairs.next_pair(round, request.user)
    context = _seen(request, round) | {"why_not": why, "far": pairs.far(round, request.user)}
    mine = {row.assignment.film_id: row.assignment for row in context["films"]}
    context["pair"] = [mine[film.pk] for film in pair] if pair else None
    return render(request, "judging/ballot_pair.html", context)


def _preferred(kept: Preference) -> str:
    """What stands of two films, which may be an earlier word than the one just posted."""
    first, second = kept.round.name_of(kept.first), kept.round.name_of(kept.second)
    if kept.better is None:
        return f"Kept: of “{first}” and “{second}” neither is better."
    better, worse = (first, second) if kept.better == kept.first else (second, first)
    return f"Kept: “{better}” is better than “{worse}”."


def _ballot(request, round):
    """The ballot; once it is in, the receipt is shown on this one answer, and on no other."""
    films = [row.assignment.film for row in guarantee.to_watch(round, request.user)]
    form, receipt = BallotForm(posted(request), films=films), ""
    if request.method == "POST" and form.is_valid():
        try:
            receipt = ballots.hand_in(round, form.tiers(), by=request.user)
        except Problem as problem:
            form.add_error(None, str(problem))
    context = _seen(request, round) | {
        "form": form,
        "receipt": receipt,
        "why_not": ballots.why_not_vote(request.user, round),
        "divided": deliberations.talk(round, request.user) if round.kind == Round.Kind.DELIBERATION else [],
        "asked": request.GET.get("receipt", ""),
        "found": _found(round, request.GET.get("receipt", "")),
    }
    return render(request, "judging/ballot.html", context, status=422 if form.errors else 200)


def _found(round, receipt: str) -> list[list[Film]] | None:
    """The films of the ballot that a receipt belongs to, in their tiers."""
    one = ballots.find(round, receipt) if receipt else None
    if one is None:
        return None
    given = sights.veiled(round, Film.objects.filter(assignments__round=round).distinct())
    films = {str(film.pk): film for film in given}
    return [[films[key] for key in tier if key in films] for tier in one.tiers]


def _seen(request, round) -> dict:
    """What every such page says: what is still to be watched, who else sits, and what came of it."""
    return {
        "round": round,
        "films": guarantee.to_watch(round, request.user),
        "fellows": sights.fellows(round, request.user),
        "transcript": ballots.transcript(round, veiled=True),
        "strengths": pairs.strengths(round, veiled=True),
        "voted": round.voters.filter(juror=request.user).exists(),
    }
