"""Awards: found, give, take back, announce."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from festival import awards
from festival.errors import Unacceptable
from festival.forms.awards import AwardForm, GiveForm
from festival.models import Award
from festival.views.office_door import for_organisers, told


@for_organisers
def board(request, edition):
    """Every award with the film that has it, and a form for a new one."""
    form = AwardForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        with told(request, f"{form.cleaned_data['name']} added."):
            awards.found(edition, by=request.user, **form.cleaned_data)
        return redirect("office:awards", edition=edition.slug)
    rows = list(edition.awards.select_related("film").prefetch_related("excludes"))
    choices = GiveForm(edition=edition).fields["film"].queryset.order_by("title")
    context = {
        "edition": edition,
        "awards": rows,
        "films": list(choices),
        "form": form,
        "why_not_announce": awards.why_not_announce(request.user, edition),
        "to_announce": sum(1 for award in rows if award.film_id and not award.announced_at),
    }
    return render(request, "festival/office/awards.html", context)


@for_organisers
@require_POST
def deal(request, edition, pk):
    """Give an award, take it back, or remove it."""
    award = get_object_or_404(_awards(edition), pk=pk)
    verb = request.POST.get("verb")
    if verb == "give":
        _give(request, award)
    elif verb == "take_back":
        with told(request, f"The {award} waits for another film."):
            awards.take_back(award, by=request.user)
    elif verb == "abolish":
        with told(request, f"The {award} is gone."):
            awards.abolish(award, by=request.user)
    return redirect("office:awards", edition=edition.slug)


def _give(request, award: Award) -> None:
    form = GiveForm(request.POST, edition=award.edition)
    with told(request):
        if not form.is_valid():
            raise Unacceptable("Choose a film that is selected.")
        awards.give(award, by=request.user, **form.cleaned_data)


@for_organisers
@require_POST
def announce(request, edition):
    """Tell everyone who has which award."""
    with told(request, "The awards are announced: they stand on the films’ pages."):
        awards.announce(edition, by=request.user)
    return redirect("office:awards", edition=edition.slug)


def _awards(edition):
    return edition.awards.select_related("edition", "film")
