"""The festival's tables. Import models from here, not from the files."""

from festival.models.award import Award, Feedback
from festival.models.disclosure import (
    Consent,
    DepartmentUse,
    Disclosure,
    Reference,
    Statement,
    Tool,
)
from festival.models.edition import DeadlineTier, Edition, EditionEvent, Section
from festival.models.film import Film, FilmEvent
from festival.models.footage import Footage, Shot, Upload
from festival.models.listing import Credit, FilmCountry, FilmLanguage, Still, Subtitle
from festival.models.notice import Notice
from festival.models.people import Person, Role
from festival.models.programme import Screening, Slot, Venue
from festival.models.titles import TitleRange, Viewership

__all__ = [
    "Award",
    "Consent",
    "Credit",
    "DeadlineTier",
    "DepartmentUse",
    "Disclosure",
    "Edition",
    "EditionEvent",
    "Feedback",
    "Film",
    "FilmCountry",
    "FilmEvent",
    "FilmLanguage",
    "Footage",
    "Notice",
    "Person",
    "Reference",
    "Role",
    "Screening",
    "Section",
    "Shot",
    "Slot",
    "Statement",
    "Still",
    "Subtitle",
    "TitleRange",
    "Tool",
    "Upload",
    "Venue",
    "Viewership",
]
