"""Preprocessing, the same arithmetic as the workstation's: z-score at the original resolution, resizing inside the graph."""
from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F


def z_score(image: np.ndarray) -> np.ndarray:
    """[H,W,3] uint8 -> [3,H,W] float32, each channel to mean 0 and population SD 1 over the whole image; a flat channel becomes 0."""
    pixels = image.astype(np.float64)
    mean = pixels.mean(axis=(0, 1))
    sd = pixels.std(axis=(0, 1))
    scaled = (pixels - mean) / np.where(sd > 0, sd, 1)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1), dtype=np.float32)


def shrink(x: torch.Tensor, size: int, oversample: int) -> torch.Tensor:
    """[N,C,H,W] -> [N,C,size,size]: bilinear to `oversample` times the size, then the mean of blocks, so that speckle does not alias."""
    x = F.interpolate(x, size=(size * oversample, size * oversample), mode="bilinear", align_corners=False)
    return F.avg_pool2d(x, oversample) if oversample > 1 else x


def crop_roi(image: np.ndarray, mask: np.ndarray, size: int = 224) -> np.ndarray:
    """[3,size,size] float32 in 0..1: the smallest rectangle around the mask, grey, min-max, nearest neighbour with index floor(i*in/out)."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        raise ValueError("the mask is empty: there is no region to cut")
    region = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(np.float32)
    low, high = region.min(), region.max()
    region = (region - low) / (high - low) if high > low else np.zeros_like(region)
    row_index = np.arange(size) * region.shape[0] // size
    column_index = np.arange(size) * region.shape[1] // size
    return np.ascontiguousarray(region[row_index][:, column_index].transpose(2, 0, 1))
