"""Measurements of Noren, every figure beside a floor from the same run. `README.md` tells what they mean."""
