"""The light of an hour and a weather, and what it makes of a colour."""

from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.scene import Scene

SKY_AT = (-0.35, 0.08, 0.36, 0.6)  # heights of a sky's four colours, in frame heights


@dataclass(frozen=True)
class Light:
    """Colours are (3,) float32, 0 to 1.

    Args:
        sky: from the zenith to the horizon, at `SKY_AT`.
        shine: what a thing's own colour is multiplied by.
        haze: what far things fade into; haziness: how much; veil: how much even near things do.
        cloud, crest: a cloud's body and its lit edge.
        lamps: how much of the light in windows is on, 0 to 1.
        disc: how much of the sun or moon comes through, 0 to 1.
    """

    sky: tuple[np.ndarray, ...]
    shine: np.ndarray
    haze: np.ndarray
    haziness: float
    veil: float
    cloud: np.ndarray
    crest: np.ndarray
    lamps: float
    disc: float

    def on(self, code: str, distance: float = 0.0) -> np.ndarray:
        """A thing's colour in this light, 0 near to 1 far away."""
        return mix(rgb(code) * self.shine, self.haze, min(0.96, self.veil + distance * self.haziness))


HOURS = {
    "dawn": (("#6f8fc2", "#b7abd6", "#f2bcc4", "#ffe3bd"), "#ead2d8", "#f6d3cb", "#f7d9d8", "#fff0e2", 0.25),
    "day": (("#2f86cf", "#5faee2", "#a6d9f0", "#e4f3ea"), "#ffffff", "#cfe6ea", "#e3eff5", "#ffffff", 0.0),
    "sunset": (("#33296a", "#84397d", "#e2585c", "#ffb45c"), "#c98b83", "#d9707a", "#a04a7c", "#ff9c72", 0.6),
    "night": (("#050a20", "#0c1a42", "#1a3064", "#34548a"), "#54659c", "#2b4678", "#1c2c58", "#41598f", 1.0),
}
GREY = {"dawn": "#b9aebd", "day": "#aab9c2", "sunset": "#7d5f7c", "night": "#232f4c"}
MIST = {"dawn": "#ecdada", "day": "#dfe8e8", "sunset": "#d9a093", "night": "#33476c"}
DULL = {"clear": 0.0, "cloudy": 0.3, "rain": 0.62, "snow": 0.5, "fog": 0.3}
DISC = {"clear": 1.0, "cloudy": 0.9, "rain": 0.0, "snow": 0.25, "fog": 0.35}


def light_of(scene: Scene) -> Light:
    """The light in which a scene is drawn."""
    sky, shine, haze, cloud, crest, lamps = HOURS[scene.time]
    grey, dull = rgb(GREY[scene.time]), DULL[scene.weather]
    fog = scene.weather == "fog"
    stops = [mix(rgb(stop), grey, dull) for stop in sky]
    far = mix(rgb(haze), grey, dull * 0.7)
    if fog:
        far = rgb(MIST[scene.time])
        stops = [mix(stop, far, share) for stop, share in zip(stops, (0.35, 0.55, 0.8, 0.95), strict=True)]
    return Light(
        sky=tuple(stops),
        shine=rgb(shine) * np.float32(1 - 0.12 * dull),
        haze=far,
        veil=0.3 if fog else 0.0,
        haziness=1.3 if fog else 0.85 + 0.2 * dull,
        cloud=mix(rgb(cloud), grey, dull),
        crest=mix(rgb(crest), grey, dull * 0.6),
        lamps=max(lamps, 0.3 if dull > 0.4 else 0.0),
        disc=DISC[scene.weather],
    )
