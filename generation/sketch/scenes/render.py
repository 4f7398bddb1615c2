"""From a scene to a clip with its truth: boxes, masks, depth and the camera's path."""

from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes import motion, raster
from generation.sketch.scenes.palette import rgb
from generation.sketch.scenes.places import layers
from generation.sketch.scenes.scene import KINDS, Scene, Subject
from generation.sketch.scenes.sheets import Layer, merged, paper
from generation.sketch.scenes.subjects import Figure, Look, figures
from generation.sketch.scenes.weather import FALLS, Fall

SIZE = {"small": 0.3, "medium": 0.42, "large": 0.58}  # of the frame's height
FULLER = {
    "person": 1.3,
    "kite": 1.12,
    "balloon": 1.1,
    "tree": 1.12,
    "rocket": 1.1,
    "ball": 0.85,
}  # of the size
POSE_S = 0.25  # seconds a pose is held
TINT = {"dawn": "#fff4f2", "day": "#ffffff", "sunset": "#ffeedd", "night": "#d2d8f4"}


@dataclass(frozen=True)
class Clip:
    """A moving picture and the truth about it, F frames of S subjects.

    Args:
        video: (F, height, width, 3) uint8 RGB, sRGB.
        boxes: (S, F, 4) float32, x0 y0 x1 y1 in 0..1 of the frame, clipped; NaN while out of the frame.
        masks: (S, F, height, width) bool, the pixels in which the subject is what is seen.
        depth: (F, height, width) float32, 0 near to 1 far.
        camera: (F, 3) float32, pan x and y in frame widths and heights, log2 zoom, from frame 0.
    """

    video: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray
    depth: np.ndarray
    camera: np.ndarray


@dataclass(frozen=True)
class Stage:
    """The frame and where the camera looks in each of them; lengths in frame heights.

    Halfway through the clip the camera sees the place as it was composed: `path` is 0 there.
    """

    width: int
    height: int
    path: np.ndarray
    trucks: bool

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def box(self, frame: int, nearness: float) -> tuple[float, float, float, float]:
        """What the camera sees of a layer: x0, y0, x1, y1."""
        x, y, zoom = self.path[frame]
        near = nearness if self.trucks else 1.0
        half = 0.5 * 2.0**-zoom
        middle_x, middle_y = self.aspect * (0.5 + near * x), 0.5 + y
        return (
            middle_x - half * self.aspect,
            middle_y - half,
            middle_x + half * self.aspect,
            middle_y + half,
        )

    def span(self, nearness: float) -> tuple[float, float, float, float]:
        """All that the camera ever sees of a layer, and a little more."""
        boxes = np.array([self.box(frame, nearness) for frame in range(len(self.path))])
        low, high = boxes.min(0), boxes.max(0)
        return (low[0] - 0.05, low[1] - 0.05, high[2] + 0.05, high[3] + 0.05)

    def pan(self, frame: int) -> tuple[float, float]:
        """How far the camera has moved, in frame heights."""
        x, y, _ = self.path[frame]
        return float(x) * self.aspect, float(y)

    @property
    def density(self) -> float:
        """Canvas pixels per frame height: enough for the closest look."""
        return self.height * raster.FINENESS * 2.0 ** (0.7 * float(self.path[:, 2].max()))


def render(
    scene: Scene,
    *,
    frames: int = 17,
    width: int = 96,
    height: int = 64,
    fps: int = 8,
    camera_path: np.ndarray | None = None,
    boxes: np.ndarray | None = None,
) -> Clip:
    """Draw a scene; the same scene gives the same pixels.

    Args:
        camera_path: (frames, 3), in place of the scene's camera; a truck stays a truck.
        boxes: (subjects, frames, 4), in place of the subjects' sizes and ways: each is fitted into its box.
    """
    shoot = Shoot(
        scene, frames=frames, width=width, height=height, fps=fps, camera_path=camera_path, boxes=boxes
    )
    video = np.empty((frames, height, width, 3), np.uint8)
    depth = np.empty((frames, height, width), np.float32)
    masks = np.empty((len(scene.subjects), frames, height, width), bool)
    for f in range(frames):
        video[f], depth[f], masks[:, f] = shoot.frame(f)
    return Clip(video, clipped(shoot.places), masks, depth, shoot.path - shoot.path[0])


