"""What the API says of films, uploads and screenings, and what it takes in."""

from collections.abc import Mapping

from rest_framework import serializers

from festival.models import Edition, Film, Footage, Screening, Section, Slot, Upload


class FootageSerializer(serializers.ModelSerializer):
    class Meta:
        model = Footage
        fields = [
            "id", "name", "status", "stage", "progress", "problem", "size_bytes", "sha256",
            "duration_s", "width", "height", "frame_rate", "loudness_lufs", "created_at", "examined_at",
        ]  # fmt: skip
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer):
    """An entry as its entrant sees it. `status` moves only by the verbs."""

    edition = serializers.SlugRelatedField("slug", queryset=Edition.objects.all())
    section = serializers.SlugRelatedField("slug", queryset=Section.objects.all(), required=False)
    code = serializers.CharField(read_only=True, help_text="Eight characters people can say aloud.")
    footage = FootageSerializer(read_only=True, allow_null=True)
    status = serializers.CharField(
        source="known", read_only=True, help_text="A decision shows when its letter is written."
    )

    class Meta:
        model = Film
        fields = [
            "id", "code", "edition", "section", "title", "original_title", "logline", "synopsis",
            "year", "premiere", "contact_name", "contact_email", "contact_phone",
            "rights_picture", "rights_music", "rights_screening",
            "status", "footage", "created_at", "submitted_at",
        ]  # fmt: skip
        read_only_fields = ["submitted_at"]
        # A slug names a section only within its edition, so the edition narrows the choice below.

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["edition"].queryset = Edition.objects.visible_to(request.user)
        if isinstance(self.instance, Film):
            fields["edition"].read_only = True
        return fields

    def to_internal_value(self, data):
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)  # which says so
        edition = self.instance.edition if isinstance(self.instance, Film) else data.get("edition")
        slug = edition.slug if isinstance(edition, Edition) else str(edition)
        self.fields["section"].queryset = Section.objects.filter(edition__slug=slug)
        return super().to_internal_value(data)


class UploadSerializer(serializers.ModelSerializer):
    class Meta:
        model = Upload
        fields = [
            "id", "film", "name", "size_bytes", "offset_bytes", "begun_at", "expires_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class ProgrammeSerializer(serializers.ModelSerializer):
    """A film of a published programme, as any visitor may know it."""

    section = serializers.SlugRelatedField("slug", read_only=True)
    edition = serializers.SlugRelatedField("slug", read_only=True)
    duration_s = serializers.FloatField(source="footage.duration_s", read_only=True, allow_null=True)
    countries = serializers.SlugRelatedField("code", many=True, read_only=True)
    languages = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Film
        fields = [
            "id", "edition", "section", "title", "original_title", "logline", "synopsis", "year",
            "duration_s", "countries", "languages",
        ]  # fmt: skip
        read_only_fields = fields


class SlotSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="film.title", read_only=True)

    class Meta:
        model = Slot
        fields = ["film", "title", "position"]
        read_only_fields = fields


class ScreeningSerializer(serializers.ModelSerializer):
    edition = serializers.SlugRelatedField("slug", read_only=True)
    venue = serializers.CharField(source="venue.name", read_only=True)
    slots = SlotSerializer(many=True, read_only=True)

    class Meta:
        model = Screening
        fields = ["id", "edition", "venue", "title", "starts_at", "ends_at", "talk_min", "note", "slots"]
        read_only_fields = fields


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(read_only=True)
