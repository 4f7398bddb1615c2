"""The API: it parses, calls one act, and answers. Status changes are verbs, never PATCH."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from festival import access, disclosures, intake, listings
from festival.api.pages import Pages
from festival.api.serializers import (
    EntrySerializer,
    ProgrammeSerializer,
    ScreeningSerializer,
    TokenSerializer,
    UploadSerializer,
)
from festival.errors import Refused
from festival.models import Film, Screening, Upload


class Newest(Pages):
    ordering = ("-created_at", "pk")


class ByTitle(Pages):
    ordering = ("title", "pk")


class ByStart(Pages):
    ordering = ("starts_at", "pk")


class ByBeginning(Pages):
    ordering = ("-begun_at", "pk")


class EntryViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet,
):
    """The caller's own entries."""

    serializer_class = EntrySerializer
    permission_classes = [IsAuthenticated]
    pagination_class = Newest
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Film.objects.none()

    def get_queryset(self):
        mine = Film.objects.visible_to(self.request.user).filter(entrant_id=self.request.user.pk)
        return mine.select_related("edition", "section", "footage").prefetch_related("notices")

    def perform_create(self, serializer):
        edition = serializer.validated_data["edition"]
        if why := access.why_not_enter(self.request.user, edition, at=timezone.now()):
            raise Refused(why)
        serializer.save(entrant=self.request.user)

    def perform_update(self, serializer):
        film = serializer.instance
        credits = list(film.credits.values_list("role", "name"))
        listings.describe(film, by=self.request.user, details=serializer, credits=credits)

    @extend_schema(request=None, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        """Hand the entry to the festival office."""
        film = self.get_object()
        intake.submit(film, by=request.user)
        return Response(self.get_serializer(film).data)

    @extend_schema(request=None, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        """Take the entry back for good."""
        film = self.get_object()
        intake.withdraw(film, by=request.user)
        return Response(self.get_serializer(film).data)

    @extend_schema(request=None, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request, pk=None):
        """Examine the latest file once more."""
        film = self.get_object()
        footage = film.footages.first()
        if footage is None:
            raise Http404
        intake.retry(footage, by=request.user)
        return Response(self.get_serializer(film).data)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def disclosure(self, request, pk=None):
        """The AI label, as it would be published."""
        return Response(disclosures.label_json(self.get_object()))


class UploadViewSet(viewsets.ReadOnlyModelViewSet):
    """The caller's uploads. Bytes travel by tus 1.0 at /uploads/."""

    serializer_class = UploadSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = ByBeginning
    queryset = Upload.objects.none()

    def get_queryset(self):
        return Upload.objects.visible_to(self.request.user)


class ProgrammeViewSet(viewsets.ReadOnlyModelViewSet):
    """Films of published programmes."""

    serializer_class = ProgrammeSerializer
    pagination_class = ByTitle
    queryset = Film.objects.none()

    def get_queryset(self):
        shown = Film.objects.on_show().select_related("edition", "section", "footage")
        return shown.prefetch_related("countries", "languages")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def disclosure(self, request, pk=None):
        """The film's AI label, readable by machine."""
        return Response(disclosures.label_json(self.get_object()))


class ScreeningViewSet(viewsets.ReadOnlyModelViewSet):
    """Screenings the caller may know of, with their films in order."""

    serializer_class = ScreeningSerializer
    pagination_class = ByStart
    queryset = Screening.objects.none()

    def get_queryset(self):
        seen = Screening.objects.visible_to(self.request.user)
        return seen.select_related("edition", "venue").prefetch_related("slots__film")


class TokenView(APIView):
    """The caller's API token: made and revoked only from a signed-in page session.

    A password alone buys no token, so the sign-in page's rate limits and second factor hold here too.
    """

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=TokenSerializer)
    def post(self, request):
        token, _ = Token.objects.get_or_create(user=request.user)
        return Response({"token": token.key})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request):
        Token.objects.filter(user=request.user).delete()
        return Response(status=204)
