"""Productions, scenes and shots in the API: the same acts and the same sentences as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from festival.api.pages import Pages
from festival.listings import MOST_PICTURE_BYTES
from festival.models import Edition
from generation import desk, productions, takes
from generation.access import MOST_TAKES
from generation.api.takes import TakeSerializer
from generation.forms import on_disk
from generation.models import Production, Scene, Shot


class Latest(Pages):
    ordering = ("-changed_at", "pk")


class InOrder(Pages):
    ordering = ("scene__position", "scene", "position", "pk")


class TitleSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=10_000, allow_blank=True, default="")


class PlaceSerializer(serializers.Serializer):
    """A place among its neighbours, from 0; for a shot also the scene it goes into."""

    to = serializers.IntegerField(
        min_value=0,
        error_messages=dict.fromkeys(("invalid", "min_value"), "A place is a whole number, 0 or more."),
    )
    scene = serializers.UUIDField(required=False)


class ProductionSerializer(serializers.ModelSerializer):
    edition = serializers.SlugRelatedField("slug", read_only=True)
    shot_count = serializers.IntegerField(read_only=True)
    take_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Production
        fields = ["id", "edition", "title", "shot_count", "take_count", "created_at", "changed_at"]
        read_only_fields = fields


class BeginSerializer(serializers.Serializer):
    """A production's title, and the edition it is made for."""

    edition = serializers.SlugRelatedField("slug", queryset=Edition.objects.all())
    title = serializers.CharField(max_length=10_000)

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["edition"].queryset = Edition.objects.visible_to(request.user)
        return fields


class SceneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Scene
        fields = ["id", "production", "title", "position"]
        read_only_fields = fields


class InviteSerializer(serializers.Serializer):
    email = serializers.CharField(max_length=254)


class MemberSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField(source="known_as")
    accepted_at = serializers.DateTimeField()


class ShotSerializer(serializers.ModelSerializer):
    """A shot with what lies on its desk, and the take that stands for it."""

    production = serializers.UUIDField(source="scene.production_id", read_only=True)

    class Meta:
        model = Shot
        fields = [
            "id", "production", "scene", "title", "position", "words", "seconds", "aspect", "engine", "seed",
            "steps", "guidance", "enlarge", "direction", "first", "last", "selected",
        ]  # fmt: skip
        read_only_fields = fields


class DeskSerializer(serializers.Serializer):
    """What is laid on a shot's desk; what is not sent stays as it lies."""

    words = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    seconds = serializers.FloatField(required=False)
    aspect = serializers.CharField(required=False, max_length=10)
    engine = serializers.CharField(required=False, max_length=80)
    seed = serializers.IntegerField(required=False, allow_null=True)
    steps = serializers.IntegerField(required=False, allow_null=True, help_text="null: the engine's own.")
    guidance = serializers.FloatField(required=False, allow_null=True, help_text="null: the engine's own.")
    direction = serializers.JSONField(required=False, help_text="Camera, strokes, boxes …; {} for none.")


class StillSerializer(serializers.Serializer):
    """A picture that the shot's takes begin with; without one they begin with none."""

    first = serializers.FileField(required=False)

    def validate_first(self, picture):
        if picture.size > MOST_PICTURE_BYTES:
            raise serializers.ValidationError("This picture is larger than 40 MB.")
        return picture


class CountSerializer(serializers.Serializer):
    count = serializers.IntegerField(default=1, help_text=f"1 to {MOST_TAKES} takes, drawn as one batch.")
    draft = serializers.BooleanField(default=False, help_text="By the smallest engine, before finals.")


class QuoteSerializer(serializers.Serializer):
    """What a take would cost, all in seconds of a worker."""

    seconds = serializers.FloatField()
    wait_s = serializers.FloatField()
    left_s = serializers.FloatField()
    guess = serializers.BooleanField()
    why_not = serializers.CharField()


