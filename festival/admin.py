"""Repair pages under /admin/: for putting a row right, not for daily work; the office has its own pages.

What was recorded (events, letters, footage facts) can be read here and never changed.
"""

from django.contrib import admin

from festival.models import (
    DeadlineTier,
    Edition,
    EditionEvent,
    Film,
    FilmEvent,
    Footage,
    Notice,
    Person,
    Role,
    Screening,
    Section,
    Slot,
    Upload,
    Venue,
)

admin.site.site_header = "Marquee, repairs"
admin.site.site_title = "Marquee"
admin.site.index_title = "Repairs"


class Unchangeable:
    """Rows that are only ever added, and not by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EditionEventRows(Unchangeable, admin.TabularInline):
    model = EditionEvent
    extra = 0


class FilmEventRows(Unchangeable, admin.TabularInline):
    model = FilmEvent
    extra = 0


class SectionRows(admin.TabularInline):
    model = Section
    extra = 0


class TierRows(admin.TabularInline):
    model = DeadlineTier
    extra = 0


class RoleRows(admin.TabularInline):
    model = Role
    extra = 0
    autocomplete_fields = ["person"]


class SlotRows(admin.TabularInline):
    model = Slot
    extra = 0
    raw_id_fields = ["film"]


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["email", "name"]
    exclude = ["password", "groups", "user_permissions"]
    readonly_fields = ["last_login", "joined_at"]


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "status", "time_zone"]
    search_fields = ["name", "slug"]
    readonly_fields = ["status", "created_at", "told_at"]  # a status changes by its acts only
    inlines = [SectionRows, TierRows, RoleRows, EditionEventRows]


@admin.register(Film)
class FilmAdmin(admin.ModelAdmin):
    list_display = ["title", "edition", "section", "entrant", "status"]
    list_filter = ["status", "edition"]
    list_select_related = ["edition", "section", "entrant"]
    search_fields = ["title", "original_title", "entrant__email", "entrant__name"]
    raw_id_fields = ["footage"]
    autocomplete_fields = ["entrant", "edition"]
    readonly_fields = ["status", "submitted_at", "created_at", "changed_at"]
    inlines = [FilmEventRows]


@admin.register(Footage)
class FootageAdmin(Unchangeable, admin.ModelAdmin):
    list_display = ["name", "film", "status", "stage", "progress", "attempt", "created_at"]
    list_filter = ["status"]
    list_select_related = ["film"]
    search_fields = ["name", "film__title", "sha256"]


@admin.register(Upload)
class UploadAdmin(Unchangeable, admin.ModelAdmin):
    list_display = ["name", "film", "owner", "offset_bytes", "size_bytes", "begun_at", "finished_at"]
    list_select_related = ["film", "owner"]
    search_fields = ["name", "film__title", "owner__email"]


@admin.register(Notice)
class NoticeAdmin(Unchangeable, admin.ModelAdmin):
    list_display = ["subject", "person", "kind", "created_at", "sent_at", "problem"]
    list_filter = ["kind"]
    list_select_related = ["person"]
    search_fields = ["subject", "person__email"]


@admin.register(EditionEvent)
class EditionEventAdmin(Unchangeable, admin.ModelAdmin):
    list_display = ["at", "edition", "was", "became", "by", "note"]
    list_select_related = ["edition", "by"]


@admin.register(FilmEvent)
class FilmEventAdmin(Unchangeable, admin.ModelAdmin):
    list_display = ["at", "film", "was", "became", "by", "note"]
    list_select_related = ["film", "by"]
    search_fields = ["film__title"]


@admin.register(Venue)
class VenueAdmin(admin.ModelAdmin):
    list_display = ["name", "edition", "seats", "online"]
    list_select_related = ["edition"]


@admin.register(Screening)
class ScreeningAdmin(admin.ModelAdmin):
    list_display = ["title", "edition", "venue", "starts_at", "ends_at"]
    list_select_related = ["edition", "venue"]
    inlines = [SlotRows]
