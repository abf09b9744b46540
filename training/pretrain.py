"""Stage 1: next-token pretraining on books, modern prose and task sequences.

    python pretrain.py --out RUN --seconds 2700

WSD schedule by the clock: warm-up, constant rate, and a linear decay over the last `--decay` share of the time, so that a
run can be given any budget, stopped and continued (RUN/pretrain.pt). The last `--long` share runs at 2,048 tokens. Every
line of RUN/pretrain.log is: seconds, step, tokens, training loss, learning-rate scale.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

import optim
from model import Config, Llama, cross_entropy, load, save
from prepare import load_tasks
from tokenizer import BOS


class Mix:
    """Draws rows of T + 1 tokens: 60 % books, 25 % modern prose, 15 % task sequences packed one after another."""

    def __init__(self, run, split, weights=(0.60, 0.25, 0.15)):
        self.books = np.load(run / f"books_{split}.npy", mmap_mode="r")
        self.modern = np.load(run / f"modern_{split}.npy", mmap_mode="r")
        sequences = [t.ids for t in load_tasks(run / f"tasks_{split}.pt") if len(t.ids) <= 512]
        self.tasks = np.concatenate(sequences)
        self.starts = np.cumsum([0] + [len(s) for s in sequences[:-1]])
        self.weights = weights

    def row(self, rng, T, source=None):
        source = rng.choice(3, p=self.weights) if source is None else source
        if source == 2:
            starts = self.starts[: np.searchsorted(self.starts, len(self.tasks) - T - 1)]
            at = rng.choice(starts)
            return np.array(self.tasks[at:at + T + 1], np.int64)
        stream = (self.books, self.modern)[source]
        at = rng.integers(len(stream) - T)
        return np.concatenate([[BOS], stream[at:at + T].astype(np.int64)])

    def batch(self, rng, rows, T, source=None):
        return torch.from_numpy(np.stack([self.row(rng, T, source) for _ in range(rows)]))


@torch.no_grad()
def validate(model, mix, T, rows, seed=0):
    """Mean loss in nats per source, on fixed rows of the validation split."""
    out = {}
    for i, name in enumerate(("books", "modern", "tasks")):
        x = mix.batch(np.random.default_rng(seed), rows, T, i)
        losses = [cross_entropy(model(r[None, :-1])[0], model.token_embd.weight, r[1:]).item() for r in x]
        out[name] = round(sum(losses) / rows, 4)
    return out


def wsd(done, warmup, decay):
    """Scale of the rate at share `done` of the budget: up, flat, linearly down to a twentieth."""
    if done < warmup:
        return done / warmup + 0.02
    return 1.0 if done < 1 - decay else max(0.05, (1 - done) / decay)


def train(a, model, opts, state, mix, log):
    start = time.time() - state["seconds"]
    rng = np.random.default_rng([a.seed, state["step"]])
    saved = time.time()
    while (seconds := time.time() - start) < a.seconds:
        done = seconds / a.seconds
        T = 2048 if done > 1 - a.long else 512
        x = mix.batch(rng, a.tokens // T or 1, T)
        optim.set_lr(opts, scale := wsd(done, a.warmup, a.decay))
        h = model(x[:, :-1])
        loss = cross_entropy(h.flatten(0, 1), model.token_embd.weight, x[:, 1:].flatten())
        loss.backward()
        optim.step(opts, model)
        state.update(step=state["step"] + 1, tokens=state["tokens"] + x[:, 1:].numel(), seconds=time.time() - start)
        if state["step"] % 10 == 0:
            log(f"{state['seconds']:.0f} {state['step']} {state['tokens']} {loss.item():.3f} {scale:.3f}")
        if time.time() - saved > a.save_every:
            save(a.out / "pretrain.pt", model, opts=[o.state_dict() for o in opts], state=state)
            saved = time.time()
    save(a.out / "pretrain.pt", model, opts=[o.state_dict() for o in opts], state=state)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--seconds", type=float, default=2700)
    args.add_argument("--tokens", type=int, default=2048, help="per step")
    args.add_argument("--layers", type=int, default=4)
    args.add_argument("--muon-lr", type=float, default=0.02)
    args.add_argument("--adam-lr", type=float, default=3e-3)
    args.add_argument("--warmup", type=float, default=0.02)
    args.add_argument("--decay", type=float, default=0.8)
    args.add_argument("--long", type=float, default=0.1)
    args.add_argument("--save-every", type=float, default=180)
    args.add_argument("--seed", type=int, default=3)
    args.add_argument("--threads", type=int, default=1)
    a = args.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    state = {"step": 0, "tokens": 0, "seconds": 0.0}
    model = Llama(Config(n_layers=a.layers))
    opts = optim.optimisers(model, a.muon_lr, a.adam_lr, weight_decay=0.05)
    if (a.out / "pretrain.pt").exists():
        model, saved = load(a.out / "pretrain.pt")
        opts = optim.optimisers(model, a.muon_lr, a.adam_lr, weight_decay=0.05)
        for opt, old in zip(opts, saved["opts"]):
            opt.load_state_dict(old)
        state = saved["state"]
    file = open(a.out / "pretrain.log", "a", buffering=1)
    log = lambda line: print(line, file=file)
    log(f"# {sum(p.numel() for p in model.parameters()):,} parameters, {vars(a)}")
    train(a, model, opts, state, Mix(a.out, "train"), log)
    result = {T: validate(model, Mix(a.out, "val"), T, rows) for T, rows in ((512, 24), (2048, 6))}
    log("# validation loss " + json.dumps(result))
    print(json.dumps({**state, "validation": result}))


if __name__ == "__main__":
    main()
