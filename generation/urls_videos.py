"""Addresses under /v1/, without a slash at the end, as the clients that call them expect."""

from django.urls import path

from generation import videos

app_name = "videos"
urlpatterns = [
    path("videos", videos.Videos.as_view(), name="list"),
    path("videos/<str:video_id>", videos.Video.as_view(), name="video"),
    path("videos/<str:video_id>/content", videos.Content.as_view(), name="content"),
]
