"""The jury over the API: a juror's films and marks; rounds, and the verbs to open, close, and vote."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from judging import ballots, marks, panels, rounds, sights
from judging.models import Assignment, Round


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
    film = serializers.SerializerMethodField(help_text="Its title, or a neutral name where it is hidden.")
    logline = serializers.SerializerMethodField()
    duration_s = serializers.FloatField(source="film.footage.duration_s", default=None)
    criteria = AskedSerializer(source="round.criteria.all", many=True)
    scores = serializers.SerializerMethodField()
    note = serializers.CharField(source="mark.note", default="")
    share_note = serializers.BooleanField(source="mark.share_note", default=False)
    given_at = serializers.DateTimeField(source="mark.given_at", default=None)

    def get_film(self, assignment) -> str:
        return assignment.round.name_of(assignment.film)

    def get_logline(self, assignment) -> str:
        return assignment.round.veil(assignment.film, assignment.film.logline)

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


# Rounds


class CandidateSerializer(serializers.Serializer):
    """A film on the caller's list; never who made it."""

    id = serializers.UUIDField(source="film.pk")
    title = serializers.CharField(source="film.title")
    mark = serializers.UUIDField(source="pk", help_text="Under which its marks are given.")


class RoundSerializer(serializers.ModelSerializer):
    """A round as those see it who take part in it."""

    edition = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Round
        fields = ("id", "edition", "name", "kind", "status", "reviews", "places", "opened_at", "closed_at")
        read_only_fields = fields


class RoundDetailSerializer(RoundSerializer):
    films = serializers.SerializerMethodField(help_text="On the caller's own list, in its order.")

    class Meta(RoundSerializer.Meta):
        fields = read_only_fields = (*RoundSerializer.Meta.fields, "films")

    @extend_schema_field(CandidateSerializer(many=True))
    def get_films(self, round):
        mine = Assignment.objects.visible_to(self.context["request"].user).filter(round=round)
        rows = list(mine.select_related("film").order_by("position", "pk"))
        sights.veiled(round, (row.film for row in rows))
        return CandidateSerializer(rows, many=True).data


class ClosingSerializer(serializers.Serializer):
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Why films that lack viewings are excepted; kept with the caller's name.",
    )


class BallotSerializer(serializers.Serializer):
    """Films by their ids, best tier first; one tier's films tie, and those left out share the last place."""

    tiers = serializers.ListField(
        child=serializers.ListField(child=serializers.UUIDField(), allow_empty=False),
        help_text="An empty list abstains.",
    )


class ReceiptSerializer(serializers.Serializer):
    receipt = serializers.CharField(help_text="Kept nowhere; it finds the ballot after the close.")


class RoundViewSet(viewsets.ReadOnlyModelViewSet):
    """Rounds of the caller's offices, and those that the caller judges in once they have opened."""

    permission_classes = [IsAuthenticated]
    serializer_class = RoundSerializer
    queryset = Round.objects.none()

    def get_queryset(self):
        rows, user = Round.objects.select_related("edition", "source").order_by("pk"), self.request.user
        judged = Round.objects.visible_to(user).values("pk")
        return rows.organised_by(user) | rows.filter(pk__in=judged)

    def get_serializer_class(self):
        return RoundSerializer if self.action == "list" else RoundDetailSerializer

    @extend_schema(request=None, responses=RoundDetailSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request, pk=None):
        """Open the round: every film gets the jurors it still lacks, then jurors see their lists."""
        rounds.open(self.get_object(), by=request.user)
        return self._answer()

    @extend_schema(request=ClosingSerializer, responses=RoundDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, pk=None):
        """Close the round: nothing more is taken, and what there is to count is counted."""
        round = self.get_object()
        rounds.close(round, by=request.user, note=_parsed(ClosingSerializer, request).get("note", ""))
        return self._answer()

    @extend_schema(request=BallotSerializer, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"])
    def ballot(self, request, pk=None):
        """Hand in the caller's one ballot; the receipt is in this answer, and in no other."""
        round = self.get_object()
        tiers = _parsed(BallotSerializer, request)["tiers"]
        receipt = ballots.hand_in(round, [[str(film) for film in tier] for tier in tiers], by=request.user)
        return Response({"receipt": receipt}, status=status.HTTP_201_CREATED)

    def _answer(self):
        return Response(self.get_serializer(self.get_object()).data)


router_entries = [("marks", MarkViewSet, "mark"), ("rounds", RoundViewSet, "round")]
