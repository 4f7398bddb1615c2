"""The two commands that `make run` calls, and what an operator reads."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from festival.provenance import credentials
from generation.engines import noise, registry, scenes

pytestmark = pytest.mark.xdist_group("torch")


def said(*command) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_engines_lists_what_is_there_and_why_not(quick, settings, tmp_path):
    assert (
        f"quick: Quick noise (random weights, noise), CC0-1.0, 0.5 to 2 s, revision {quick.revision}"
        in said("engines")
    )

    settings.ENGINES_ROOT = tmp_path
    assert "`engines demo` makes some." in said("engines")
    (tmp_path / "half").mkdir()
    (tmp_path / "half/model_index.json").write_text("{}")
    assert said("engines").startswith("half: cannot be used. It has no engine.json")


def test_no_demo_is_laid_out_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="whose password everybody knows"):
        said("demo")


def test_engines_demo_installs_what_draws_without_a_download_once(settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path

    first = said("engines", "demo")

    assert "Made the engine “Noise” (random weights" in first
    assert "Installed “Scenes” (procedural drawing, not AI, revision " in first
    assert said("engines", "demo") == ""
    assert "scenes: Scenes (procedural drawing, not AI), CC0-1.0, 1 to 6 s" in said("engines")
    card = registry.cards(tmp_path)["noise"]
    assert (card.title, card.random_weights, card.sizes) == ("Noise", True, noise.CARD.sizes)
    assert said("engines", "digest", "noise").startswith(card.revision)


def test_a_drawing_programme_that_has_changed_is_installed_anew(settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    said("engines", "scenes")
    card = registry.cards(tmp_path)["scenes"]
    (tmp_path / "scenes/engine.json").write_text(replace(card, revision="older").to_json())

    assert said("engines", "scenes").endswith(f"revision {scenes.revision()}).\n")
    assert registry.cards(tmp_path)["scenes"] == card
    assert said("engines", "scenes") == ""


def test_noise_with_an_older_card_is_made_anew_with_the_same_weights(settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    card = noise.build(tmp_path / "noise")
    (tmp_path / "noise/engine.json").write_text(replace(card, batchable=False).to_json())

    assert "Made the engine “Noise”" in said("engines", "noise")
    assert registry.cards(tmp_path)["noise"] == card
    assert said("engines", "noise") == ""


def test_engines_digest_asks_for_a_folder(settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path

    with pytest.raises(CommandError, match="Name a folder"):
        said("engines", "digest", "nowhere")


def test_credentials_makes_certificates_once(settings, tmp_path):
    settings.KEYS_ROOT = tmp_path / "keys"

    assert "development certificates" in said("credentials")
    assert said("credentials") == ""
    assert credentials.Authority(settings.KEYS_ROOT).ready()


def test_credentials_makes_none_in_production(settings, tmp_path):
    settings.KEYS_ROOT, settings.PRODUCTION = tmp_path / "keys", True

    with pytest.raises(CommandError, match="Put those of your festival there"):
        said("credentials")
    assert not settings.KEYS_ROOT.exists()
