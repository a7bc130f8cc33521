#!/usr/bin/env python3
"""Automatic masks of one network at its working size: quick, and close enough to cut the regions that a classifier learns from.

  automatic_masks.py --data EXPORT --run RUN --cohort train --to masks.npz

Measuring needs the fused masks at full resolution: those come from evaluate.py.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parent))
from common.dataset import read_export
from common.presets import load_network
from common.segmentation_data import load_pool


@torch.no_grad()
def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--cohort", action="append", required=True)
    p.add_argument("--to", type=Path, required=True)
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    kept = torch.load(args.run / "best.pt", map_location="cpu", weights_only=False)
    network = load_network(kept).to(memory_format=torch.channels_last)
    cases = [c for c in read_export(args.data) if c.cohort in args.cohort]
    pool = load_pool(cases, kept["size"], kept["oversample"], args.run.parent / "cache")
    masks = {}
    for start in range(0, len(pool), 16):
        images, _ = pool.batch(np.arange(start, min(start + 16, len(pool))))
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(images.contiguous(memory_format=torch.channels_last))[-1].float()
        for case, logit in zip(cases[start:], logits):
            with Image.open(case.image) as image:
                width, height = image.size
            mask = F.interpolate(logit[None], size=(height, width), mode="bilinear", align_corners=False)[0, 0] > 0
            masks[f"{case.key}.size"] = np.array((height, width))
            masks[f"{case.key}.bits"] = np.packbits(mask.numpy())
    args.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez(args.to, **masks)
    print(f"{len(cases)} masks in {args.to}")


if __name__ == "__main__":
    main()
