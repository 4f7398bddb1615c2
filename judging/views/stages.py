"""What organisers settle in a round: exceptions, disputes, the shortlist, further reviews, the count."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from festival.views.office_door import for_organisers, told
from judging import access, ballots, checks, further, guarantee, pairs, shortlists
from judging.models import Round
from judging.round_forms import ExceptionForm, RulingForm, ShortlistForm
from judging.views.office import round_or_404
from judging.views.parse import posted


@require_POST
@for_organisers
def waive(request, edition, pk):
    """Make an exception to the viewing guarantee."""
    row = round_or_404(edition, pk)
    form = ExceptionForm(request.POST, round=row)
    if form.is_valid():
        with told(request, "The exception is made. The round’s report carries it with your name."):
            guarantee.waive(
                row, form.cleaned_data["films"], by=request.user, reason=form.cleaned_data["reason"]
            )
    else:
        messages.error(request, "Tick the films, and say why. An exception carries your name and a reason.")
    return redirect("jury_office:round", edition.slug, pk)


@require_POST
@for_organisers
def rule(request, edition, pk):
    """Settle a film on which jurors differ."""
    row = round_or_404(edition, pk)
    form = RulingForm(request.POST, round=row)
    if form.is_valid():
        said = form.cleaned_data
        with told(request, f"“{said['film']}” is settled."):
            checks.rule(row, said["film"], through=said["through"], by=request.user, note=said["note"])
    else:
        messages.error(request, "Choose a film, and say pass or fail.")
    return redirect("jury_office:round", edition.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def shortlist(request, edition, pk):
    """The house's proposal by section, and a person's decision."""
    row = _of_kind(edition, pk, Round.Kind.SHORTLIST)
    form = ShortlistForm(posted(request), round=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        come = "1 film comes" if len(said["films"]) == 1 else f"{len(said['films'])} films come"
        with told(request, f"{come} through. Close the round to fix them."):
            shortlists.decide(row, said["films"], by=request.user, note=said["note"])
        return redirect("jury_office:shortlist", edition.slug, pk)
    context = {
        "edition": edition,
        "round": row,
        "sections": shortlists.by_section(row),
        "source": shortlists.figures_of(row),
        "connected": shortlists.connected(row),
        "why_not": access.why_not_rule(request.user, row),
        "undecided": bool(shortlists.undecided(row)),
    }
    return render(request, "judging/office/shortlist.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_organisers
def allot(request, edition, pk):
    """Give the next part of the further reviews to the films near the cut."""
    row = _of_kind(edition, pk, Round.Kind.FURTHER)
    with told(request):
        given = further.allot(row, by=request.user)
        reviews = "1 review is" if len(given) == 1 else f"{len(given)} reviews are"
        messages.success(request, f"{reviews} given out. Jurors find them among their films.")
    return redirect("jury_office:round", edition.slug, pk)


@require_safe
@for_organisers
def count(request, edition, pk):
    """What was voted, and how it was counted."""
    row = round_or_404(edition, pk)
    if not row.plenary:
        raise Http404
    context = {
        "edition": edition,
        "round": row,
        "transcript": ballots.transcript(row),
        "strengths": pairs.strengths(row),
        "voted": row.voters.count(),
    }
    return render(request, "judging/office/count.html", context)


def _of_kind(edition, pk, kind) -> Round:
    row = round_or_404(edition, pk)
    if row.kind != kind:
        raise Http404
    return row
