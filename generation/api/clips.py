"""The studio's part of the API: clips, and the jobs that make them."""

from functools import cached_property

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from festival import screenings
from festival.api.pages import Pages
from festival.listings import MOST_PICTURE_BYTES
from festival.models import Edition, Film
from generation import dispatch, studio
from generation.engines import guide
from generation.engines.base import ENLARGED, MOST_BOXES, Card
from generation.forms import on_disk
from generation.models import Clip, Job

MOST_FRAMES = 1000  # of a camera path or a box's way; the engine's own number is checked with its card


class Newest(Pages):
    ordering = ("-created_at", "pk")


class ClipSerializer(serializers.ModelSerializer):
    edition = serializers.SlugRelatedField("slug", read_only=True)
    procedural = serializers.BooleanField(read_only=True, help_text="Drawn by a programme: not AI.")
    native_size = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="Pixels drawn, before enlarging."
    )
    address = serializers.SerializerMethodField(help_text="Plays for some hours, for whoever knows it.")

    class Meta:
        model = Clip
        fields = [
            "id", "edition", "prompt", "engine", "revision", "licence", "software", "random_weights",
            "procedural", "seed", "digest", "sha256", "width", "height", "native_size", "fps", "duration_s",
            "credentials", "created_at", "address",
        ]  # fmt: skip
        read_only_fields = fields

    def get_address(self, clip) -> str:
        return screenings.address(clip.path)


class DeliverySerializer(serializers.Serializer):
    """In which film a clip goes, and at which second it begins."""

    film = serializers.PrimaryKeyRelatedField(queryset=Film.objects.all())
    start_s = serializers.FloatField(help_text="0 or later, in the film's own time.")

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["film"].queryset = Film.objects.filter(entrant_id=request.user.pk)
        return fields


class DeliveredSerializer(serializers.Serializer):
    film = serializers.UUIDField(source="film_id")
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    standing = serializers.CharField()


class ClipViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The caller's own clips."""

    serializer_class = ClipSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = Newest
    queryset = Clip.objects.none()

    def get_queryset(self):
        return Clip.objects.visible_to(self.request.user).select_related("edition")

    @extend_schema(request=DeliverySerializer, responses=DeliveredSerializer)
    @action(detail=True, methods=["post"])
    def deliver(self, request, pk=None):
        """Place the clip in a film's cue sheet."""
        clip = self.get_object()
        wanted = DeliverySerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        placed = studio.deliver(clip, by=request.user, **wanted.validated_data)
        return Response(DeliveredSerializer(placed).data, status=status.HTTP_201_CREATED)


