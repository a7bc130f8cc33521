"""DiceCE: soft Dice of each image plus cross-entropy, on logits brought to the target's resolution."""
from __future__ import annotations

import torch
import torch.nn.functional as F


def dice_ce(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """logits [N,1,s,s], target [N,1,S,S] in 0..1 -> scalar. One-class Dice with a smoothing term of 1 pixel."""
    logits = F.interpolate(logits.float(), size=target.shape[2:], mode="bilinear", align_corners=False)
    probability = torch.sigmoid(logits)
    overlap = (probability * target).sum((1, 2, 3))
    total = probability.sum((1, 2, 3)) + target.sum((1, 2, 3))
    dice = (2 * overlap + 1) / (total + 1)
    return (1 - dice).mean() + F.binary_cross_entropy_with_logits(logits, target)


def deep_supervision(outputs: list[torch.Tensor], target: torch.Tensor) -> torch.Tensor:
    """The loss of the answer plus the mean loss of the auxiliary heads, where a network has them."""
    loss = dice_ce(outputs[-1], target)
    if len(outputs) > 1:
        loss = loss + torch.stack([dice_ce(output, target) for output in outputs[:-1]]).mean()
    return loss
