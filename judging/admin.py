"""Repair pages. Daily work is done in the office and the jury room."""

from django.contrib import admin

from judging.models import (
    Assignment,
    Conflict,
    Criterion,
    Mark,
    Panel,
    Record,
    Round,
    RoundEvent,
    Score,
    Seat,
)


class CriterionInline(admin.TabularInline):
    model = Criterion
    extra = 0


class SeatInline(admin.TabularInline):
    model = Seat
    extra = 0
    raw_id_fields = ["juror"]


class ScoreInline(admin.TabularInline):
    model = Score
    extra = 0


@admin.register(Panel)
class PanelAdmin(admin.ModelAdmin):
    list_display = ["name", "edition"]
    list_filter = ["edition"]
    inlines = [SeatInline]


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    list_display = ["name", "edition", "status", "reviews", "blind"]
    list_filter = ["edition", "status"]
    readonly_fields = ["status", "opened_at", "closed_at", "seed", "outcome"]  # acts alone move and count
    inlines = [CriterionInline]


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin):
    list_display = ["film", "juror", "round", "recused_at"]
    list_filter = ["round"]
    search_fields = ["film__title", "juror__name", "juror__email"]
    raw_id_fields = ["film", "juror"]


@admin.register(Mark)
class MarkAdmin(admin.ModelAdmin):
    list_display = ["assignment", "given_at", "share_note"]
    search_fields = ["assignment__film__title", "assignment__juror__email"]
    raw_id_fields = ["assignment"]
    inlines = [ScoreInline]


@admin.register(Conflict)
class ConflictAdmin(admin.ModelAdmin):
    list_display = ["juror", "film", "reason", "declared_at"]
    search_fields = ["film__title", "juror__name", "juror__email"]
    raw_id_fields = ["film", "juror"]


@admin.register(RoundEvent)
class RoundEventAdmin(admin.ModelAdmin):
    list_display = ["round", "was", "became", "by", "at"]
    list_filter = ["round"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):
    """The ledger, to look at: the database itself refuses to change it."""

    list_display = ["sequence", "edition", "at", "kind", "by", "hash"]
    list_filter = ["edition", "kind"]
    list_select_related = ["by"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