class JobSerializer(serializers.ModelSerializer):
    edition = serializers.SlugRelatedField("slug", read_only=True)
    stage = serializers.CharField(read_only=True)
    progress = serializers.IntegerField(read_only=True, help_text="Per cent.")
    procedural = serializers.SerializerMethodField(help_text="Drawn by a programme: not AI.")
    unknown_words = serializers.SerializerMethodField(help_text="Words that the engine will not draw.")

    class Meta:
        model = Job
        fields = [
            "id", "edition", "brief", "procedural", "unknown_words", "status", "stage", "step", "steps",
            "progress", "problem", "clip", "draft", "priority", "estimate_s", "spent_s", "created_at",
            "started_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    @cached_property
    def cards(self) -> dict[str, Card]:
        return studio.engines()

    def get_procedural(self, job) -> bool:
        card = self.cards.get(job.brief["engine"])
        return bool(card and card.procedural)

    def get_unknown_words(self, job) -> list[str]:
        card = self.cards.get(job.brief["engine"])
        return guide.unknown_words(card, job.prompt) if card else []


def row(numbers: int, **options) -> serializers.ListField:
    """So many numbers."""
    return serializers.ListField(
        child=serializers.FloatField(), min_length=numbers, max_length=numbers, **options
    )


class RequestSerializer(serializers.Serializer):
    """A wish: what should be seen, for how long, in which shape, by which engine."""

    edition = serializers.SlugRelatedField("slug", queryset=Edition.objects.all())
    engine = serializers.CharField(max_length=80)
    prompt = serializers.CharField(max_length=10_000)
    seconds = serializers.FloatField()
    aspect = serializers.CharField(max_length=10)
    seed = serializers.IntegerField(required=False, allow_null=True)
    enlarge = serializers.ChoiceField(choices=list(ENLARGED), required=False)
    first = serializers.FileField(
        required=False, help_text="A picture that the clip begins with; send it as multipart/form-data."
    )
    camera = serializers.ListField(
        child=row(3),
        required=False,
        max_length=MOST_FRAMES,
        help_text="For each frame: pan across and down, in frames, and log2 of the zoom, from frame 0.",
    )
    boxes = serializers.ListField(
        child=serializers.ListField(child=row(4, allow_null=True), max_length=MOST_FRAMES),
        required=False,
        max_length=MOST_BOXES,
        help_text="For each subject and frame: left, top, right and bottom, 0 to 1; null while it is absent.",
    )

    def validate_first(self, picture):
        if picture.size > MOST_PICTURE_BYTES:
            raise serializers.ValidationError("This picture is larger than 40 MB.")
        return picture

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["edition"].queryset = Edition.objects.visible_to(request.user)
        return fields


class PlaceSerializer(serializers.Serializer):
    place = serializers.IntegerField(
        min_value=0,
        error_messages=dict.fromkeys(("invalid", "min_value"), "A place is a whole number, 0 or more."),
        help_text="0 is next among one's own.",
    )


class RewriteSerializer(serializers.Serializer):
    """Other words, another length, another seed."""

    prompt = serializers.CharField(max_length=10_000, required=False)
    seconds = serializers.FloatField(required=False)
    seed = serializers.IntegerField(required=False)


class OutlookSerializer(serializers.Serializer):
    ahead = serializers.IntegerField(help_text="Jobs of all people that come before it.")
    wait_s = serializers.FloatField(help_text="Seconds until it is begun, as far as we know.")


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What the caller has asked to be drawn."""

    serializer_class = JobSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = Newest
    queryset = Job.objects.none()

    def get_queryset(self):
        return Job.objects.visible_to(self.request.user).select_related("edition")

    @extend_schema(request=RequestSerializer, responses={201: JobSerializer})
    def create(self, request):
        """Ask for a clip."""
        wish = RequestSerializer(data=request.data, context=self.get_serializer_context())
        wish.is_valid(raise_exception=True)
        with on_disk(dict(wish.validated_data)) as asked:
            job = studio.request(by=request.user, **asked)
        return Response(self.get_serializer(job).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        """Stop the job, after the running step at the latest."""
        return Response(self.get_serializer(dispatch.cancel(self.get_object(), by=request.user)).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request, pk=None):
        """Try a failed job again, with the same brief."""
        return Response(self.get_serializer(dispatch.retry(self.get_object(), by=request.user)).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        """Put a waiting job off, until it is resumed."""
        return Response(self.get_serializer(dispatch.pause(self.get_object(), by=request.user)).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        """Let workers take a paused job again."""
        return Response(self.get_serializer(dispatch.resume(self.get_object(), by=request.user)).data)

    @extend_schema(request=PlaceSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def place(self, request, pk=None):
        """Put a waiting job at a place among the caller's own."""
        job, asked = self.get_object(), PlaceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        dispatch.put(job, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=RewriteSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def rewrite(self, request, pk=None):
        """Ask for something else in the place of a waiting job; what is not said stays."""
        job, asked = self.get_object(), RewriteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        job = studio.rewrite(job, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(job).data)

    @extend_schema(request=None, responses=OutlookSerializer)
    @action(detail=True, methods=["get"])
    def outlook(self, request, pk=None):
        """How many jobs come before this one, and the seconds until it is begun."""
        ahead, wait_s = dispatch.outlook(self.get_object())
        return Response(OutlookSerializer({"ahead": ahead, "wait_s": wait_s}).data)


router_entries = [("clips", ClipViewSet, "clip"), ("jobs", JobViewSet, "job")]
