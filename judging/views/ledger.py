"""The ledger's public page and its digests, a juror's receipts, and a round's export for Belenios."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import condition, require_safe

from festival.models import Edition
from festival.views.office_door import for_organisers, told
from judging import belenios as elections
from judging import receipts as given
from judging.models import Ledger, Record
from judging.views.office import round_or_404

A_PAGE = 100


@require_safe
def edition(request, edition):
    """Where the chain ends, when it was published, and how anyone can check it."""
    row = _edition(request, edition)
    records = Record.objects.filter(edition=row)
    context = {
        "edition": row,
        "ledger": Ledger.objects.filter(edition=row).first(),
        "last": records.last(),
        "heads": records.filter(kind="head.published").order_by("-sequence"),
        "page": Paginator(records.public().order_by("-sequence"), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "judging/ledger/edition.html", context)


def _head_of(request, edition) -> str | None:
    """The head as an entity tag: while it stands, the list has not grown."""
    end = Ledger.objects.filter(edition__slug=edition, edition__in=Edition.objects.visible_to(request.user))
    return next((f'"{ledger.head}"' for ledger in end), None)


@require_safe
@condition(etag_func=_head_of)
def digests(request, edition):
    """Number, kind and digest of every row, one a line: what a receipt is looked up in."""
    row = _edition(request, edition)
    return StreamingHttpResponse(given.digests(row), content_type="text/plain; charset=utf-8")


@require_safe
@login_required
def receipts(request, edition):
    """What this juror gave, row by row."""
    row, records = _receipts(request, edition)
    page = Paginator(records.order_by("-sequence"), A_PAGE).get_page(request.GET.get("page"))
    context = {"edition": row, "page": page, "receipts": given.receipts(page.object_list)}
    return render(request, "judging/ledger/receipts.html", context)


@require_safe
@login_required
def receipts_file(request, edition):
    """The same as a text file to keep."""
    row, records = _receipts(request, edition)
    text = given.as_text(row, request.user, records)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receipts-{row.slug}.txt"'
    return response


@require_safe
@for_organisers
def belenios(request, edition, pk):
    """A final ballot's election for Belenios, as a file; where it cannot be, the round's page says why."""
    row = round_or_404(edition, pk)
    with told(request):
        response = HttpResponse(elections.export(row, by=request.user), content_type="application/zip")
        name = f"belenios-{edition.slug}-round-{row.pk}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return redirect("jury_office:round", edition.slug, pk)


def _edition(request, slug: str) -> Edition:
    return get_object_or_404(Edition.objects.visible_to(request.user), slug=slug)


def _receipts(request, slug: str):
    """The edition and this juror's rows in it; whoever has given nothing and has no seat is not let in."""
    row = get_object_or_404(Edition, slug=slug)
    records = Record.objects.filter(edition=row).given_by(request.user)
    if not (records.exists() or given.sits(request.user, row)):
        raise Http404
    return row, records
