"""Sets how sharply heads of the last layer look: one factor a head, no training.

    python temper.py --out RUN --checkpoint RUN/lengthen.pt     -> RUN/temper.pt

The softmax over sixteen times as many keys is flatter than over those that a head was trained with; YaRN (arXiv 2309.00071,
section 3.4) sharpens all of them by one factor of the scale. Here the factor is fitted, by head, and multiplied into the query
matrix, so that the file needs no key of its own. Only heads of the last layer: theirs matter most (LOG.md), and what they read
does not depend on them, so it is computed once. Head 0 stays: it is the pointer.

Fitted on ends of books of the training split, with 2,048, 8,192 and 32,768 tokens before them alike.
"""
import argparse
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.func import functional_call

from evaluate import book_ends
from model import load, normalise, save
from tokenizer import BOS

WINDOWS = (2_048, 8_192, 32_768)
TAIL = 512          # graded tokens of each end
STEP = 0.08         # of the second derivative, in logarithms of factors
FARTHEST = 0.3      # that one of Newton's steps goes


@torch.no_grad()
def before_last(model, ids):
    """ids (T + 1,) -> what the last layer makes its last TAIL positions of: (x, turn, its keys and values before), and their targets."""
    ids, T = torch.tensor([ids]), len(ids) - 1
    past = model.prefix(ids[:, :T - TAIL], whole=True)
    turn, x = model.turns(torch.arange(T - TAIL, T)), F.embedding(ids[:, T - TAIL:T], model.token_embd.weight)
    for block, kept in zip(model.blk[:-1], past):
        x = block(x, turn, model.compute, None, kept)
    return x, turn, past[-1], ids[0, -TAIL:]


def loss(model, place, factors):
    """Nats a token at one place, with queries of the last layer's heads times exp(factors)."""
    x, turn, past, targets = place
    query = model.blk[-1].attn_q.weight * factors.exp().repeat_interleave(model.config.head_dim)[:, None]
    h = functional_call(model.blk[-1], {"attn_q.weight": query}, (x, turn, model.compute, None, past))
    h = normalise(h, model.output_norm.weight, model.config.eps, torch.float32)[0]
    return F.cross_entropy(h @ model.token_embd.weight.T, targets)


def gradient(model, places, factors):
    factors = factors.clone().requires_grad_(True)
    return sum(torch.autograd.grad(loss(model, place, factors), factors)[0] for place in places) / len(places)


def fit(model, places, heads, steps):
    """Newton's method on each head by itself -> logarithms of factors (n_heads,)."""
    factors = torch.zeros(model.config.n_heads)
    for _ in range(steps):
        at, change = gradient(model, places, factors), torch.zeros_like(factors)
        for head in heads:
            aside = factors.clone()
            aside[head] += STEP
            bend = (gradient(model, places, aside)[head] - at[head]) / STEP
            change[head] = (-at[head] / bend.clamp(min=0.02)).clamp(-FARTHEST, FARTHEST)
        factors = factors + change
        print([round(math.exp(f), 4) for f in factors.tolist()], flush=True)
    return factors


@torch.no_grad()
def means(model, places, factors):
    return [round(float(np.mean([float(loss(model, p, factors)) for p in places[i::len(WINDOWS)]])), 4) for i in range(len(WINDOWS))]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--checkpoint", type=Path, default=Path("run/lengthen.pt"))
    args.add_argument("--heads", default="1,3")
    args.add_argument("--places", type=int, default=3)
    args.add_argument("--steps", type=int, default=2)
    a = args.parse_args()
    torch.set_num_threads(1)
    model, _ = load(a.checkpoint, "cpu", torch.float32)
    model.requires_grad_(False)
    stream = np.load(a.out / "books_train.npy", mmap_mode="r")
    ends = book_ends(stream, a.places, max(WINDOWS))
    places = [before_last(model, [BOS, *stream[end - T:end].tolist()]) for end in ends for T in WINDOWS]
    factors = fit(model, places, [int(head) for head in a.heads.split(",")], a.steps)
    print("nats a token at", WINDOWS, "before", means(model, places, torch.zeros_like(factors)), "after", means(model, places, factors))
    with torch.no_grad():
        model.blk[-1].attn_q.weight.mul_(factors.exp().repeat_interleave(model.config.head_dim)[:, None])
    save(a.out / "temper.pt", model)


if __name__ == "__main__":
    main()
