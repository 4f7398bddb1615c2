"""The juror's player at the server: it fetches the film under its pass, and reports what has played."""

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from festival import archive
from festival.errors import Problem
from festival.views import media as archived
from judging import viewings
from judging.forms import ReportForm
from judging.tally import watching
from judging.views.mine import mine


@login_required
@require_safe
async def media(request, token, rest):
    """A file of the film, for the juror whose page carries the pass; what is sent is remembered."""
    juror = await request.auser()
    try:
        playing = await sync_to_async(viewings.asked_for)(token, rest, by=juror)
    except BadSignature:
        return archived.gone()
    if playing.hidden and (answer := await sync_to_async(masked)(request, playing)):
        return answer
    response = await archived.send(request, playing.name)
    if playing.shows and request.method == "GET" and response.status_code in (200, 206, 302):
        return await remembered(request, response, playing)
    return response


def masked(request, playing) -> HttpResponse | None:
    """What a blind round answers in the file's place: a playlist with gaps, or that there is nothing."""
    if playlist := viewings.masked_playlist(playing):
        return HttpResponse(playlist, headers=archived.about(playing.name))
    if playing.withheld and watching.overlap([wanted(request, playing.name)], playing.withheld):
        return archived.gone()
    return None


async def remembered(request, response, playing) -> HttpResponseBase:
    """The response, with a note of which bytes have gone out; of a stream, piece by piece as they go."""
    deliver = sync_to_async(viewings.deliver)
    if not response.streaming:
        await deliver(playing, *await sync_to_async(sent)(request, response, playing.name))
        return response
    first, stream = begins(response), response.streaming_content

    async def pieces():
        at = first
        async for piece in stream:
            yield piece
            at += len(piece)
            await deliver(playing, first, at)

    response.streaming_content = pieces()
    return response


def begins(response) -> int:
    """The first byte of an answer, from its Content-Range: “bytes 819-10064/21775”."""
    said = response.headers.get("Content-Range", "bytes 0-")
    return int(said.removeprefix("bytes ").partition("-")[0])


def sent(request, response, name: str) -> tuple[int, int]:
    """The bytes that an answer carries; or, where a proxy or a bucket sends them, those it was asked for."""
    if response.content:
        first = begins(response)
        return first, first + len(response.content)
    return wanted(request, name)


def wanted(request, name: str) -> tuple[int, int]:
    """The bytes that a request names; all of them where it names none."""
    asked = archived.RANGE.fullmatch(request.headers.get("Range", ""))
    size = archive.size(name)
    return archived.span(*asked.groups(), size=size) if asked else (0, size)


@login_required
@require_POST
def watched(request, pk, token):
    """What a player reports to have played."""
    assignment = mine(request, pk)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": form.why}, status=422)
    try:
        heard = viewings.hear(assignment, form.cleaned_data["played"], by=request.user, token=token)
    except Problem as problem:
        return JsonResponse({"detail": str(problem)}, status=problem.http_status)
    return JsonResponse(heard._asdict())
