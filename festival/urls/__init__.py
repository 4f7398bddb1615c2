"""All addresses. Branches are included by name, never imported."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from festival.views import office_door

# The repair pages have no sign-in of their own, which would know no rate limit and no second factor.
admin.site.login = office_door.to_repairs
admin.site.has_permission = office_door.may_repair

urlpatterns = [
    path("", include("festival.urls.public")),
    path("", include("festival.urls.media")),
    path("entries/", include("festival.urls.entrant")),
    path("office/<slug:edition>/jury/", include("judging.urls_office")),
    path("office/<slug:edition>/studio/", include("generation.urls_office")),
    path("office/", include("festival.urls.office")),
    path("jury/", include("judging.urls")),
    path("ledger/", include("judging.urls_public")),
    path("studio/", include("generation.urls")),
    path("api/", include("festival.api.urls")),
    path("v1/", include("generation.urls_videos")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.ANYMAIL.get("WEBHOOK_SECRET"):  # without one, anybody could say that a letter came back
    urlpatterns.append(path("anymail/", include("anymail.urls")))
