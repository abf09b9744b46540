"""Stage 3: Position Interpolation, 2,048 -> 32,768 tokens (arXiv 2306.15595), at most 1,000 steps.

    python extend.py --out RUN --seconds 1000     reads RUN/tune.pt, writes RUN/extend.pt

Positions are multiplied by 2048 / 32768. Most steps are PoSE (arXiv 2309.10400): a short window whose position ids leave
out random stretches, so that all relative distances up to 32,768 are seen at the price of a short window; now and then a
window of real length. Half the steps are next-token prediction, half are the tasks of stage 2.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

import optim
from model import cross_entropy, load, save
from pretrain import Mix
from tune import Tasks, padded, task_loss, validate

TARGET = 32_768


def pose(rng, B, T, target=TARGET):
    """Position ids (B, T): 0.. in steps of one, with one or two random jumps; the last id is below `target`."""
    positions = np.tile(np.arange(T), (B, 1))
    for row in positions:
        jumps = int(rng.integers(1, 3))
        room = np.sort(rng.integers(0, target - T + 1, jumps))
        cuts = np.sort(rng.integers(1, T, jumps))
        for cut, skip in zip(cuts, np.diff(room, prepend=0)):
            row[cut:] += skip
    return torch.from_numpy(positions)


def text_step(model, mix, rng, T, rows, skip):
    x = mix.batch(rng, rows, T, source=int(rng.random() < 0.3) if skip else 0)
    positions = pose(rng, rows, T) if skip else None
    h = model(x[:, :-1], positions)
    return cross_entropy(h.flatten(0, 1), model.token_embd.weight, x[:, 1:].flatten())


def task_step(model, tasks, rng, tokens):
    batch = tasks.batch(rng, tokens)
    B, T = padded(batch)[0].shape
    positions = pose(rng, B, T) if rng.random() < 0.75 else None   # a quarter as short documents really are
    answer, pointer = task_loss(model, batch, positions)
    return answer + 0.5 * pointer


def extend(a, model, opts, state, log):
    mix, tasks = Mix(a.out, "train", weights=(0.7, 0.3, 0.0)), Tasks(a.out, "train", a.longest)
    rng = np.random.default_rng([a.seed, state["step"]])
    start = last = time.time() - state["seconds"]
    while (seconds := time.time() - start) < a.seconds and state["step"] < 1000:
        step = state["step"]
        optim.set_lr(opts, a.scale * min(1, 0.1 + 0.9 * step / 20) * max(0.05, 1 - seconds / a.seconds))
        if a.long_every and step % a.long_every == a.long_every - 1:
            kind, loss = "long", text_step(model, mix, rng, a.long, 1, skip=False)
        elif step % 2:
            kind, loss = "task", task_step(model, tasks, rng, a.tokens)
        else:
            kind, loss = "text", text_step(model, mix, rng, 1024, a.tokens // 1024, skip=True)
        loss.backward()
        optim.step(opts, model)
        state.update(step=step + 1, seconds=time.time() - start)
        if step % 10 < 2 or kind == "long":
            log(f"{seconds:.0f} {step} {kind} {loss.item():.3f}")
        if time.time() - last > 180:
            save(a.out / "extend.pt", model, state=state)
            last = time.time()
    save(a.out / "extend.pt", model, state=state)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--seconds", type=float, default=1000)
    args.add_argument("--tokens", type=int, default=2048)
    args.add_argument("--longest", type=int, default=1024)
    args.add_argument("--long", type=int, default=8192, help="tokens of a window of real length")
    args.add_argument("--long-every", type=int, default=60, help="steps between two of them; 0: none")
    args.add_argument("--scale", type=float, default=0.2, help="share of the pretraining peak")
    args.add_argument("--seed", type=int, default=5)
    args.add_argument("--validate", type=int, default=40, help="validation tasks of each kind")
    args.add_argument("--threads", type=int, default=1)
    a = args.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    resumed = (a.out / "extend.pt").exists()
    model, saved = load(a.out / ("extend.pt" if resumed else "tune.pt"))
    state = saved["state"] if resumed else {"step": 0, "seconds": 0.0}
    model.config.rope_factor = TARGET / model.config.context
    opts = optim.optimisers(model, 0.02, 3e-3, weight_decay=0.0)
    file = open(a.out / "extend.log", "a", buffering=1)
    extend(a, model, opts, state, lambda line: print(line, file=file))
    result = json.dumps({**state, "validation": validate(model, Tasks(a.out, "val"), a.validate)})
    print("# " + result, file=file)
    print(result)


if __name__ == "__main__":
    main()
