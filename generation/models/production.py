"""Productions: a film in the making. Scenes in order, shots in order, and the people who share it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator


class ProductionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ProductionQuerySet":
        """A production belongs to whoever began it, and to those who accepted an invitation."""
        if not user.is_authenticated:
            return self.none()
        shared = Member.objects.accepted().filter(person=user).values("production")
        return self.filter(models.Q(owner=user) | models.Q(pk__in=shared))


class Production(models.Model):
    """A film in the making."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey("festival.Edition", models.PROTECT, related_name="productions")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="productions")
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProductionQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "pk"]

    def __str__(self):
        return self.title

    def touch(self) -> None:
        """Note that it changes now; others who change it wait until the running transaction ends."""
        self.changed_at = timezone.now()
        Production.objects.filter(pk=self.pk).update(changed_at=self.changed_at)


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MemberQuerySet":
        """One's own invitations and memberships, and those of productions one shares."""
        if not user.is_authenticated:
            return self.none()
        shared = Production.objects.visible_to(user).values("pk")
        return self.present().filter(models.Q(person=user) | models.Q(production__in=shared))

    def accepted(self) -> "MemberQuerySet":
        return self.present().filter(accepted_at__isnull=False)

    def present(self) -> "MemberQuerySet":
        """Members, and those who are invited; nobody who left, declined or was removed."""
        return self.filter(ended_at=None)

    def open(self) -> "MemberQuerySet":
        """Invitations that nobody has answered."""
        return self.present().filter(accepted_at=None)


class Member(models.Model):
    """Somebody invited into a production; a member once they have accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    production = models.ForeignKey(Production, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Left, declined or was removed.")

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["production", "person"], name="one_seat_a_person")]

    def __str__(self):
        return f"{self.person}, {self.production}"

    @property
    def known_as(self) -> str:
        """The name of whoever joined; until then the address that was written to, and no more."""
        return str(self.person) if self.accepted_at else self.person.email


class ProductionEvent(models.Model):
    """Who let whom into a production, who came and who went. Rows are only ever added."""

    production = models.ForeignKey(Production, models.CASCADE, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    note = models.TextField(help_text="People by their number, which outlives a name.")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.production}: {self.note}"


class SceneQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SceneQuerySet":
        return self.filter(production__in=Production.objects.visible_to(user).values("pk"))


class Scene(models.Model):
    """What happens in one place at one time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    production = models.ForeignKey(Production, models.CASCADE, related_name="scenes")
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField()

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class ShotQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ShotQuerySet":
        return self.filter(scene__production__in=Production.objects.visible_to(user).values("pk"))

    def in_order(self) -> "ShotQuerySet":
        """As the film runs."""
        return self.order_by("scene__position", "scene_id", "position", "pk")


class Shot(models.Model):
    """One run of the camera: what lies on its desk, and the take that was chosen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="shots")
    title = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    seconds = models.FloatField(default=2)
    aspect = models.CharField(max_length=10, default="16:9")
    engine = models.CharField(max_length=80, blank=True)
    seed = models.BigIntegerField(null=True, blank=True, help_text="Nothing for any.")
    steps = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Nothing for its engine's.")
    guidance = models.FloatField(null=True, blank=True, help_text="Nothing for its engine's.")
    enlarge = models.CharField(max_length=10, default="smooth")
    direction = models.JSONField(default=dict, blank=True, help_text="Camera, strokes, boxes, keyframes.")
    first = models.ForeignKey("Frame", models.PROTECT, null=True, blank=True, related_name="+")
    last = models.ForeignKey("Frame", models.PROTECT, null=True, blank=True, related_name="+")
    selected = models.OneToOneField("Take", models.PROTECT, null=True, blank=True, related_name="selected_in")
    takes_asked = models.PositiveIntegerField(default=0, help_text="So many numbers have been given out.")

    objects = ShotQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title or Truncator(self.words).chars(60) or "Shot without words"

    def number_takes(self, count: int) -> range:
        """The numbers of `count` new takes; whoever else asks waits until the transaction ends."""
        Shot.objects.filter(pk=self.pk).update(takes_asked=models.F("takes_asked") + count)
        self.refresh_from_db(fields=["takes_asked"])
        return range(self.takes_asked - count + 1, self.takes_asked + 1)


class FrameQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FrameQuerySet":
        return self.filter(production__in=Production.objects.visible_to(user).values("pk"))


class Frame(models.Model):
    """A still that shots of a production can begin or end with: one somebody sent, or a take's own frame."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    production = models.ForeignKey(Production, models.CASCADE, related_name="frames")
    sha256 = models.CharField(max_length=64, help_text="Of the JPEG in the archive.")
    take = models.ForeignKey("Take", models.PROTECT, null=True, blank=True, related_name="frames")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FrameQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at"]
        constraints = [models.UniqueConstraint(fields=["production", "sha256"], name="one_frame_a_picture")]

    def __str__(self):
        return f"frame {self.sha256[:12]}"

    @property
    def path(self) -> str:
        """Its name in the archive."""
        return f"first-frames/{self.sha256}.jpg"
