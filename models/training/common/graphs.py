"""The networks as the workstation runs them: resizing and Grad-CAM inside the graph."""
from __future__ import annotations

import torch
from torch import nn
import torch.nn.functional as F

from .preprocess import shrink


class SegmentationGraph(nn.Module):
    """`image` [N,3,H,W], z-scored at its own resolution -> `probability` [N,1,H,W] at the same resolution.

    With several networks the answer is the mean of their logits. With `mirror` each network's logits are the mean over the picture and
    its mirror image: twice the cost, and a lesion's side no longer matters.
    """

    def __init__(self, networks: list[nn.Module], sizes: list[tuple[int, int]], mirror: bool = False):
        super().__init__()
        self.network, self.others = networks[0].eval(), nn.ModuleList(network.eval() for network in networks[1:])
        self.sizes, self.mirror = sizes, mirror

    def logits(self, network: nn.Module, image: torch.Tensor, size: int, oversample: int) -> torch.Tensor:
        small = shrink(image, size, oversample)
        logits = network(small)[-1]
        if self.mirror:
            logits = (logits + network(small.flip(3))[-1].flip(3)) / 2
        return F.interpolate(logits, size=image.shape[2:], mode="bilinear", align_corners=False)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        all_logits = [self.logits(network, image, *size) for network, size in zip([self.network, *self.others], self.sizes)]
        return torch.sigmoid(sum(all_logits) / len(all_logits) if len(all_logits) > 1 else all_logits[0])


class ClassificationGraph(nn.Module):
    """`roi` [N,3,224,224] in 0..1 -> `probability` [N] of the positive class and `cam` [N,1,h,w].

    Grad-CAM (Selvaraju 2017) weighs feature map k by the mean gradient of the class logit. Behind global average pooling and a linear
    layer that gradient is w_k / (h w) at every place, so the map is ReLU(sum_k w_k A_k) / (h w): no autograd is needed.
    """

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network.eval()

    def forward(self, roi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, maps = self.network(roi)
        weights = self.network.linear.weight[1].view(1, -1, 1, 1)
        cam = F.relu((maps * weights).sum(1, keepdim=True)) / float(maps.shape[2] * maps.shape[3])
        return torch.softmax(logits, 1)[:, 1], cam


def signed_map(network: nn.Module, roi: torch.Tensor, by_autograd: bool) -> torch.Tensor:
    """The map before its ReLU, in closed form or by differentiation: compared here, where no rectification can hide a difference."""
    network.eval()
    logits, maps = network(roi)
    if by_autograd:
        gradient, = torch.autograd.grad(logits[:, 1].sum(), maps)
        weights = gradient.mean((2, 3), keepdim=True)
    else:
        weights = network.linear.weight[1].view(1, -1, 1, 1) / float(maps.shape[2] * maps.shape[3])
    return (maps * weights).sum(1, keepdim=True).detach()
