"""Files going in and coming out, and the stream of events."""

from django.urls import path, re_path

from festival.views import events, media, uploads

app_name = "media"
urlpatterns = [
    path("uploads/", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:pk>/", uploads.OneUpload.as_view(), name="upload"),
    re_path(r"^media/(?P<token>[^/]+)/(?P<rest>.*)$", media.file, name="file"),
    path("events/", events.stream, name="events"),
]
