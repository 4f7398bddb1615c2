"""The API's addresses. The branches' viewsets are found by name."""

from django.urls import include, path
from django.utils.module_loading import import_string
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from festival.api import views

BRANCHES = ["generation.api.router_entries", "judging.api.router_entries"]

router = SimpleRouter()
router.register("entries", views.EntryViewSet, "entry")
router.register("uploads", views.UploadViewSet, "upload")
router.register("programme", views.ProgrammeViewSet, "programme")
router.register("screenings", views.ScreeningViewSet, "screening")
for branch in BRANCHES:
    for prefix, viewset, basename in import_string(branch):
        router.register(prefix, viewset, basename)

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("token/", views.TokenView.as_view(), name="token"),
    path("", include(router.urls)),
]
