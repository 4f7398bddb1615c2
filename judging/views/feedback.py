"""Feedback in the office: draft it, read it, change it, approve it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from festival.models import Film
from festival.views.office_door import for_organisers, told
from judging import feedback, ranking
from judging.views.results import round_of

A_PAGE = 25


@require_safe
@for_organisers
def board(request, edition, pk):
    """Every draft of the round, those that wait first."""
    row = round_of(edition, pk)
    drafts = row.feedback_drafts.select_related("film__edition", "approved_by")
    state = request.GET.get("state", "")
    shown = drafts.filter(film__status=state) if state in Film.Status.values else drafts
    context = {
        "edition": edition,
        "round": row,
        "page": Paginator(shown.order_by("approved_at", "film__title", "pk"), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "state": state,
        "states": [(one, Film.Status(one).label) for one in (Film.Status.ELIGIBLE, *Film.DECIDED)],
        "open": drafts.open().count(),
        "without": feedback.without(edition),
        "why_not_compose": feedback.why_not_compose(request.user, row, ranking.of(row)),
    }
    return render(request, "judging/office/feedback.html", context)


@require_POST
@for_organisers
def compose(request, edition, pk):
    """Draft what has not been approved or rewritten."""
    row = round_of(edition, pk)
    with told(request):
        written = feedback.compose(row, by=request.user)
        messages.success(
            request, f"{written} draft{'s' * (written != 1)} composed. Nobody reads them before you approve."
        )
    return redirect("jury_office:feedback", edition.slug, row.pk)


@require_POST
@for_organisers
def approve_all(request, edition, pk):
    """Approve every draft that waits."""
    row = round_of(edition, pk)
    with told(request):
        approved = feedback.approve(
            edition, list(row.feedback_drafts.open().select_related("film")), by=request.user
        )
        messages.success(request, f"Feedback for {approved} film{'s' * (approved != 1)} approved.")
    return redirect("jury_office:feedback", edition.slug, row.pk)


@require_POST
@for_organisers
def change(request, edition, pk, draft):
    """Keep one draft as it was typed, and approve it where asked to."""
    row = round_of(edition, pk)
    one = get_object_or_404(row.feedback_drafts.select_related("film", "round__edition"), pk=draft)
    asked = request.POST
    words = {name: asked.get(name, "").replace("\r\n", "\n") for name in ("strength", "reason")}
    notes = [note for n, note in enumerate(one.notes) if asked.get(f"note-{n}")]
    with told(
        request, f"Feedback for “{one.film}” {'approved' if asked.get('verb') == 'approve' else 'kept'}."
    ):
        if words != {"strength": one.strength, "reason": one.reason} or notes != one.notes:
            feedback.rewrite(one, **words, notes=notes, by=request.user)
        if asked.get("verb") == "approve":
            feedback.approve(edition, [one], by=request.user)
    return redirect("jury_office:feedback", edition.slug, row.pk)
