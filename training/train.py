"""The training loop of all stages: pretrain, tune, extend, and lengthen.

    python train.py pretrain --out RUN --tokens 17e6         -> RUN/pretrain.pt
    python train.py tune     --out RUN --tokens 1e6          RUN/pretrain.pt -> RUN/tune.pt
    python train.py extend   --out RUN --steps 1000          RUN/tune.pt -> RUN/extend-200.pt … RUN/extend-1000.pt, RUN/extend.pt
    python train.py lengthen --out RUN --steps 360           RUN/extend.pt -> RUN/lengthen.pt: more of it, for what came after (LOG.md)

extend is Position Interpolation (arXiv 2306.15595), 2,048 -> 32,768 tokens: positions are divided by 16. Most of its steps
are PoSE (arXiv 2309.10400): short rows whose position ids leave out stretches, so that all distances are seen at the price of
short rows. Every --long-every steps is the end of a text of real length, 4,096 to 32,768 tokens, with all of its keys.

Budgets and schedules count tokens or steps, never seconds, so that a run may be paused, killed and continued (it starts
again from its own checkpoint) and takes the same steps on a GPU (--device cuda) as on one core. Every line of
RUN/STAGE.log: seconds of this process, step, tokens, loss, pointer loss, scale of the rate.
"""
import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import model as llama
import optim
from data import Data, pose
from model import Config, Llama, cross_entropy, load, save

TARGET = 32_768
MICRO = 4096    # tokens of one forward and backward pass


@dataclass
class Stage:
    before: str        # the stage whose checkpoint it starts from
    phases: list       # (share of the budget at which it ends, T or several to choose from, tokens of a step, shares of rows)
    muon: float        # peak rates
    adam: float
    warmup: float      # shares of the budget
    decay: float
    floor: float       # scale of the rate at the end: tuning decays further from where pretraining stops
    pointer: float     # weight of the pointer loss
    context: float     # weight of a task's document in the loss
    weight_decay: float
    # Of a stage with a stretched window only:
    long: tuple = ()   # shares of 4,096, 8,192, 16,384 and 32,768 tokens among ends of long texts
    whole: float = 0   # share of them whose past sees all of itself


# Rows by kind, in hundredths. Many repeats at first: copying what came before has to be found early (LOG.md).
EARLY = {"book": 48, "modern": 18, "task": 12, "passkey": 8, "repeat": 14}
COPY = {"book": 15, "task": 10, "passkey": 15, "repeat": 60}
FIND = {"book": 10, "task": 20, "passkey": 50, "repeat": 20}
TEXT = {"book": 50, "modern": 19, "task": 15, "passkey": 10, "repeat": 6}
TASKS = {"book": 30, "modern": 14, "task": 46, "passkey": 7, "repeat": 3}
STAGES = {
    "pretrain": Stage("", [(0.44, 512, 4096, EARLY), (0.465, 512, 4096, COPY), (0.63, 1024, 4096, TEXT), (0.655, 512, 4096, FIND), (0.7, 1024, 4096, TEXT),
                           (1.0, 2048, 8192, TEXT)], 0.006, 1e-3, 0.01, 0.85, 0.2, 0.1, 1.0, 0.05),
    "tune": Stage("pretrain", [(1.0, 2048, 8192, TASKS)], 0.0012, 2e-4, 0.01, 0.99, 0.02, 0.5, 0.1, 0.0),
    # Interpolation undoes copying, so it is taught again first (LOG.md).
    "extend": Stage("tune", [(0.2, (512, 1024), 8192, {"book": 22, "modern": 6, "task": 20, "passkey": 20, "repeat": 32}),
                             (1.0, (512, 1024, 2048), 8192, {"book": 46, "modern": 17, "task": 20, "passkey": 9, "repeat": 8})],
                    0.003, 6e-4, 0.02, 0.7, 0.02, 0.5, 0.1, 0.0, (0.15, 0.2, 0.25, 0.4), 0.25),
    # Nothing but more of it, after tokens were added to a file (import_gguf.py): finding numbers, and the far end of the window.
    "lengthen": Stage("extend", [(0.25, (512, 1024), 8192, {"book": 30, "modern": 10, "task": 15, "passkey": 30, "repeat": 15}),
                                 (1.0, (512, 1024, 2048), 8192, {"book": 46, "modern": 17, "task": 18, "passkey": 14, "repeat": 5})],
                      0.0015, 4e-4, 0.03, 0.8, 0.02, 0.5, 0.1, 0.0, (0.05, 0.1, 0.2, 0.65), 0.5),
}


