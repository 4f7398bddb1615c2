"""The tus 1.0 protocol: headers in, one act, headers out. https://tus.io/protocols/resumable-upload"""

import base64
import binascii
import uuid

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import http_date
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from festival import uploads
from festival.errors import Problem
from festival.models import Film, Upload

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
PIECE = 1024**2  # bytes read at a time where the server, not festival.asgi, hands the body over


class WrongVersion(Problem):
    """The client speaks another version of the protocol."""

    http_status = 412


class TusView(APIView):
    """What both addresses share: sign-in by token or session, the version, the method override."""

    permission_classes = [IsAuthenticated]
    throttle_classes = []  # a film comes in hundreds of pieces
    schema = None

    def initialize_request(self, request, *args, **kwargs):
        if request.method == "POST":
            request.method = request.headers.get("X-HTTP-Method-Override", "POST").upper()
        return super().initialize_request(request, *args, **kwargs)

    def check_permissions(self, request):
        if request.method != "OPTIONS":  # what this server can do is no secret
            super().check_permissions(request)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion(f"This server speaks tus {VERSION}. Send Tus-Resumable: {VERSION}.")

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        if response.status_code == WrongVersion.http_status:
            response.headers["Tus-Version"] = VERSION
        return response

    def options(self, request, *args, **kwargs):
        return Response(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": "creation,creation-with-upload,expiration,checksum,termination",
                "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(uploads.ALGORITHMS),
            },
        )

    def take_in(self, request, upload: Upload, *, offset: int, status: int, **headers) -> Response:
        """Let the request's body in. Under festival.asgi it is still on its way, and follows our answer."""
        delivery = uploads.hold(
            upload,
            by=request.user,
            offset=offset,
            length=number(request, "Content-Length", missing=None),
            checksum=checksum(request),
        )
        headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())
        waiting = getattr(request._request, "scope", {}).get(uploads.HANDOVER)
        if waiting is None:
            body = iter(lambda: request._request.read(PIECE), b"")
            headers["Upload-Offset"] = str(delivery.pour(body))
        else:
            waiting.append(delivery)
        return Response(status=status, headers=headers)


class Uploads(TusView):
    """Where uploads begin."""

    throttle_classes = [UserRateThrottle]  # each leaves a row behind

    def post(self, request):
        if "Upload-Defer-Length" in request.headers:
            raise Problem("Say in Upload-Length how many bytes the file has.")
        said = metadata(request)
        film = get_object_or_404(Film.objects.visible_to(request.user), pk=identity(said.get("film", "")))
        size = number(request, "Upload-Length")
        upload = uploads.begin(film, by=request.user, name=said.get("filename", ""), size_bytes=size)
        location = {"Location": reverse("media:upload", args=[upload.pk])}
        if request.content_type == BYTES and number(request, "Content-Length", missing=1):
            return self.take_in(request, upload, offset=0, status=201, **location)
        expires = http_date(upload.expires_at.timestamp())
        return Response(status=201, headers={"Upload-Offset": "0", "Upload-Expires": expires, **location})


class OneUpload(TusView):
    """One upload: how far it is, more of it, the end of it."""

    def head(self, request, pk):
        upload = self.upload(pk)
        offset = uploads.arrived(upload)
        if offset == upload.size_bytes:
            uploads.finish(upload)  # a server killed between the last byte and this is made good here
        elif upload.expires_at <= timezone.now():
            raise uploads.Expired("This upload was left alone for too long and has expired. Begin it again.")
        return Response(
            headers={
                "Upload-Offset": str(offset),
                "Upload-Length": str(upload.size_bytes),
                "Upload-Expires": http_date(upload.expires_at.timestamp()),
                "Upload-Metadata": f"film {encoded(str(upload.film_id))},filename {encoded(upload.name)}",
            }
        )

    def patch(self, request, pk):
        upload = self.upload(pk)
        if request.content_type != BYTES:
            raise UnsupportedMediaType(request.content_type, f"Send the bytes as {BYTES}.")
        return self.take_in(request, upload, offset=number(request, "Upload-Offset"), status=204)

    def delete(self, request, pk):
        uploads.cancel(self.upload(pk))
        return Response(status=204)

    def upload(self, pk) -> Upload:
        mine = Upload.objects.visible_to(self.request.user).select_related("film")
        return get_object_or_404(mine, pk=pk)


REQUIRED = object()


def number(request, header: str, missing=REQUIRED):
    """The whole number in `header`. Raises Problem where it is none, or is required and not there."""
    value = request.headers.get(header, "")
    if value.isascii() and value.isdigit():
        return int(value)
    if value or missing is REQUIRED:
        raise Problem(f"{header} must be a whole number, not “{value}”.")
    return missing


def identity(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem("Say in Upload-Metadata which film the file is for: film and its id.") from None


def metadata(request) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a value in base64, separated by commas."""
    pairs = [pair.split() for pair in request.headers.get("Upload-Metadata", "").split(",") if pair.strip()]
    try:
        return {key: base64.b64decode("".join(value), validate=True).decode() for key, *value in pairs}
    except (binascii.Error, UnicodeDecodeError):
        raise Problem("Upload-Metadata must be pairs of a key and a value in base64.") from None


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def checksum(request) -> tuple[str, bytes] | None:
    """Upload-Checksum: an algorithm and the digest in base64; None where none was sent."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    if algorithm not in uploads.ALGORITHMS:
        raise Problem(f"Checksums are understood by {' and '.join(uploads.ALGORITHMS)}.")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error:
        raise Problem("Upload-Checksum must be an algorithm and a digest in base64.") from None
