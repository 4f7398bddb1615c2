from django.urls import path

from generation import views

app_name = "studio"
urlpatterns = [
    path("", views.clips, name="clips"),
    path("words/", views.words, name="words"),
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:pk>/retry/", views.retry, name="retry"),
    path("clips/<uuid:pk>/", views.clip, name="clip"),
    path("clips/<uuid:pk>/deliver/", views.deliver, name="deliver"),
]
