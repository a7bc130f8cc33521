"""Building blocks and the two encoders of the `small` networks: a plain residual one, and MobileNetV2's trunk."""
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


class InvertedResidual(nn.Module):
    """MobileNetV2's block (Sandler 2018): expand 1x1, depthwise 3x3, project 1x1; a shortcut where shape allows one."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int = 1, dilation: int = 1):
        super().__init__()
        hidden = inputs * expansion
        self.expand = nn.Identity() if expansion == 1 else nn.Sequential(nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True))
        self.depthwise = nn.Sequential(nn.Conv2d(hidden, hidden, 3, stride, dilation, dilation, hidden, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True))
        self.project = nn.Sequential(nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.project(self.depthwise(self.expand(x)))
        return x + out if self.shortcut else out


# (expansion, width, blocks) of each level; a level halves the resolution in its first block, the stem does so for the first one.
MOBILE_LEVELS = (((1, 16, 1),), ((6, 24, 2),), ((6, 32, 3),), ((6, 64, 4), (6, 96, 3)), ((6, 160, 3), (6, 320, 1)))


class MobileEncoder(nn.Module):
    """The trunk of MobileNetV2 up to its last block, width 1.0. Returns the map of every level, each at half the resolution of the one before.

    Blocks are named by their number in the published network (0 to 16), so that published weights fit. Levels from `dilate_from` on
    keep their resolution and dilate instead.
    """

    def __init__(self, levels: int = len(MOBILE_LEVELS), dilate_from: int | None = None):
        super().__init__()
        dilate_from = levels if dilate_from is None else dilate_from
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(inplace=True))
        self.blocks, self.ends, widths, width = nn.ModuleList(), [], [], 32
        for level, groups in enumerate(MOBILE_LEVELS[:levels]):
            dilation, stride = 2 ** max(0, level - dilate_from + 1), 1 if level == 0 or level >= dilate_from else 2
            for expansion, outputs, count in groups:
                for _ in range(count):
                    self.blocks.append(InvertedResidual(width, outputs, expansion, stride, dilation))
                    width, stride = outputs, 1
            self.ends.append(len(self.blocks))
            widths.append(width)
        self.widths = tuple(widths)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        maps, x = [], self.stem(x)
        for number, block in enumerate(self.blocks, 1):
            x = block(x)
            if number in self.ends:
                maps.append(x)
        return maps


def upsample_to(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)
