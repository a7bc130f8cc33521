"""The three segmentation networks. Each maps [N,3,S,S] to a list of logits [N,1,s,s]; the last one is the network's answer.

U-Net and U-Net++ take any encoder that has `widths` and returns one map a level, each at half the resolution of the one before.
"""
from __future__ import annotations

import torch
from torch import nn
import torch.nn.functional as F

from .blocks import ConvUnit, Encoder, MobileEncoder, upsample_to


class UNet(nn.Module):
    """U-Net (Ronneberger 2015)."""

    def __init__(self, encoder: nn.Module):
        super().__init__()
        self.encoder = encoder
        widths = self.encoder.widths
        self.decoder = nn.ModuleList(
            nn.Sequential(ConvUnit(shallow + deep, shallow), ConvUnit(shallow, shallow))
            for shallow, deep in zip(widths[:-1], widths[1:])
        )
        self.dropout = nn.Dropout2d(0.1)
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        maps = self.encoder(x)
        x = self.dropout(maps[-1])
        for index in range(len(self.decoder) - 1, -1, -1):
            x = self.decoder[index](torch.cat([maps[index], upsample_to(x, maps[index])], 1))
        return [self.head(x)]


class UNetPlusPlus(nn.Module):
    """U-Net++ (Zhou 2018): nested dense skip paths, one supervised head a depth; the answer is the mean of the heads."""

    def __init__(self, encoder: nn.Module):
        super().__init__()
        self.encoder = encoder
        widths = self.encoder.widths
        self.depth = len(widths)
        self.nodes = nn.ModuleDict()
        for column in range(1, self.depth):
            for row in range(self.depth - column):
                inputs = widths[row] * column + widths[row + 1]
                self.nodes[f"{row}_{column}"] = ConvUnit(inputs, widths[row])
        self.dropout = nn.Dropout2d(0.1)
        self.heads = nn.ModuleList(nn.Conv2d(widths[0], 1, 1) for _ in range(self.depth - 1))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        grid = [[level] for level in self.encoder(x)]
        grid[-1][0] = self.dropout(grid[-1][0])
        for column in range(1, self.depth):
            for row in range(self.depth - column):
                below = upsample_to(grid[row + 1][column - 1], grid[row][0])
                grid[row].append(self.nodes[f"{row}_{column}"](torch.cat([*grid[row], below], 1)))
        logits = [head(node) for head, node in zip(self.heads, grid[0][1:])]
        return [*logits, torch.stack(logits).mean(0)]


class DeepLabV3(nn.Module):
    """DeepLabV3 (Chen 2017): dilated encoder, atrous spatial pyramid pooling, one classifier, bilinear upsampling."""

    def __init__(self, encoder: nn.Module, rates: tuple[int, ...], width: int = 96):
        super().__init__()
        self.encoder = encoder
        deep = self.encoder.widths[-1]
        self.branches = nn.ModuleList([ConvUnit(deep, width, 1), *(ConvUnit(deep, width, 3, 1, rate) for rate in rates)])
        self.pooled = nn.Sequential(nn.Conv2d(deep, width, 1), nn.ReLU(inplace=True))
        self.project = ConvUnit(width * (len(rates) + 2), width, 1)
        self.dropout = nn.Dropout2d(0.1)
        self.classifier = nn.Sequential(ConvUnit(width, width), nn.Conv2d(width, 1, 1))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        deep = self.encoder(x)[-1]
        pooled = self.pooled(deep.mean((2, 3), keepdim=True)).expand(-1, -1, deep.shape[2], deep.shape[3])
        pyramid = torch.cat([*(branch(deep) for branch in self.branches), pooled], 1)
        return [self.classifier(self.dropout(self.project(pyramid)))]


SMALL = {
    "residual": {"deeplabv3": lambda: DeepLabV3(Encoder(dilate_from=3), (2, 4, 6)), "unet": lambda: UNet(Encoder()), "unetpp": lambda: UNetPlusPlus(Encoder())},
    "mobile": {"deeplabv3": lambda: DeepLabV3(MobileEncoder(levels=4, dilate_from=3), (3, 6, 9)), "unet": lambda: UNet(MobileEncoder()), "unetpp": lambda: UNetPlusPlus(MobileEncoder())},
}
