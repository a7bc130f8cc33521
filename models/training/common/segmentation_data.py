"""Images and masks of an export at a network's working size, made once and kept in a file beside the runs."""
from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .dataset import Case, load_image, load_mask
from .preprocess import shrink, z_score


@dataclass
class Pool:
    """Images float16 [N,3,S,S] (z-scored at their original resolution), masks uint8 [N,S,S] holding cover * 255."""

    images: np.ndarray
    masks: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, index: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        images = torch.from_numpy(self.images[index].astype(np.float32))
        masks = torch.from_numpy(self.masks[index].astype(np.float32) / 255)[:, None]
        return images, masks


def shrink_case(case: Case, size: int, oversample: int) -> tuple[np.ndarray, np.ndarray]:
    image, mask = load_image(case.image), load_mask(case.mask)
    if image.shape[:2] != mask.shape:
        raise ValueError(f"case {case.case_id}: the mask is {mask.shape}, the image {image.shape[:2]}")
    small = shrink(torch.from_numpy(z_score(image))[None], size, oversample)[0]
    cover = F.interpolate(torch.from_numpy(mask.astype(np.float32))[None, None], size=(size * 4, size * 4), mode="bilinear", align_corners=False)
    cover = F.avg_pool2d(cover, 4)[0, 0]
    return small.numpy().astype(np.float16), (cover.numpy() * 255).round().astype(np.uint8)


def load_pool(cases: list[Case], size: int, oversample: int, cache: Path) -> Pool:
    key = hashlib.sha256("\n".join(f"{c.image}|{c.image.stat().st_size}|{c.mask.stat().st_size}" for c in cases).encode())
    file = cache / f"pool-{size}x{oversample}-{key.hexdigest()[:16]}.npz"
    if file.exists():
        kept = np.load(file)
        return Pool(kept["images"], kept["masks"])
    images = np.zeros((len(cases), 3, size, size), np.float16)
    masks = np.zeros((len(cases), size, size), np.uint8)
    for index, case in enumerate(cases):
        images[index], masks[index] = shrink_case(case, size, oversample)
    cache.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.npz")  # two runs may make the same file at once
    np.savez(part, images=images, masks=masks)
    part.replace(file)
    return Pool(images, masks)
