"""Building blocks and the small residual encoder that the `small` networks share."""
from __future__ import annotations

import torch
from torch import nn
import torch.nn.functional as F

WIDTHS = (24, 48, 96, 160, 224)


class ConvUnit(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1):
        padding = dilation * (kernel // 2)
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two 3x3 convolutions with a shortcut (1x1 where the width changes)."""

    def __init__(self, inputs: int, outputs: int, dilation: int = 1):
        super().__init__()
        self.first = ConvUnit(inputs, outputs, dilation=dilation)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.second(self.first(x)) + self.shortcut(x), inplace=True)


class Encoder(nn.Module):
    """A stem of stride 2, then one residual stage a width, each at half the resolution of the one before.

    Stages from `dilate_from` on keep their resolution and dilate instead (the DeepLab way). Returns the map of every stage.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, dilate_from: int | None = None):
        super().__init__()
        self.widths = widths
        self.dilate_from = len(widths) if dilate_from is None else dilate_from
        self.stem = ConvUnit(3, widths[0], 3, 2)
        dilations = [2 ** max(0, i - self.dilate_from + 1) for i in range(len(widths))]
        self.stages = nn.ModuleList(
            Residual(widths[max(i - 1, 0)], width, dilations[i]) for i, width in enumerate(widths)
        )

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        maps = []
        x = self.stem(x)
        for index, stage in enumerate(self.stages):
            x = stage(x if index == 0 or index >= self.dilate_from else F.max_pool2d(x, 2))
            maps.append(x)
        return maps


def upsample_to(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)
