"""Takes in the API: found by what they are, and the verbs that make the next one."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from festival import screenings
from festival.api.pages import Pages
from generation import desk, enlarging, finishing, library, takes
from generation.api.clips import DeliveredSerializer, DeliverySerializer
from generation.models import Shot, Take


class Newest(Pages):
    ordering = ("-made_at", "-id")


class TakeSerializer(serializers.ModelSerializer):
    """What was asked, how it was made, and where it plays once it is drawn."""

    status = serializers.SerializerMethodField(help_text="That of its job; “done” once it is drawn.")
    draft = serializers.BooleanField(read_only=True)
    sha256 = serializers.SerializerMethodField(help_text="Of the signed file; empty before.")
    address = serializers.SerializerMethodField(help_text="Plays for some hours, for whoever knows it.")

    class Meta:
        model = Take
        fields = [
            "id", "production", "shot", "number", "way", "parent", "status", "draft", "words", "engine",
            "aspect", "seed", "wish", "recipe", "spent_s", "asked_at", "made_at", "job", "clip", "sha256",
            "address",
        ]  # fmt: skip
        read_only_fields = fields

    def get_status(self, take) -> str:
        return "done" if take.clip_id else take.job.status if take.job else "cancelled"

    def get_sha256(self, take) -> str:
        return take.clip.sha256 if take.clip else ""

    def get_address(self, take) -> str:
        return screenings.address(take.clip.path) if take.clip else ""


class VarySerializer(serializers.Serializer):
    """One thing that is otherwise; nothing for the next seed of the family."""

    words = serializers.CharField(required=False, max_length=10_000)
    seconds = serializers.FloatField(required=False)
    aspect = serializers.CharField(required=False, max_length=10)
    engine = serializers.CharField(required=False, max_length=80)
    seed = serializers.IntegerField(required=False)
    steps = serializers.IntegerField(required=False, help_text="1 to twice those of the engine's card.")
    guidance = serializers.FloatField(required=False, help_text="1 to 20; more keeps closer to the words.")
    direction = serializers.JSONField(required=False, help_text="Camera, strokes, boxes …; {} for none.")


class ExtendSerializer(serializers.Serializer):
    """How long the new take is, and whether it leads up to this one instead of going on from it."""

    seconds = serializers.FloatField(required=False)
    backwards = serializers.BooleanField(default=False)


class FinishingSerializer(serializers.Serializer):
    """What is done to a take; what is not sent is left as it is."""

    fps = serializers.IntegerField(required=False, help_text="Frames a second, more than it has, up to 60.")
    upscale = serializers.CharField(
        required=False, max_length=20, help_text="“lanczos” or “realesrgan”: twice as large."
    )
    denoise = serializers.FloatField(required=False, help_text="0 to 1: how much of the grain goes.")
    steady = serializers.BooleanField(required=False)
    exposure = serializers.FloatField(required=False, help_text="-2 to 2 stops.")
    contrast = serializers.FloatField(required=False, help_text="0 to 2; 1 is as it is.")
    saturation = serializers.FloatField(required=False, help_text="0 to 2; 0 is black and white.")
    kelvin = serializers.FloatField(required=False, help_text="1000 to 15000; less is warmer.")


class LargerSerializer(serializers.Serializer):
    """How far the larger take may depart from the one that is there."""

    strength = serializers.FloatField(required=False, help_text="0.1 to 0.9; 0.4 unless it is said.")


class LeadSerializer(serializers.Serializer):
    """The shot whose takes begin with this take's last frame; its own where none is named."""

    shot = serializers.PrimaryKeyRelatedField(queryset=Shot.objects.none(), required=False)

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["shot"].queryset = Shot.objects.visible_to(request.user).select_related("scene")
        return fields


TRAITS = [OpenApiParameter(name, OpenApiTypes.STR) for name in library.TRAITS]


class TakeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Takes of the productions that the caller shares; the list holds those that are drawn."""

    serializer_class = TakeSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = Newest
    queryset = Take.objects.none()

    def get_queryset(self):
        rows = Take.objects.visible_to(self.request.user)
        if self.action == "list":
            asked = {name: self.request.query_params.get(name, "") for name in library.TRAITS}
            rows = library.search(self.request.user, **asked)
        return rows.select_related("clip", "job", "shot__scene__production", "production__edition")

    def read(self, serializer) -> dict:
        sent = serializer(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def shown(self, take: Take, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(take).data, status=code)

    @extend_schema(parameters=TRAITS)
    def list(self, request, *args, **kwargs):
        """Takes by their traits, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses=TakeSerializer)
    @action(detail=True, methods=["post"])
    def select(self, request, pk=None):
        """Let the take stand for its shot."""
        take = self.get_object()
        takes.select(take, by=request.user)
        return self.shown(take)

    @extend_schema(request=None, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def another(self, request, pk=None):
        """The same once more, with any other seed."""
        return self.shown(takes.another(self.get_object(), by=request.user), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def replace(self, request, pk=None):
        """Another, to stand in this one's place once it is drawn."""
        return self.shown(takes.replace(self.get_object(), by=request.user), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request, pk=None):
        """A draft drawn for good, by the engine on its shot's desk."""
        return self.shown(takes.finish(self.get_object(), by=request.user), status.HTTP_201_CREATED)

    @extend_schema(request=FinishingSerializer, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def finishing(self, request, pk=None):
        """Another take that is this one with more frames or pixels, less grain, graded or steadied."""
        take = self.get_object()
        made = finishing.ask(take, by=request.user, **self.read(FinishingSerializer))
        return self.shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=LargerSerializer, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def larger(self, request, pk=None):
        """Another take that is this one drawn larger by its own engine, from the latents kept of it."""
        made = enlarging.ask(self.get_object(), by=request.user, **self.read(LargerSerializer))
        return self.shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=VarySerializer, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def vary(self, request, pk=None):
        """The same but for one thing; without any, the next seed of the family."""
        sent = self.read(VarySerializer)
        return self.shown(takes.vary(self.get_object(), by=request.user, **sent), status.HTTP_201_CREATED)

    @extend_schema(request=ExtendSerializer, responses={201: TakeSerializer})
    @action(detail=True, methods=["post"])
    def extend(self, request, pk=None):
        """A take that goes on from this one's last frame, or leads up to its first."""
        sent = self.read(ExtendSerializer)
        return self.shown(takes.extend(self.get_object(), by=request.user, **sent), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def copy(self, request, pk=None):
        """Lay the take's recipe on its shot's desk."""
        desk.copy(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=LeadSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def lead(self, request, pk=None):
        """Let a shot begin with the take's last frame."""
        take = self.get_object()
        takes.lead_on(take, by=request.user, shot=self.read(LeadSerializer).get("shot", take.shot))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=DeliverySerializer, responses={201: DeliveredSerializer})
    @action(detail=True, methods=["post"])
    def deliver(self, request, pk=None):
        """Place the take in a film's cue sheet."""
        placed = takes.deliver(self.get_object(), by=request.user, **self.read(DeliverySerializer))
        return Response(DeliveredSerializer(placed).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=TakeSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        """Stop drawing it, after the running step at the latest."""
        takes.cancel(self.get_object(), by=request.user)
        return self.shown(self.get_object())


router_entries = [("takes", TakeViewSet, "take")]
