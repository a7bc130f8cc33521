#!/usr/bin/env python3
"""Makes a run folder of an exported graph whose run is gone, so that it can be exported anew (mirrored, averaged with others) or gone on from.

  restore_graph.py --graph ../segmentation/unet.onnx --model unet --out RUNS/unet
"""
from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from common.initialise import initialise
from common.presets import ENCODERS, SEGMENTATION, make_segmentation_network
from common.training import save_atomically


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--graph", type=Path, required=True)
    p.add_argument("--model", required=True, choices=["deeplabv3", "unet", "unetpp"])
    p.add_argument("--preset", default="small", choices=list(SEGMENTATION))
    p.add_argument("--encoder", default="residual", choices=ENCODERS)
    p.add_argument("--size", type=int)
    p.add_argument("--oversample", type=int)
    p.add_argument("--out", type=Path, required=True)
    args = p.parse_args()
    network = make_segmentation_network(args.model, args.preset, args.encoder)
    # Batch normalisations that only add the folded bias compute what the graph computes; statistics matter to training alone.
    initialise(network, "segmentation", args.model, args.preset, str(args.graph))
    settings = {"model": args.model, "preset": args.preset, "encoder": args.encoder, "size": args.size or SEGMENTATION[args.preset]["size"],
                "oversample": args.oversample or SEGMENTATION[args.preset]["oversample"]}
    args.out.mkdir(parents=True, exist_ok=True)
    save_atomically({**settings, "network": network.eval().state_dict()}, args.out / "best.pt")
    sentence = f"restored from the graph {args.graph.name} (sha256 {hashlib.sha256(args.graph.read_bytes()).hexdigest()[:12]})"
    (args.out / "config.json").write_text(json.dumps({**settings, "initialisation": sentence}, indent=2) + "\n")
    print(f"{args.out}: {sentence}")


if __name__ == "__main__":
    main()
