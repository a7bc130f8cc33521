"""The study's networks at their full size: DeepLabV3-ResNet101, and U-Net and U-Net++ over ResNet34, so that both can start from torchvision's weights."""
from __future__ import annotations

import torch
from torch import nn
import torchvision

from .segmentation_networks import UNet, UNetPlusPlus


class ResNet34Encoder(nn.Module):
    """The five levels of a ResNet34: stem (1/2), then its four stages (1/4 to 1/32)."""

    widths = (64, 64, 128, 256, 512)

    def __init__(self):
        super().__init__()
        self.body = torchvision.models.resnet34(weights=None)
        self.body.fc = nn.Identity()

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        body = self.body
        maps = [body.relu(body.bn1(body.conv1(x)))]
        x = body.maxpool(maps[0])
        for stage in (body.layer1, body.layer2, body.layer3, body.layer4):
            x = stage(x)
            maps.append(x)
        return maps


class DeepLabV3ResNet101(nn.Module):
    """torchvision's DeepLabV3-ResNet101 with one class; the auxiliary head is supervised in training only."""

    def __init__(self):
        super().__init__()
        self.body = torchvision.models.segmentation.deeplabv3_resnet101(weights=None, weights_backbone=None, num_classes=1, aux_loss=True)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        features = self.body.backbone(x)
        answer = self.body.classifier(features["out"])
        return [self.body.aux_classifier(features["aux"]), answer] if self.training else [answer]


PAPER = {"deeplabv3": DeepLabV3ResNet101, "unet": lambda: UNet(ResNet34Encoder()), "unetpp": lambda: UNetPlusPlus(ResNet34Encoder())}
