"""Repair pages for the studio. Daily work has its own pages; nothing here changes a clip."""

from django.contrib import admin

from generation.models import Clip, Job, Production, Take


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Clip)
class ClipAdmin(ReadOnly):
    list_display = ("id", "owner", "engine", "duration_s", "created_at")
    list_filter = ("engine", "edition")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__email", "sha256", "digest")


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("id", "owner", "status", "step", "steps", "attempt", "heartbeat_at", "created_at")
    list_filter = ("status", "edition")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__email")


@admin.register(Production)
class ProductionAdmin(ReadOnly):
    list_display = ("title", "owner", "edition", "created_at", "changed_at")
    list_filter = ("edition",)
    list_select_related = ("owner", "edition")
    search_fields = ("id", "title", "owner__email")


@admin.register(Take)
class TakeAdmin(ReadOnly):
    list_display = ("id", "production", "shot", "number", "engine", "asked_by", "made_at")
    list_filter = ("engine",)
    list_select_related = ("production", "shot", "asked_by")
    search_fields = ("id", "words", "asked_by__email", "clip__sha256")

    def has_delete_permission(self, request, obj=None):
        return False
