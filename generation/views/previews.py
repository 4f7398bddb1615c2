"""What is coming: the preview of a job that is being drawn."""

from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from festival import archive
from generation import showing


@login_required
@require_GET
def preview(request, token):
    """The strip as it stands now, for who may watch the job, at an address that has not expired."""
    try:
        pk = showing.opened(token)
    except BadSignature:
        raise Http404 from None
    job = get_object_or_404(showing.watched_by(request.user), pk=pk, previewed_at__isnull=False)
    try:
        with archive.open_file(showing.preview_name(job)) as file:
            strip = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(strip, content_type="image/webp", headers={"Cache-Control": "private, max-age=60"})
