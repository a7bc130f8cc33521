#!/usr/bin/env python3
"""Averages the weights of two runs of one network, where the second started from the first: what was learnt first is not lost.

  average_weights.py --runs A B --share 0.7 --out RUN      # 0.3 A + 0.7 B
"""
from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
from common.training import save_atomically


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--runs", type=Path, nargs=2, required=True)
    p.add_argument("--share", type=float, required=True, help="of the second run")
    p.add_argument("--out", type=Path, required=True)
    args = p.parse_args()
    first, second = (torch.load(run / "best.pt", map_location="cpu", weights_only=False) for run in args.runs)
    if first["model"] != second["model"] or first["preset"] != second["preset"]:
        sys.exit(f"error: {args.runs[0]} and {args.runs[1]} are runs of different networks")
    mixed = {name: torch.lerp(value, second["network"][name], args.share) if value.dtype.is_floating_point else second["network"][name]
             for name, value in first["network"].items()}
    args.out.mkdir(parents=True, exist_ok=True)
    save_atomically({**second, "network": mixed}, args.out / "best.pt")
    config = json.loads((args.runs[1] / "config.json").read_text())
    config["initialisation"] += f"; then {1 - args.share:.2g} of the weights of {args.runs[0].name} and {args.share:.2g} of {args.runs[1].name}"
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
