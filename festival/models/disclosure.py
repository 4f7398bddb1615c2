"""How AI was used: a structured record, copied down into the film so that it outlives its tools.

Fields follow the union of festival and trade forms: the Archival Producers Alliance's cue sheet,
the IPTC digital source types and C2PA's `c2pa.ai-disclosure`.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.models.film import Film
from festival.provenance import timecodes


class Statement(models.Model):
    """What the entrant declares about the film as a whole, and signs with a name."""

    film = models.OneToOneField(Film, models.CASCADE, related_name="statement")
    process = models.TextField(
        "how the film was made", blank=True, help_text="What people decided, directed, drew and cut."
    )
    realistic = models.BooleanField(
        "could be taken for real people or events",
        default=False,
        help_text="The deepfake test of the EU AI Act, Article 50(4).",
    )
    notice = models.CharField(
        "notice to the audience",
        max_length=240,
        blank=True,
        help_text="The wording, and where in the film it stands.",
    )
    training_allowed = models.BooleanField("the film may be used to train models", default=False)
    attested_name = models.CharField("signed", max_length=120, blank=True)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attested_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Statement on {self.film}"


class Tool(models.Model):
    """A tool the film was made with, as the label will name it."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="tools")
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=80, blank=True)
    vendor = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=200, blank=True, help_text="Name or address of its terms.")
    from_platform = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["film", "name", "version"],
                name="tool_once_a_film",
                violation_error_message="This tool is on the list already.",
            )
        ]

    def __str__(self):
        return f"{self.name} {self.version}".strip()


class DepartmentUse(models.Model):
    """How far AI went in one department of the film."""

    class Department(models.TextChoices):
        SCRIPT = "script", "Script"
        STORYBOARD = "storyboard", "Storyboard"
        PICTURE = "picture", "Picture"
        VOICE = "voice", "Voice"
        SOUND = "sound", "Music and sound"
        EDIT = "edit", "Edit"
        EFFECTS = "effects", "Effects"
        SUBTITLES = "subtitles", "Subtitles"
        MARKETING = "marketing", "Marketing"

    class Extent(models.TextChoices):
        NONE = "none", "None"
        ASSISTED = "assisted", "Assisted"
        GENERATED = "generated", "Generated"

    film = models.ForeignKey(Film, models.CASCADE, related_name="departments")
    department = models.CharField(max_length=10, choices=Department)
    extent = models.CharField(max_length=9, choices=Extent, default=Extent.NONE)
    human_part = models.TextField(blank=True, help_text="What people did in this department.")
    tools = models.ManyToManyField(Tool, blank=True, related_name="departments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["film", "department"], name="department_once_a_film")]

    def __str__(self):
        return f"{self.get_department_display()}: {self.get_extent_display()}"


class DisclosureQuerySet(models.QuerySet):
    def unstated(self) -> "DisclosureQuerySet":
        """Ranges of AI footage whose method, tool or human part the entrant has yet to say."""
        unsaid = models.Q(method="") | models.Q(tool=None) | models.Q(human_part="")
        return self.filter(unsaid, kind__in=Disclosure.MACHINE)

    def machine_made(self) -> "DisclosureQuerySet":
        return self.filter(kind__in=Disclosure.MACHINE)


class Disclosure(models.Model):
    """One line of the cue sheet: a range of the film's own time, and where its footage came from.

    Ranges are half-open, in seconds. When a clip made here is adopted, its facts are copied into
    this row, so that the evidence outlives the clip, the model and the machine.
    """

    class Track(models.TextChoices):
        PICTURE = "picture", "Picture"
        SOUND = "sound", "Sound"
        TEXT = "text", "Text"

    class Kind(models.TextChoices):
        GENERATED = "generated", "Generated"
        MODIFIED = "modified", "Modified"
        CAPTURED = "captured", "Captured"

    class Standing(models.TextChoices):
        VERIFIED = "verified", "Credential verified"
        DECLARED = "declared", "Declared only"

    MACHINE = (Kind.GENERATED, Kind.MODIFIED)

    film = models.ForeignKey(Film, models.CASCADE, related_name="disclosures")
    start_s = models.FloatField()
    end_s = models.FloatField()
    track = models.CharField(max_length=7, choices=Track, default=Track.PICTURE)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.GENERATED)
    method = models.CharField(max_length=60, blank=True, help_text="Text to video, upscaling, voice clone …")
    tool = models.ForeignKey(Tool, models.SET_NULL, null=True, blank=True, related_name="disclosures")
    human_part = models.TextField("what a person did", blank=True)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.DECLARED)

    clip_id = models.UUIDField(null=True, blank=True, editable=False)
    engine = models.CharField(max_length=80, blank=True, editable=False)
    revision = models.CharField(max_length=80, blank=True, editable=False)
    seed = models.BigIntegerField(null=True, blank=True, editable=False)
    prompt_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    clip_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    clip_s = models.FloatField(null=True, blank=True, editable=False, help_text="The whole clip's length.")
    adopted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["start_s", "track", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_s__gte=0, end_s__gt=models.F("start_s")),
                name="disclosure_range_runs_forward",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.span}"

    @property
    def span(self) -> str:
        """The range as a sentence says it: 0:04–0:09."""
        return timecodes.span(self.start_s, self.end_s)

    @property
    def unstated(self) -> bool:
        """AI footage whose method, tool or human part is yet to be said; as the queryset of this name."""
        return self.kind in self.MACHINE and not (self.method and self.tool_id and self.human_part)

    @property
    def machine_picture(self) -> bool:
        """Whether the range counts towards the AI share."""
        return self.track == self.Track.PICTURE and self.kind in self.MACHINE

    @property
    def adopted(self) -> bool:
        """Whether the platform filled in this line from a clip made here."""
        return self.clip_id is not None

    @property
    def standing_words(self) -> str:
        return self.get_standing_display().lower()


class Consent(models.Model):
    """A real person's leave for their likeness or voice, given before the work began."""

    class Kind(models.TextChoices):
        LIKENESS = "likeness", "Likeness"
        VOICE = "voice", "Voice"

    film = models.ForeignKey(Film, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=8, choices=Kind)
    person = models.CharField(max_length=120)
    given_on = models.DateField()
    scope = models.CharField(max_length=240, help_text="What may be done, where and for how long.")

    class Meta:
        ordering = ["person", "kind"]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.person}"


class Reference(models.Model):
    """Material that was fed in: pictures, films, voices, and by what right."""

    class Rights(models.TextChoices):
        OWN = "own", "Made by us"
        LICENSED = "licensed", "Licensed"
        PUBLIC = "public", "Public domain"
        PERMISSION = "permission", "By permission"
        UNCLEAR = "unclear", "Unclear"

    film = models.ForeignKey(Film, models.CASCADE, related_name="references")
    what = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    rights = models.CharField(max_length=10, choices=Rights)
    note = models.CharField(max_length=240, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.what
