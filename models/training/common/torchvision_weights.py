"""torchvision's published weights for the `paper` preset. Where they cannot be fetched the recipe stops: it never starts from random in silence."""
from __future__ import annotations

import torch
from torch import nn
import torchvision


def fetch(weights) -> dict[str, torch.Tensor]:
    try:
        return weights.get_state_dict(progress=False)
    except Exception as error:  # the URL opener raises many kinds, and each means the same to the person
        raise SystemExit(
            f"error: torchvision's weights {weights} cannot be fetched ({type(error).__name__}: {error}).\n"
            "Fetch them on a machine with access and put them into torch's hub cache, or give --init FILE or --init random."
        ) from error


def segmentation_weights(network: nn.Module, model: str, preset: str) -> str:
    from .initialise import take_matching
    if preset != "paper":
        raise SystemExit("error: the small networks have no torchvision weights; use --init random or --init FILE")
    if model == "deeplabv3":
        weights = torchvision.models.segmentation.DeepLabV3_ResNet101_Weights.COCO_WITH_VOC_LABELS_V1
        taken = take_matching(network.body, fetch(weights))
    else:
        weights = torchvision.models.ResNet34_Weights.IMAGENET1K_V1
        taken = take_matching(network.encoder.body, fetch(weights))
    return f"{taken} tensors of torchvision's {weights}"


def classification_weights(network: nn.Module, model: str, preset: str) -> str:
    from .initialise import take_matching
    if preset != "paper":
        raise SystemExit("error: the small networks have no torchvision weights; use --init random or --init FILE")
    weights = {
        "resnet50": torchvision.models.ResNet50_Weights.IMAGENET1K_V2,
        "resnet101": torchvision.models.ResNet101_Weights.IMAGENET1K_V2,
        "densenet121": torchvision.models.DenseNet121_Weights.IMAGENET1K_V1,
    }[model]
    return f"{take_matching(network.features, fetch(weights))} tensors of torchvision's {weights}"