class Room(viewsets.GenericViewSet):
    """Rows of the productions that the caller shares."""

    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return type(self).queryset.model.objects.visible_to(self.request.user)

    def read(self, serializer) -> dict:
        """What was sent, checked for its form."""
        sent = serializer(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def shown(self, row, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=code)


class Arranged(Room):
    """Scenes and shots: renamed, moved and removed."""

    @extend_schema(request=TitleSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request, pk=None):
        """Give it another title."""
        row = self.get_object()
        productions.rename(row, by=request.user, **self.read(TitleSerializer))
        return self.shown(row)

    @extend_schema(request=PlaceSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request, pk=None):
        """Put it at another place; a shot also into another scene."""
        row, sent = self.get_object(), self.read(PlaceSerializer)
        into = sent.get("scene")
        scene = get_object_or_404(Scene.objects.visible_to(request.user), pk=into) if into else None
        productions.move(row, by=request.user, to=sent["to"], scene=scene)
        return self.shown(row)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        """Take it out of the production; only what is empty can go."""
        productions.remove(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProductionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Room):
    """The productions that the caller shares."""

    serializer_class = ProductionSerializer
    pagination_class = Latest
    queryset = Production.objects.none()

    def get_queryset(self):
        return productions.mine(self.request.user)

    @extend_schema(request=BeginSerializer, responses={201: ProductionSerializer})
    def create(self, request):
        """Begin a production, with one scene that holds one shot."""
        begun = productions.begin(by=request.user, **self.read(BeginSerializer))
        return self.shown(self.get_queryset().get(pk=begun.pk), status.HTTP_201_CREATED)

    @extend_schema(request=TitleSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request, pk=None):
        """Give it another title."""
        row = self.get_object()
        productions.rename(row, by=request.user, **self.read(TitleSerializer))
        return self.shown(row)

    @extend_schema(request=InviteSerializer, responses={201: MemberSerializer})
    @action(detail=True, methods=["post"])
    def invite(self, request, pk=None):
        """Invite somebody by a letter; they are in once they say yes."""
        member = productions.invite(self.get_object(), by=request.user, **self.read(InviteSerializer))
        return Response(MemberSerializer(member).data, status=status.HTTP_201_CREATED)


class SceneViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Arranged):
    """Scenes of the productions that the caller shares; `?production=` for those of one, in order."""

    serializer_class = SceneSerializer
    pagination_class = type("ByPosition", (Pages,), {"ordering": ("position", "pk")})
    queryset = Scene.objects.none()

    def get_queryset(self):
        return _within(super().get_queryset(), self.request, "production")

    @extend_schema(request=SceneSerializer, responses={201: SceneSerializer})
    def create(self, request):
        """Add a scene at the end of `production`, with a `title` or without."""
        sent = self.read(NewSceneSerializer)
        added = productions.add_scene(sent["production"], by=request.user, title=sent["title"])
        return self.shown(added, status.HTTP_201_CREATED)


class NewSceneSerializer(TitleSerializer):
    production = serializers.PrimaryKeyRelatedField(queryset=Production.objects.none())

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["production"].queryset = Production.objects.visible_to(request.user)
        return fields


class NewShotSerializer(TitleSerializer):
    scene = serializers.PrimaryKeyRelatedField(queryset=Scene.objects.none())

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["scene"].queryset = Scene.objects.visible_to(request.user)
        return fields


def _within(rows, request, name: str, field: str = ""):
    """The rows of what the query names, all where it names nothing, none where that is no id."""
    asked = request.query_params.get(name, "") if request else ""
    if not asked:
        return rows
    asked_id = serializers.UUIDField()
    try:
        return rows.filter(**{field or name: asked_id.run_validation(asked)})
    except serializers.ValidationError:
        return rows.none()


class ShotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Arranged):
    """Shots, as the film runs; `?production=` for those of one."""

    serializer_class = ShotSerializer
    pagination_class = InOrder
    queryset = Shot.objects.none()

    def get_queryset(self):
        rows = super().get_queryset().select_related("scene__production__edition")
        return _within(rows, self.request, "production", "scene__production")

    @extend_schema(request=NewShotSerializer, responses={201: ShotSerializer})
    def create(self, request):
        """Add a shot at the end of `scene`."""
        sent = self.read(NewShotSerializer)
        added = productions.add_shot(sent["scene"], by=request.user, title=sent["title"])
        return self.shown(added, status.HTTP_201_CREATED)

    @extend_schema(request=DeskSerializer)
    @action(detail=True, methods=["post"])
    def desk(self, request, pk=None):
        """Lay words, length, shape, engine, seed, steps, guidance and direction on the desk."""
        shot = self.get_object()
        desk.lay(shot, by=request.user, **self.read(DeskSerializer))
        return self.shown(shot)

    @extend_schema(request={"multipart/form-data": StillSerializer})
    @action(detail=True, methods=["post"])
    def still(self, request, pk=None):
        """Let the takes begin with a picture, or, without one, with none."""
        shot = self.get_object()
        with on_disk(self.read(StillSerializer)) as sent:
            picture = sent.get("first")
            kept = desk.keep_still(shot.scene.production, picture, by=request.user) if picture else None
        desk.begin_with(shot, kept, by=request.user)
        return self.shown(shot)

    @extend_schema(responses=QuoteSerializer)
    @action(detail=True, methods=["get"])
    def quote(self, request, pk=None):
        """What a take of what lies on the desk costs, and how long it waits."""
        return Response(QuoteSerializer(takes.quote(self.get_object(), by=request.user)).data)

    @extend_schema(request=CountSerializer, responses={201: TakeSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def draw(self, request, pk=None):
        """Ask for takes of what lies on the desk: all of them, or none."""
        asked = takes.draw(self.get_object(), by=request.user, **self.read(CountSerializer))
        shown = TakeSerializer(asked, many=True, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)


router_entries = [
    ("productions", ProductionViewSet, "production"),
    ("scenes", SceneViewSet, "scene"),
    ("shots", ShotViewSet, "shot"),
]
