"""All addresses. Branches are included by name, never imported."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The repair pages have no sign-in of their own, which would know no rate limit and no second factor.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("festival.urls.public")),
    path("", include("festival.urls.media")),
    path("entries/", include("festival.urls.entrant")),
    path("office/<slug:edition>/jury/", include("judging.urls_office")),
    path("office/", include("festival.urls.office")),
    path("jury/", include("judging.urls")),
    path("studio/", include("generation.urls")),
    path("api/", include("festival.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
