"""Regions cut from automatic masks: with a margin for augmentation while training, exactly as the workstation cuts them otherwise."""
from __future__ import annotations

import hashlib
import math
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .augment import uniform
from .dataset import Case, load_image
from .preprocess import crop_roi

MARGIN, WIDE = 0.2, 320  # a wide region is the rectangle grown by a fifth on every side, at 320x320


class MaskStore:
    """Automatic masks of evaluate.py or automatic_masks.py: a file holds, an image, its size and its packed bits. The first file that has a mask wins."""

    def __init__(self, *paths: Path):
        self.kept: dict[str, np.ndarray] = {}
        for path in reversed(paths):
            self.kept.update(np.load(path))

    def mask(self, case: Case) -> np.ndarray:
        height, width = self.kept[f"{case.key}.size"]
        return np.unpackbits(self.kept[f"{case.key}.bits"], count=height * width).reshape(height, width).astype(bool)

    def __contains__(self, case: Case) -> bool:
        return f"{case.key}.bits" in self.kept


def wide_region(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """[3,WIDE,WIDE] uint8; the scale is the exact rectangle's min-max, what lies outside of it is clipped."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    inner = image[top:bottom, left:right].astype(np.float32)
    low, high = float(inner.min()), float(inner.max())
    height, width = bottom - top, right - left
    place = (np.arange(WIDE) + 0.5) / WIDE * (1 + 2 * MARGIN) - MARGIN
    row_index = np.clip(np.floor(top + place * height), 0, image.shape[0] - 1).astype(int)
    column_index = np.clip(np.floor(left + place * width), 0, image.shape[1] - 1).astype(int)
    region = image[row_index][:, column_index].astype(np.float32)
    return (np.clip((region - low) / max(1.0, high - low), 0, 1) * 255).round().astype(np.uint8).transpose(2, 0, 1)


class RegionCache:
    """Regions already cut, by image and mask, so that the next network of a set need not cut them again."""

    def __init__(self, path: Path):
        self.path, self.new = path, False
        self.kept = dict(np.load(path)) if path.exists() else {}

    def regions(self, case: Case, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = f"{case.key}-{hashlib.sha256(np.packbits(mask).tobytes()).hexdigest()[:12]}"
        if f"{key}.exact" not in self.kept:
            image = load_image(case.image)
            self.kept[f"{key}.exact"] = (crop_roi(image, mask) * 255).round().astype(np.uint8)
            self.kept[f"{key}.wide"] = wide_region(image, mask)
            self.new = True
        return self.kept[f"{key}.exact"], self.kept[f"{key}.wide"]

    def save(self) -> None:
        if self.new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(f".{os.getpid()}.npz")
            np.savez(part, **self.kept)
            part.replace(self.path)


class RegionPool:
    """Cases with an automatic mask that is not empty: exact regions, wide regions and labels."""

    def __init__(self, cases: list[Case], masks: MaskStore, outcome: str, positive: str, wide: bool, cache: Path):
        self.cases, self.without_lesion, self.without_outcome = [], 0, 0
        exact, wider, labels = [], [], []
        kept = RegionCache(cache)
        for case in cases:
            value = case.columns.get(outcome, "")
            if value == "" or case not in masks:
                self.without_outcome += 1
                continue
            mask = masks.mask(case)
            if not mask.any():
                self.without_lesion += 1
                continue
            regions = kept.regions(case, mask)
            exact.append(regions[0])
            if wide:
                wider.append(regions[1])
            labels.append(int(value == positive))
            self.cases.append(case)
        self.exact, self.labels = np.stack(exact), np.array(labels)
        self.wide = np.stack(wider) if wide else None
        kept.save()

    def __len__(self) -> int:
        return len(self.cases)


def random_regions(wide: np.ndarray, generator: torch.Generator, halve: bool) -> torch.Tensor:
    """[N,3,224,224] in 0..1: the rectangle moved, scaled and turned a little, mirrored, its brightness and contrast changed.

    With `halve` all of it happens at 112x112 and each pixel is then repeated: for the small networks, which halve the region first, at a quarter of the cost.
    """
    n, size = len(wide), 112 if halve else 224
    images = torch.from_numpy(wide.astype(np.float32)) / 255
    if halve:
        images = F.avg_pool2d(images, 2)
    zoom = uniform((n, 2), 0.85, 1.25, generator) / (1 + 2 * MARGIN)
    angle = uniform(n, -12, 12, generator) * math.pi / 180
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    shift = uniform((n, 2), -0.12, 0.12, generator)
    cos, sin = torch.cos(angle), torch.sin(angle)
    theta = torch.stack([torch.stack([flip * zoom[:, 0] * cos, -zoom[:, 0] * sin, shift[:, 0]], 1),
                         torch.stack([flip * zoom[:, 1] * sin, zoom[:, 1] * cos, shift[:, 1]], 1)], 1)
    images = F.grid_sample(images, F.affine_grid(theta, [n, 3, size, size], align_corners=False), mode="bilinear", padding_mode="border", align_corners=False)
    each = (n, 1, 1, 1)
    images = images.clamp(1e-4, 1) ** torch.exp(uniform(each, -0.4, 0.4, generator))
    ramp = torch.linspace(-1, 1, size).view(1, 1, -1, 1)
    images = images * torch.exp(uniform(each, -0.2, 0.2, generator)) + ramp * uniform(each, -0.08, 0.08, generator)
    images = images + torch.randn((n, 1, size, size), generator=generator) * uniform(each, 0, 0.06, generator)
    images = images.clamp(0, 1)
    return images.repeat_interleave(2, 2).repeat_interleave(2, 3) if halve else images
