"""Results for everyone, and the page where an organiser publishes them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from festival.models import Edition
from festival.views.office_door import for_organisers, told
from judging import publication
from judging.models import Ledger


@require_safe
def results(request, edition):
    """Winners, tiers, how the jury came to them, and how anyone can check it."""
    row = get_object_or_404(Edition.objects.visible_to(request.user), slug=edition)
    awards = row.awards.announced().select_related("film__footage", "film__section")
    published = publication.published_at(row)
    if published is None and not awards:
        raise Http404("The results are not published.")
    context = {
        "edition": row,
        "awards": awards,
        "published": published,
        "reports": publication.reports(row) if published else [],
        "ledger": Ledger.objects.filter(edition=row).first(),
    }
    return render(request, "judging/results_public.html", context)


@for_organisers
def publish(request, edition):
    """What stands in the way of publishing the results, and the button."""
    if request.method == "POST":
        with told(request, "The results are published, and the head of the ledger with them."):
            publication.publish(edition, by=request.user)
        return redirect("jury_office:publish", edition.slug)
    context = {
        "edition": edition,
        "why_not": publication.why_not_publish(request.user, edition),
        "published": publication.published_at(edition),
        "awards": edition.awards.exclude(film=None).select_related("film"),
        "reports": publication.reports(edition),
    }
    return render(request, "judging/office/publish.html", context)
