"""Vectorised augmentation of a batch: random patches (positive and negative), spatial transforms, intensity."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F


def uniform(shape, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low


def lesion_centres(masks: torch.Tensor) -> torch.Tensor:
    """[N,1,S,S] -> [N,2] (x, y) of the mask's centroid in the -1..1 of grid_sample; 0 where a mask is empty."""
    size = masks.shape[-1]
    axis = (torch.arange(size) + 0.5) / size * 2 - 1
    weight = masks.sum((1, 2, 3)).clamp_min(1e-6)
    return torch.stack([(masks[:, 0] * axis).sum((1, 2)) / weight, (masks[:, 0] * axis[:, None]).sum((1, 2)) / weight], 1)


def random_affine(masks: torch.Tensor, generator: torch.Generator, patch_share: float, positive_share: float) -> torch.Tensor:
    """[N,2,3] maps from the output's to the input's coordinates: patches of 0.5 to 0.9 of the side, else the whole view at 0.85 to 1.3."""
    n = len(masks)
    patch = torch.rand(n, generator=generator) < patch_share
    zoom = torch.where(patch, uniform(n, 0.5, 0.9, generator), uniform(n, 0.85, 1.3, generator))
    stretch = torch.exp(uniform(n, -0.2, 0.2, generator))
    angle = uniform(n, -20, 20, generator) * math.pi / 180
    shear = uniform(n, -0.15, 0.15, generator)
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    positive = torch.rand(n, generator=generator) < positive_share
    anywhere = uniform((n, 2), -1, 1, generator)
    jitter = uniform((n, 2), -0.5, 0.5, generator) * zoom[:, None]
    centre = torch.where(positive[:, None], lesion_centres(masks) + jitter, anywhere)
    room = (1 - zoom).clamp_min(0)[:, None]
    shift = torch.where(patch[:, None], torch.minimum(torch.maximum(centre, -room), room), uniform((n, 2), -0.15, 0.15, generator))
    cos, sin = torch.cos(angle), torch.sin(angle)
    top = torch.stack([flip * zoom * stretch * cos, zoom * (shear * cos - sin), shift[:, 0]], 1)
    bottom = torch.stack([flip * zoom * sin, zoom / stretch * (cos + shear * sin), shift[:, 1]], 1)
    return torch.stack([top, bottom], 1)


def spatial(images: torch.Tensor, masks: torch.Tensor, generator: torch.Generator,
            patch_share: float = 0.4, positive_share: float = 0.7) -> tuple[torch.Tensor, torch.Tensor]:
    grid = F.affine_grid(random_affine(masks, generator, patch_share, positive_share), list(images.shape), align_corners=False)
    both = F.grid_sample(torch.cat([images, masks], 1), grid, mode="bilinear", padding_mode="border", align_corners=False)
    return both[:, :-1].contiguous(), both[:, -1:].contiguous()


def intensity(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Gain, offset, a signed power (gamma), a depth-gain ramp, speckle-like and additive noise, now and then a blur."""
    n = len(images)
    each = (n, 1, 1, 1)
    images = images * torch.exp(uniform(each, -0.3, 0.3, generator)) + uniform(each, -0.3, 0.3, generator)
    power = torch.exp(uniform(each, -0.3, 0.3, generator))
    shifted = (images + 2.5).clamp_min(0) / 2.5
    images = (shifted.clamp_min(1e-4) ** power - 1) * 2.5
    ramp = torch.linspace(-1, 1, images.shape[2]).view(1, 1, -1, 1)
    images = images + ramp * uniform(each, -0.4, 0.4, generator)
    noise = torch.randn((n, 1, *images.shape[2:]), generator=generator)
    images = images + noise * uniform(each, 0, 0.15, generator)
    blurred = F.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    return torch.where(torch.rand(each, generator=generator) < 0.2, blurred, images)


def augment(images: torch.Tensor, masks: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    images, masks = spatial(images, masks, generator)
    return intensity(images, generator), masks
