"""Videos by API, in the shape that clients of video generation already speak: /v1/videos.

The same acts, allowances and signatures as everywhere else; only the words differ. A video here is a job,
and its content the clip that came of it. Shape: OpenAI's API reference, Videos.
"""

import uuid
from math import isclose

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from festival import screenings
from festival.api.errors import handle
from festival.errors import Refused, Unacceptable
from festival.listings import MOST_PICTURE_BYTES
from festival.models import Edition
from generation import dispatch, studio
from generation.engines.base import Card
from generation.forms import on_disk
from generation.models import Job
from generation.views.clips import drawable

PREFIX = "video_"
MOST, PAGE = 100, 20  # videos of a list
LIMIT = f"Ask for 1 to {MOST} videos at once."
USUAL_S = 4.0  # seconds of film where none are said, or the nearest an engine can
NEAR = 0.02  # of the ratio of width to height by which a size may differ from a shape
STATUS = {
    Job.Status.QUEUED: "queued",
    Job.Status.PAUSED: "queued",
    Job.Status.RUNNING: "in_progress",
    Job.Status.DONE: "completed",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "failed",
}
VARIANTS = {"video": "path", "thumbnail": "poster"}


class BearerAuthentication(TokenAuthentication):
    """The same tokens as the rest of the API, under the word that these clients send."""

    keyword = "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = BearerAuthentication
    name = "bearerAuth"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class VideoSerializer(serializers.Serializer):
    """A video: asked for, on its way, or drawn."""

    id = serializers.CharField()
    object = serializers.CharField(default="video")
    model = serializers.CharField(help_text="The engine.")
    status = serializers.ChoiceField(["queued", "in_progress", "completed", "failed"])
    progress = serializers.IntegerField(help_text="Per cent.")
    created_at = serializers.IntegerField(help_text="Seconds since 1970.")
    completed_at = serializers.IntegerField(allow_null=True)
    expires_at = serializers.IntegerField(allow_null=True, help_text="Clips are kept, so always null.")
    prompt = serializers.CharField()
    seconds = serializers.CharField()
    size = serializers.CharField(help_text="Width × height in pixels, such as 640x360.")
    seed = serializers.IntegerField()
    remixed_from_video_id = serializers.CharField(allow_null=True)
    error = ErrorSerializer(allow_null=True)


class VideoListSerializer(serializers.Serializer):
    object = serializers.CharField(default="list")
    data = VideoSerializer(many=True)
    first_id = serializers.CharField(allow_null=True)
    last_id = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()


class DeletedSerializer(serializers.Serializer):
    id = serializers.CharField()
    object = serializers.CharField(default="video.deleted")
    deleted = serializers.BooleanField()


class WishSerializer(serializers.Serializer):
    """What should be seen. Only `prompt` is needed."""

    prompt = serializers.CharField(max_length=10_000)
    model = serializers.CharField(required=False, help_text="An engine; by default the first one here.")
    seconds = serializers.FloatField(required=False)
    size = serializers.RegexField(r"^\d{1,5}x\d{1,5}$", required=False, help_text="Its shape counts.")
    seed = serializers.IntegerField(required=False)  # how far it goes, `access` says
    edition = serializers.SlugField(required=False, help_text="By default the latest you may draw for.")
    input_reference = serializers.FileField(required=False, help_text="A picture that it begins with.")

    def validate_input_reference(self, picture):
        if picture.size > MOST_PICTURE_BYTES:
            raise serializers.ValidationError("This picture is larger than 40 MB.")
        return picture


class ListSerializer(serializers.Serializer):
    after = serializers.CharField(required=False)
    limit = serializers.IntegerField(
        min_value=1,
        max_value=MOST,
        default=PAGE,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), LIMIT),
    )
    order = serializers.ChoiceField(["asc", "desc"], default="desc")


class VariantSerializer(serializers.Serializer):
    variant = serializers.ChoiceField(list(VARIANTS), default="video")


class NotYet(Unacceptable):
    """Its content is asked for before there is any."""

    http_status = 409


