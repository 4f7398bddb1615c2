"""Sound by arithmetic: a slow chord, and the weather."""

import wave
from pathlib import Path

import numpy as np

RATE = 48_000  # samples a second


def chord(seconds: float, notes: list[float], *, weather: float, seed: int, channels: int) -> np.ndarray:
    """A pad of detuned sines under a slow swell, with filtered noise: (samples, channels), −1 to 1.

    Args:
        notes: frequencies in hertz.
        weather: level of the noise, 0 to 1.
        channels: 1, 2 or 6 (left, right, centre, low, left surround, right surround).
    """
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    swell = np.clip(np.minimum(t / 1.2, (seconds - t) / 1.2), 0, 1)
    tracks = []
    for channel in range(channels):
        tone = sum(
            np.sin(2 * np.pi * note * (1 + 0.0015 * (channel + k)) * t + k)
            / (1 + k)
            * (0.7 + 0.3 * np.sin(t * 0.9 + k))
            for k, note in enumerate(notes)
        )
        noise = np.convolve(rng.standard_normal(len(t)), np.hanning(96) / 48, "same")
        gust = 0.6 + 0.4 * np.sin(t * 1.7 + channel)
        tracks.append((0.13 * tone + 0.25 * weather * noise * gust) * swell)
    mixed = np.stack(tracks, 1)
    return np.clip(mixed / max(1.0, np.abs(mixed).max() / 0.8), -1, 1)


def write_wav(sound: np.ndarray, target: Path) -> None:
    """Write (samples, channels) in −1 … 1 as 16-bit PCM at 48 kHz."""
    with wave.open(str(target), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32000).astype("<i2").tobytes())
