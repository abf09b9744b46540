"""The optimiser: Muon for the matrices of the blocks, AdamW for the embedding and the norms.

Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) replaces a matrix's momentum by its nearest orthogonal
matrix, found by five Newton-Schulz steps (in `compute_type`). A run of an hour on one core sees few tokens, and Muon needs fewer of them.
"""
import torch

from model import compute_type


def orthogonal(g, steps=5):
    """Newton-Schulz with the quintic coefficients of the source above; g (m, n)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (g / (g.norm() + 1e-7)).to(compute_type(g.device))
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                buf = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buf.lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(buf, group["momentum"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


def optimisers(model, muon_lr, adam_lr, weight_decay):
    """-> [Muon, AdamW]; each group remembers its peak as `peak`, which `set_lr` scales."""
    matrices = [p for n, p in model.named_parameters() if n.startswith("blk") and p.dim() == 2]
    norms = [p for p in model.parameters() if p.dim() == 1]
    muon = Muon(matrices, muon_lr, weight_decay=weight_decay)
    adam = torch.optim.AdamW([{"params": [model.token_embd.weight], "weight_decay": weight_decay},
                              {"params": norms, "weight_decay": 0.0}], lr=adam_lr, betas=(0.9, 0.98))
    for group in muon.param_groups + adam.param_groups:
        group["peak"] = group["lr"]
    return [muon, adam]


def set_lr(opts, scale):
    for opt in opts:
        for group in opt.param_groups:
            group["lr"] = group["peak"] * scale


def step(opts, model, clip=1.0):
    """Clips, steps, clears."""
    torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    for opt in opts:
        opt.step()
        opt.zero_grad(set_to_none=True)
