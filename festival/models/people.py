"""People, and the part each plays in an edition."""

from contextlib import suppress

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        """Create a person who signs in with `email`; without a password nobody can."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. What they may do is a `Role` in an edition, or an entry of theirs."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=120, blank=True, help_text="As it should be read out.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the repair pages under /admin/.")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = PersonManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self):
        return self.name or self.email

    def save(self, *args, **kwargs):
        """Save; with a new password the token for the API ends too, as Django ends other sessions."""
        locks_changed = self._password is not None and self.pk is not None
        super().save(*args, **kwargs)
        if locks_changed:
            with suppress(ObjectDoesNotExist):
                self.auth_token.delete()

    def one_at_a_time(self) -> None:
        """Let whoever else counts this person's allowance wait until the running transaction ends."""
        Person.objects.select_for_update(no_key=True).get(pk=self.pk)

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class RoleQuerySet(models.QuerySet):
    def organisers(self):
        return self.filter(kind=Role.Kind.ORGANISER)

    def jurors(self):
        return self.filter(kind=Role.Kind.JUROR)


class Role(models.Model):
    """A person's part in one edition. Entrants need none: an entry makes an entrant."""

    class Kind(models.TextChoices):
        ORGANISER = "organiser"
        JUROR = "juror"

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=10, choices=Kind)
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "person", "kind"], name="one_role_of_a_kind")
        ]

    def __str__(self):
        return f"{self.person}, {self.get_kind_display()} of {self.edition}"