def sentence_mass(attention, spans):
    """attention (T,), spans (n, 2) -> attention summed over each sentence (n,)."""
    total = torch.cat([attention.new_zeros(1), attention.cumsum(0)])
    spans = torch.as_tensor(spans, device=attention.device)
    return total[spans[:, 1]] - total[spans[:, 0]]


def pointer_loss(attention, pointers):
    """attention (P, T) at the pointers' places -> mean -log of what falls on the gold sentences, in nats."""
    return torch.stack([-(sentence_mass(a, spans)[gold].sum() + 1e-6).log() for a, (_, _, spans, gold) in zip(attention, pointers)]).mean()


def losses(model, batch, positions=None):
    """-> (loss of the next token, pointer loss or zero), both in nats."""
    at = None
    if batch.pointers:
        at = tuple(torch.tensor([p[i] for p in batch.pointers], device=batch.ids.device) for i in (0, 1))
    past = None if batch.past is None else model.prefix(batch.past, whole=batch.whole)
    out = model(batch.ids[:, :-1], batch.positions if positions is None else positions, at, batch.mask, past)
    h, attention = out if at else (out, None)
    text = cross_entropy(model, h, batch.ids[:, 1:], batch.weights)
    return text, pointer_loss(attention, batch.pointers) if at else text.new_zeros(())


@torch.no_grad()
def validate(model, data, T, rows):
    """Mean loss in nats per kind of row (its own weights), on the same rows of the validation split each time."""
    out, device = {}, model.token_embd.weight.device
    for kind in ("book", "modern", "task", "passkey", "repeat"):
        rng = np.random.default_rng(0)
        got = [losses(model, data.batch(rng, 1, T, {kind: 1}).to(device)) for _ in range(rows)]
        out[kind] = round(sum(float(t) for t, _ in got) / rows, 4)
        if kind == "task":
            out["pointer"] = round(sum(float(p) for _, p in got) / rows, 4)
    return out


