"""The studio's side of the office: workers, the queue, and what each person may still have drawn."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.errors import Unacceptable
from festival.views.office_door import for_organisers, told
from generation import access, allowances, finishing, overview, studio
from generation.forms.office import GrantForm, TermsForm
from generation.models import Allowance, Terms
from generation.views.clips import titles

GRANTS = 10  # latest that are shown


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def board(request, edition):
    """How it all stands, who has spent what, and the form that grants more."""
    form = GrantForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with told(request, "Granted. It counts from now on."):
            allowances.grant(
                edition,
                by=request.user,
                seconds=asked["minutes"] * 60,
                person=asked["person"],
                note=asked["note"],
            )
        return redirect("studio_office:board", edition.slug)
    context = standing(edition) | {
        **asked_of_licences(edition),
        "form": form,
        "accounts": allowances.accounts(edition),
        "base_s": allowances.base_s(edition),
        "grants": Allowance.objects.filter(edition=edition).select_related("person", "by")[:GRANTS],
    }
    return render(request, "generation/office_board.html", context, status=422 if form.errors else 200)


@require_POST
@for_organisers
def terms(request, edition):
    """Say under which licences engines may draw for the edition."""
    form = terms_form(edition, request.POST)
    with told(request, "Kept. It counts from now on."):
        if not form.is_valid():
            raise Unacceptable("One of these licences is no engine's any more. Look again.")
        allowances.state_terms(edition, by=request.user, **form.cleaned_data)
    return redirect("studio_office:board", edition.slug)


def terms_form(edition, data=None) -> TermsForm:
    kept = Terms.objects.filter(edition=edition).select_related("edition").first()
    return TermsForm(data, cards=list(studio.engines().values()), terms=kept, prefix="terms")


def asked_of_licences(edition) -> dict:
    """The form, and why engines that are here may not draw for the edition."""
    form = terms_form(edition)
    cards = form.cards if form.terms else []
    return {
        "terms_form": form,
        "refused": [why for card in cards if (why := access.why_not_under(form.terms, card))],
    }


@require_GET
@for_organisers
def live(request, edition):
    """Workers and queue alone, for a page that stays open."""
    return render(request, "generation/_office_queue.html", standing(edition))


def standing(edition) -> dict:
    """What both pages show."""
    now = overview.overview()
    lanes, horizon_s = overview.lanes(now, edition)
    known = titles({card.name: card for card, _ in now.engines}) | {finishing.ENGINE: "Finishing"}
    return {"edition": edition, "now": now, "lanes": lanes, "horizon_s": horizon_s, "titles": known}
