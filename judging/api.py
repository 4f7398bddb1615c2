"""Marks over the API: a juror's films, their marks, and the verbs to give them and to step down."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from judging import marks, panels
from judging.models import Assignment


class ScoreSerializer(serializers.Serializer):
    criterion = serializers.IntegerField()
    value = serializers.IntegerField(help_text="A whole mark from 1 to 10.")


class GivenSerializer(serializers.Serializer):
    """What a juror gives; what is left out stays as it was."""

    scores = ScoreSerializer(many=True, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    share_note = serializers.BooleanField(required=False)


class GivenToSerializer(GivenSerializer):
    assignment = serializers.UUIDField()


class RecusalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=240)


class AskedSerializer(serializers.Serializer):
    """One criterion of the rubric."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    help = serializers.CharField()
    weight = serializers.IntegerField(help_text="Per cent.")
    anchors = serializers.DictField(child=serializers.CharField())


class MarkSerializer(serializers.Serializer):
    """A film on the caller's list, with what the caller has given it; never who made it."""

    id = serializers.UUIDField(help_text="Of the assignment.")
    round = serializers.CharField(source="round.name")
    round_status = serializers.CharField(source="round.status")
    film = serializers.CharField(source="film.title")
    logline = serializers.CharField(source="film.logline")
    duration_s = serializers.FloatField(source="film.footage.duration_s", default=None)
    criteria = AskedSerializer(source="round.criteria.all", many=True)
    scores = serializers.SerializerMethodField()
    note = serializers.CharField(source="mark.note", default="")
    share_note = serializers.BooleanField(source="mark.share_note", default=False)
    given_at = serializers.DateTimeField(source="mark.given_at", default=None)

    @extend_schema_field(ScoreSerializer(many=True))
    def get_scores(self, assignment):
        mark = getattr(assignment, "mark", None)
        scores = mark.scores.all() if mark else []
        return [{"criterion": score.criterion_id, "value": score.value} for score in scores]


class MarkViewSet(viewsets.GenericViewSet):
    """The caller's films to judge. A film that is not on the caller's list does not exist here."""

    permission_classes = [IsAuthenticated]
    serializer_class = MarkSerializer
    queryset = Assignment.objects.none()

    def get_queryset(self):
        mine = Assignment.objects.visible_to(self.request.user)
        mine = mine.select_related("round__edition", "film__footage", "mark")
        return mine.prefetch_related("round__criteria", "mark__scores").order_by("pk")

    def list(self, request):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, pk=None):
        return self._answer(self.get_object())

    @extend_schema(request=GivenToSerializer, responses=MarkSerializer)
    def create(self, request):
        """Give marks, naming the assignment; given twice, they are given once."""
        given = _parsed(GivenToSerializer, request)
        self.kwargs["pk"] = given.pop("assignment")
        return self._give(self.get_object(), given)

    @extend_schema(request=GivenSerializer, responses=MarkSerializer)
    def update(self, request, pk=None):
        """Give marks; given twice, they are given once."""
        return self._give(self.get_object(), _parsed(GivenSerializer, request))

    @extend_schema(request=RecusalSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def recuse(self, request, pk=None):
        """Step down from judging a film."""
        assignment = self.get_object()
        reason = _parsed(RecusalSerializer, request)["reason"]
        panels.declare_conflict(assignment, by=request.user, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _give(self, assignment, given):
        scores = {score["criterion"]: score["value"] for score in given.pop("scores", [])}
        marks.give(assignment, scores, by=self.request.user, **given)
        return self._answer(self.get_object())

    def _answer(self, assignment):
        return Response(self.get_serializer(assignment).data)


def _parsed(serializer_class, request) -> dict:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


router_entries = [("marks", MarkViewSet, "mark")]