def draw(a, stage, rng, data, T, shares, long):
    """-> (batch, positions or None for those of the batch): short rows, in extension most of them by PoSE, or an end of a long text."""
    if long:
        return data.long(rng, int(rng.choice([4096, 8192, 16384, 32768], p=stage.long)), stage.whole), None
    spread = stage.long and rng.random() < 0.6
    return data.batch(rng, MICRO // T, T, shares), pose(rng, MICRO // T, T, TARGET).to(a.device) if spread else None


def wsd(done, stage):
    """Scale of the rate at share `done` of the budget: up, flat, linearly down to the floor."""
    if done < stage.warmup:
        return min(1.0, done / stage.warmup + 0.02)
    return 1.0 if done < 1 - stage.decay else max(stage.floor, (1 - done) / stage.decay)


def train(a, stage, model, opts, state, data, log):
    while (done := state["step"] / a.steps if a.steps else state["tokens"] / a.tokens) < 1:
        rng = np.random.default_rng([a.seed, state["step"]])
        T, tokens, shares = next(phase for end, *phase in stage.phases if done < end)
        T = T if isinstance(T, int) else int(rng.choice(T))
        optim.set_lr(opts, scale := wsd(done, stage))
        long = bool(stage.long) and state["step"] % a.long_every == a.long_every - 1
        passes, sums = 1 if long else tokens // MICRO, torch.zeros(2, device=a.device)
        for _ in range(passes):
            batch, positions = draw(a, stage, rng, data, T, shares, long)
            text, pointer = losses(model, batch.to(a.device), positions)
            ((text + stage.pointer * pointer) / passes).backward()
            sums += torch.stack([text.detach(), pointer.detach()]) / passes
            state["tokens"] += batch.weights.numel()
        optim.step(opts, model)
        state["step"] += 1
        if state["step"] % 10 == 0 or long:
            log(f"{time.process_time():.0f} {state['step']} {state['tokens']} {sums[0]:.3f} {sums[1]:.3f} {scale:.3f}"
                + (f" {batch.kind} {batch.past.shape[1]}" if long else ""))
        if state["step"] % a.validate_every == 0:
            log("# " + json.dumps({"step": state["step"], "T": T, **validate(model, a.val, T, 8)}))
            if stage.long:
                save(a.out / f"{a.stage}-{state['step']}.pt", model, state=state)
        if state["step"] % a.save_every == 0:
            save(a.out / f"{a.stage}.pt", model, opts=[o.state_dict() for o in opts], state=state)
    save(a.out / f"{a.stage}.pt", model, opts=[o.state_dict() for o in opts], state=state)


def begin(a, stage):
    """-> (model, optimisers, state): the stage's own checkpoint, or --start, or the stage before, or nothing."""
    own, state = a.out / f"{a.stage}.pt", {"step": 0, "tokens": 0}
    origin = own if own.exists() else a.start or (a.out / f"{stage.before}.pt" if stage.before else None)
    model, saved = load(origin, a.device) if origin else (Llama(Config()).to(a.device), {})
    if not own.exists() and a.stage != "tune":
        model.config.rope_factor = TARGET / model.config.context if stage.long else 1.0
    opts = optim.optimisers(model, a.muon or stage.muon, a.adam or stage.adam, stage.weight_decay)
    if origin == own:
        for opt, old in zip(opts, saved["opts"]):
            rates = [{k: v for k, v in group.items() if k != "params"} for group in opt.param_groups]
            opt.load_state_dict(old)
            for group, ours in zip(opt.param_groups, rates):    # those of this command, not of the one that it continues
                group.update(ours)
        state = saved["state"]
    return model, opts, state


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("stage", choices=list(STAGES))
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--start", type=Path, help="checkpoint to start from instead of that of the stage before")
    args.add_argument("--tokens", type=lambda s: int(float(s)), default=12_000_000, help="budget")
    args.add_argument("--steps", type=int, help="budget in steps instead of tokens")
    args.add_argument("--long-every", type=int, default=5, help="steps of extend and lengthen between two ends of long texts")
    args.add_argument("--muon", type=float, help="peak rate instead of the stage's")
    args.add_argument("--adam", type=float)
    args.add_argument("--device", default="cpu")
    args.add_argument("--eager", action="store_true", help="do without a C++ compiler")
    args.add_argument("--save-every", type=int, default=100, help="steps")
    args.add_argument("--validate-every", type=int, default=200, help="steps")
    args.add_argument("--seed", type=int, default=3)
    a = args.parse_args()
    stage = STAGES[a.stage]
    torch.manual_seed(a.seed)
    if a.device == "cpu":
        torch.set_num_threads(1)
    if not a.eager:
        llama.compile_kernels()
    model, opts, state = begin(a, stage)
    data = Data(a.out, "train", stage.context, long=bool(stage.long))
    a.val = Data(a.out, "val", stage.context)
    with open(a.out / f"{a.stage}.log", "a", buffering=1) as file:
        log = lambda line: print(line, file=file)
        log(f"# {sum(p.numel() for p in model.parameters()):,} parameters, {stage}, {a.tokens} tokens from step {state['step']}")
        train(a, stage, model, opts, state, data, log)
        log("# " + json.dumps({**state, **{T: validate(model, a.val, T, 8) for T in (512, 2048)}}))


if __name__ == "__main__":
    main()
