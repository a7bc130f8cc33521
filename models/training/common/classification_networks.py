"""Classification networks that end in global average pooling and one linear layer, so that Grad-CAM has a closed form.

Each maps [N,3,224,224] in 0..1 to (logits [N,2], last feature map [N,C,h,w]).
"""
from __future__ import annotations

import torch
from torch import nn
import torch.nn.functional as F
import torchvision

from .blocks import WIDTHS, ConvUnit, Encoder, MobileEncoder

IMAGENET_MEAN, IMAGENET_SD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class PooledLinear(nn.Module):
    """Features, global average pooling, one linear layer over two classes."""

    def __init__(self, width: int, dropout: float):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(width, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps = self.extract(x)
        return self.linear(self.dropout(maps.mean((2, 3)))), maps

    def extract(self, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError


def standardise(x: torch.Tensor) -> torch.Tensor:
    """Each channel of each region to mean 0 and SD 1, the scale on which the segmentation encoder was trained."""
    mean = x.mean((2, 3), keepdim=True)
    return (x - mean) / ((x - mean).square().mean((2, 3), keepdim=True) + 1e-4).sqrt()


class SmallEncoderNet(PooledLinear):
    """Halves the region, then an encoder of the small segmentation networks (their weights fit)."""

    def __init__(self, encoder: nn.Module, dropout: float = 0.3):
        super().__init__(encoder.widths[-1], dropout)
        self.encoder = encoder

    def extract(self, x: torch.Tensor) -> torch.Tensor:
        return self.encoder(F.avg_pool2d(standardise(x), 2))[-1]


class DenseBlock(nn.Module):
    def __init__(self, inputs: int, growth: int, layers: int):
        super().__init__()
        self.layers = nn.ModuleList(ConvUnit(inputs + growth * index, growth) for index in range(layers))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


class SmallDenseNet(PooledLinear):
    """A DenseNet of four short blocks, with 1x1 transitions that halve width and resolution."""

    def __init__(self, growth: int = 24, layers: tuple[int, ...] = (3, 4, 4, 4), dropout: float = 0.3):
        width, parts = 32, [ConvUnit(3, 32, 3, 2)]
        for index, count in enumerate(layers):
            parts.append(DenseBlock(width, growth, count))
            width += growth * count
            if index < len(layers) - 1:
                parts += [ConvUnit(width, width // 2, 1), nn.AvgPool2d(2)]
                width //= 2
        super().__init__(width, dropout)
        self.body = nn.Sequential(*parts)

    def extract(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(F.avg_pool2d(standardise(x), 2))


class TorchvisionNet(PooledLinear):
    """A torchvision network without its own head, fed on ImageNet's scale."""

    def __init__(self, name: str):
        body = getattr(torchvision.models, name)(weights=None)
        dense = name.startswith("densenet")
        super().__init__((body.classifier if dense else body.fc).in_features, 0.0)
        self.name = name
        self.features = body
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("sd", torch.tensor(IMAGENET_SD).view(1, 3, 1, 1), persistent=False)
        if dense:
            body.classifier = nn.Identity()
        else:
            body.fc = nn.Identity()

    def extract(self, x: torch.Tensor) -> torch.Tensor:
        x, body = (x - self.mean) / self.sd, self.features
        if self.name.startswith("densenet"):
            return F.relu(body.features(x))
        x = body.maxpool(body.relu(body.bn1(body.conv1(x))))
        return body.layer4(body.layer3(body.layer2(body.layer1(x))))


SMALL = {
    "residual": {"resnet50": lambda: SmallEncoderNet(Encoder(WIDTHS[:4])), "resnet101": lambda: SmallEncoderNet(Encoder()), "densenet121": lambda: SmallDenseNet()},
    "mobile": {"resnet50": lambda: SmallEncoderNet(MobileEncoder(4)), "resnet101": lambda: SmallEncoderNet(MobileEncoder(5)), "densenet121": lambda: SmallDenseNet()},
}