class Shoot:
    """A scene set up before the camera: its frames can be drawn one by one. Arguments as for `render`."""

    def __init__(self, scene: Scene, *, frames, width, height, fps, camera_path=None, boxes=None):
        path = motion.camera_path(scene.camera, frames) if camera_path is None else camera_path
        self.path = np.asarray(path, np.float32)
        self.fps = fps
        trucks = scene.camera.move.startswith("truck")
        self.stage = stage = Stage(width, height, self.path - self.path[frames // 2], trucks)
        self.backdrop = Backdrop(layers(scene, stage.span, stage.density, stage.aspect), stage, fps)
        self.fall = falling(scene, stage)
        self.corners = vignette(stage)
        self.cast = [Actor(subject, scene, stage, fps) for subject in scene.subjects]
        own = np.stack([actor.boxes for actor in self.cast]) if self.cast else np.zeros((0, frames, 4))
        self.places = own if boxes is None else np.asarray(boxes, float)
        feet = np.nan_to_num(self.places[:, :, 3]).mean(1)
        self.order = np.argsort(feet, kind="stable").tolist()  # who stands lower in the frame is nearer

    def frame(self, f: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(height, width, 3) uint8, its depth, and the subjects' masks (subjects, height, width)."""
        picture = self.backdrop.draw(f)
        masks = np.zeros((len(self.cast), *picture.shape[:2]), bool)
        for i in self.order:
            painted = self.cast[i].draw(picture, f, self.places[i, f])
            if painted:
                where, seen = painted
                masks[:, *where] &= ~seen
                masks[i, *where] = seen
        if self.fall:
            self.fall.draw(picture, f / self.fps, self.stage.pan(f))
        picture[..., :3] *= self.corners
        shown = np.minimum(np.maximum(picture[..., :3], 0), 1) * 255 + 0.5
        return shown.astype(np.uint8), picture[..., 3], masks


def clipped(boxes: np.ndarray) -> np.ndarray:
    """Boxes cut off at the frame's edges, NaN where nothing is left."""
    inside = np.clip(boxes, 0, 1)
    gone = (inside[..., 0] >= inside[..., 2]) | (inside[..., 1] >= inside[..., 3])
    return np.where(gone[..., None] | np.isnan(boxes), np.nan, inside).astype(np.float32)


def falling(scene: Scene, stage: Stage) -> Fall | None:
    """The rain or snow before the camera, if there is any outdoors."""
    if scene.weather not in FALLS or scene.place == "room":
        return None
    brightness = {"night": 0.72, "sunset": 0.92}.get(scene.time, 1.0)
    return Fall(scene.weather, scene.seed, stage.width, stage.height, brightness)


def vignette(stage: Stage) -> np.ndarray:
    """(height, width, 1): a little less light in the corners."""
    y, x = np.meshgrid(np.linspace(-1, 1, stage.height), np.linspace(-1, 1, stage.width), indexing="ij")
    return (1.02 - 0.07 * (x**2 + y**2))[..., None].astype(np.float32)


class Backdrop:
    """The place, seen through the camera; what does not change from frame to frame is kept."""

    def __init__(self, sheets: list[Layer], stage: Stage, fps: int):
        self.stage, self.fps = stage, fps
        self.sheets = sheets if stage.trucks else merged(sheets)
        for sheet in self.sheets[1:]:
            if not sheet.drift:
                paper(sheet.canvas)
        self.rows: dict = {}
        self.kept: dict = {}

    def draw(self, frame: int) -> np.ndarray:
        """(height, width, 5) of one frame, free to be painted on."""
        picture = np.zeros((self.stage.height, self.stage.width, 5), np.float32)
        for number, sheet in enumerate(self.sheets):
            seen, top = self._see(number, sheet, self._box(sheet, frame))
            if number == 0:
                picture[top:] = seen
            else:
                under = picture[top : top + len(seen)]
                under *= 1 - seen[..., 4:]
                under += seen
        return picture

    def _box(self, sheet: Layer, frame: int):
        x0, y0, x1, y1 = self.stage.box(frame, sheet.nearness)
        seconds = frame / self.fps
        dx = sheet.drift * seconds + sheet.sway[0] * np.sin(seconds * 2.6)
        dy = sheet.sway[1] * np.sin(seconds * 3.3 + 1)
        return (x0 - dx, y0 - dy, x1 - dx, y1 - dy)

    def _see(self, number: int, sheet: Layer, box) -> tuple[np.ndarray, int]:
        """What is seen of a sheet in the rows from `top` on, where it has any."""
        if self.kept.get(number, (None,))[0] == box:
            return self.kept[number][1:]
        c, stage = sheet.canvas, self.stage
        upright = (box[1], box[3])
        if self.rows.get(number, (None,))[0] != upright:
            step = (box[3] - box[1]) / stage.height
            top = int(np.clip(np.floor((c.y0 - box[1]) / step), 0, stage.height))
            foot = int(np.clip(np.ceil((c.y0 + c.height / c.density - box[1]) / step), top, stage.height))
            start = (box[1] + top * step - c.y0) * c.density
            rows = raster.taps(start, step * c.density, foot - top, c.height)
            self.rows[number] = (upright, raster.down(c.pixels, rows), top)
        _, strip, top = self.rows[number]
        step = (box[2] - box[0]) / stage.width * c.density
        columns = raster.taps((box[0] - c.x0) * c.density, step, stage.width, c.width)
        self.kept[number] = (box, raster.across(strip, columns), top)
        return self.kept[number][1:]


class Actor:
    """A subject's figures and where they go."""

    def __init__(self, subject: Subject, scene: Scene, stage: Stage, fps: int):
        frames = len(stage.path)
        self.stage = stage
        narrow = min(1.0, stage.aspect / 1.2)  # in an upright frame the width is what is scarce
        size = SIZE[subject.size] * FULLER.get(subject.noun, 1.0) * narrow
        way = motion.offsets(subject.motion, frames, (frames - 1) / fps, size)
        largest = size * 2.0 ** way[:, 2].max() * 2.0 ** float(stage.path[:, 2].max())
        self.figures = figures(
            subject.noun,
            subject.colour,
            subject.motion,
            density=max(24.0, stage.height * largest * raster.FINENESS),
            look=Look(rgb(TINT[scene.time]), scene.time == "night"),
        )
        self.pose = (np.arange(frames) / fps / POSE_S).astype(int) % len(self.figures)
        self.depth = 0.3
        self.boxes = np.stack([self._box(f, subject, size, way) for f in range(frames)])

    def _box(self, frame: int, subject: Subject, size: float, way: np.ndarray) -> np.ndarray:
        """Where the figure is in a frame: at (x, y) halfway through the clip."""
        stage, figure = self.stage, self.figures[self.pose[frame]]
        nearness = 0.5 if KINDS[subject.noun].flies else 0.8
        middle = stage.box(len(stage.path) // 2, nearness)
        now = stage.box(frame, nearness)
        x = middle[0] + (middle[2] - middle[0]) * subject.x + way[frame, 0] * stage.aspect
        y = middle[1] + (middle[3] - middle[1]) * subject.y + way[frame, 1]
        grown = size * 2.0 ** way[frame, 2]
        x0, y0, x1, y1 = figure.box
        y -= 0 if KINDS[subject.noun].flies else y1 * grown
        wide, tall = now[2] - now[0], now[3] - now[1]
        return np.array(
            [
                (x + x0 * grown - now[0]) / wide,
                (y + y0 * grown - now[1]) / tall,
                (x + x1 * grown - now[0]) / wide,
                (y + y1 * grown - now[1]) / tall,
            ]
        )

    def draw(self, picture: np.ndarray, frame: int, place: np.ndarray):
        """Paint the figure into its box; returns the window's slices and where it hides what is behind."""
        if np.isnan(place).any() or place[2] <= place[0] or place[3] <= place[1]:
            return None
        figure: Figure = self.figures[self.pose[frame]]
        height, width = picture.shape[:2]
        c, (left, top, right, foot) = figure.canvas, figure.box
        rows = _window(place[1], place[3], top, foot, height, c.y0, c.height, c.density)
        columns = _window(place[0], place[2], left, right, width, c.x0, c.width, c.density)
        if rows is None or columns is None:
            return None
        seen = raster.look(figure.canvas.pixels, rows[1], columns[1])
        where = (rows[0], columns[0])
        seen[..., 3] = seen[..., 4] * self.depth
        picture[where] *= 1 - seen[..., 4:]
        picture[where] += seen
        return where, seen[..., 4] > 0.5


def _window(
    low: float, high: float, first: float, last: float, pixels: int, c0: float, size: int, density: float
):
    """Along one axis: the output pixels that the figure's canvas touches, and the taps for them.

    Args:
        low, high: the box, 0 to 1 of the frame; first, last: the figure's edges that go there.
        c0, size, density: where the canvas begins, its pixels, and their number to a unit.
    """
    scale = (last - first) / ((high - low) * pixels)  # figure units per output pixel
    origin = low * pixels - first / scale  # output pixel at which the figure's 0 lies
    start = max(0, int(np.floor(origin + c0 / scale)))
    stop = min(pixels, int(np.ceil(origin + (c0 + size / density) / scale)))
    if start >= stop:
        return None
    source = ((start - origin) * scale - c0) * density
    return slice(start, stop), raster.taps(source, scale * density, stop - start, size)