class Door(APIView):
    """What all addresses under /v1/videos share: who may come in, and the shape of a refusal."""

    authentication_classes = [BearerAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [JSONParser, MultiPartParser, FormParser]

    def mine(self):
        """The caller's jobs that were not taken off the list."""
        return Job.objects.visible_to(self.request.user).filter(put_away_at=None).select_related("clip")

    def named(self, video_id: str) -> Job:
        """The caller's job of this id; 404 for any other."""
        try:
            pk = uuid.UUID(video_id.removeprefix(PREFIX))
        except ValueError:
            raise Http404 from None
        return get_object_or_404(self.mine(), pk=pk)

    def handle_exception(self, exc):
        """Refusals as these clients read them: {"error": {"message", "type", "param", "code"}}."""
        response = super().handle_exception(exc)
        data = response.data
        param = next(iter(data), None) if isinstance(exc, serializers.ValidationError) else None
        said = data.get("detail", data) if isinstance(data, dict) else data
        code = getattr(exc, "default_code", None) if isinstance(exc, APIException) else None
        response.data = {
            "error": {
                "message": _sentence(said),
                "type": "invalid_request_error" if response.status_code < 500 else "server_error",
                "param": param,
                "code": code,
            }
        }
        return response

    def get_exception_handler(self):
        return handle


class Videos(Door):
    """The caller's videos."""

    @extend_schema(
        operation_id="videos_list",
        parameters=[ListSerializer],
        responses=VideoListSerializer,
        tags=["videos"],
    )
    def get(self, request):
        """List videos, the latest first."""
        asked = ListSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        jobs = list(self._page(**asked.validated_data))
        limit = asked.validated_data["limit"]
        data = [video(job) for job in jobs[:limit]]
        return Response(
            {
                "object": "list",
                "data": data,
                "first_id": data[0]["id"] if data else None,
                "last_id": data[-1]["id"] if data else None,
                "has_more": len(jobs) > limit,
            }
        )

    def _page(self, *, limit: int, order: str, after: str = ""):
        """So many jobs and one more, by age and id, from the one named `after` on."""
        jobs = self.mine()
        if after:
            last = self.named(after)
            way = "lt" if order == "desc" else "gt"
            same = Q(created_at=last.created_at, **{f"pk__{way}": last.pk})
            jobs = jobs.filter(Q(**{f"created_at__{way}": last.created_at}) | same)
        sign = "-" if order == "desc" else ""
        return jobs.order_by(f"{sign}created_at", f"{sign}pk")[: limit + 1]

    @extend_schema(
        operation_id="videos_create", request=WishSerializer, responses=VideoSerializer, tags=["videos"]
    )
    def post(self, request):
        """Ask for a video; it is drawn in its turn."""
        wish = WishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        edition = edition_for(request.user, asked.pop("edition", ""))
        asked["first"] = asked.pop("input_reference", None)
        with on_disk(asked) as given:
            job = studio.request(edition, by=request.user, **in_our_words(given))
        return Response(video(job))


class Video(Door):
    """One video of the caller's."""

    @extend_schema(operation_id="videos_retrieve", responses=VideoSerializer, tags=["videos"])
    def get(self, request, video_id):
        """How it stands."""
        return Response(video(self.named(video_id)))

    @extend_schema(operation_id="videos_delete", responses=DeletedSerializer, tags=["videos"])
    def delete(self, request, video_id):
        """Take it off the list, and stop it if it is on its way.

        A clip stays in its owner's library all the same, since an entry may state that it holds it.
        """
        job = self.named(video_id)
        if job.unfinished:
            dispatch.cancel(job, by=request.user)
        Job.objects.filter(pk=job.pk).update(put_away_at=timezone.now())
        return Response({"id": named(job), "object": "video.deleted", "deleted": True})


class Content(Door):
    """The film of a video of the caller's."""

    @extend_schema(
        operation_id="videos_content",
        parameters=[VariantSerializer],
        responses={302: None},
        tags=["videos"],
    )
    def get(self, request, video_id):
        """A redirect to the signed MP4, or with `variant=thumbnail` to a still of it."""
        job, asked = self.named(video_id), VariantSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        if job.clip is None:
            raise NotYet(f"There is nothing to see yet: {STATUS[job.status]}.")
        name = getattr(job.clip, VARIANTS[asked.validated_data["variant"]])
        return Response(status=302, headers={"Location": screenings.address(name)})


def edition_for(user, slug: str) -> Edition:
    """The edition that `user` means: the one named, else the latest they may draw for."""
    editions = drawable(user).filter(slug=slug) if slug else drawable(user)
    if found := editions.first():
        return found
    raise Refused(
        f"There is no edition “{slug}” that you may draw for." if slug else "No edition's call is open now."
    )


def in_our_words(asked: dict) -> dict:
    """The wish in the terms of `studio.request`. Raises Unacceptable where no engine here can draw it."""
    cards = studio.engines()
    if not cards:
        raise Unacceptable("No engine is installed here, so nothing can be drawn.")
    engine = asked.get("model") or next(iter(cards))
    card = cards.get(engine)
    if card is None:
        raise Unacceptable(f"There is no model “{engine}” here. Choose one of: {', '.join(cards)}.")
    usual = min(max(USUAL_S, card.shortest_s), card.longest_s)
    return {
        "engine": engine,
        "prompt": asked["prompt"],
        "seconds": asked.get("seconds", usual),
        "aspect": aspect_for(card, asked.get("size", "")),
        "seed": asked.get("seed"),
        "first": asked.get("first"),
    }


def aspect_for(card: Card, size: str) -> str:
    """The engine's shape for a size such as “1280x720”; its pixels are the engine's own affair."""
    if not size:
        return next(iter(card.sizes))
    width, height = map(int, size.split("x"))
    for aspect, (w, h) in card.sizes.items():
        if height and isclose(width / height, w / h, rel_tol=NEAR):
            return aspect
    offered = ", ".join(f"{w}x{h}" for w, h in card.sizes.values())
    raise Unacceptable(f"{card.title} draws {offered}. Choose a size of one of these shapes.")


def named(job: Job) -> str:
    return PREFIX + job.pk.hex


def video(job: Job) -> dict:
    """A job as these clients know it."""
    brief, error = job.brief, None
    if job.status in (Job.Status.FAILED, Job.Status.CANCELLED):
        error = {"code": job.status, "message": job.problem or "It was cancelled."}
    return {
        "id": named(job),
        "object": "video",
        "model": brief["engine"],
        "status": STATUS[Job.Status(job.status)],
        "progress": job.progress,
        "created_at": _unix(job.created_at),
        "completed_at": _unix(job.ended_at) if job.status == Job.Status.DONE else None,
        "expires_at": None,
        "prompt": job.prompt,
        "seconds": f"{job.duration_s:.4g}",
        "size": f"{brief['width']}x{brief['height']}",
        "seed": brief["seed"],
        "remixed_from_video_id": None,
        "error": error,
    }


def _unix(moment) -> int | None:
    return int(moment.timestamp()) if moment else None


def _sentence(said) -> str:
    """What was found wrong, in a line."""
    if isinstance(said, dict):
        return " ".join(f"{name}: {_sentence(words)}" for name, words in said.items())
    return " ".join(map(str, said)) if isinstance(said, list) else str(said)
