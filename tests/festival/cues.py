"""What the tests of disclosure share: a clip's facts, a stated range, a department's word."""

from uuid import uuid4

from festival import disclosures
from festival.models import DepartmentUse, Tool


def a_clip(**fields):
    facts = {
        "clip_id": uuid4(),
        "engine": "wan",
        "revision": "4f" * 20,
        "licence": "Apache-2.0",
        "seed": 42,
        "prompt_sha256": "a" * 64,
        "clip_sha256": "b" * 64,
        "duration_s": 5.0,
    }
    return disclosures.ClipFacts(**facts | fields)


def mark(film, start_s, end_s, **fields):
    """A range about which everything is said, unless told otherwise."""
    if "tool" not in fields:
        fields["tool"] = Tool.objects.get_or_create(film=film, name="Brush", version="1")[0]
    fields = {"method": "text-to-video", "human_part": "Chosen among forty takes."} | fields
    return film.disclosures.create(start_s=start_s, end_s=end_s, **fields)


def say(film, department, extent, tool=None):
    use, _ = DepartmentUse.objects.update_or_create(
        film=film, department=department, defaults={"extent": extent}
    )
    if tool:
        use.tools.add(Tool.objects.get_or_create(film=film, name=tool)[0])
