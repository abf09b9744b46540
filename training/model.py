"""The model: a LLaMA (arXiv 2302.13971) small enough to train on one processor core, in the names of its GGUF file.

Every parameter is called what its tensor is called in the file (token_embd.weight, blk.0.attn_q.weight, …), so export is
a copy. RoPE turns interleaved pairs (2i, 2i+1) by (position / factor) * base^(-2i/head_dim): the factor is Position
Interpolation (arXiv 2306.15595). Shapes: B sequences, T tokens, d model width, H query heads, G key-value heads.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint


@dataclass
class Config:
    vocab: int = 8192
    d: int = 256
    n_layers: int = 4
    n_heads: int = 4
    n_kv_heads: int = 2
    head_dim: int = 64
    ff: int = 704
    eps: float = 1e-5
    rope_base: float = 10_000.0
    context: int = 2048        # length of training before extension
    rope_factor: float = 1.0   # 16 after extension


class RMSNorm(nn.Module):
    def __init__(self, d, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(d)), eps

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.eps)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        q, kv = c.n_heads * c.head_dim, c.n_kv_heads * c.head_dim
        self.c = c
        self.attn_norm = RMSNorm(c.d, c.eps)
        self.attn_q = nn.Linear(c.d, q, bias=False)
        self.attn_k = nn.Linear(c.d, kv, bias=False)
        self.attn_v = nn.Linear(c.d, kv, bias=False)
        self.attn_output = nn.Linear(q, c.d, bias=False)
        self.ffn_norm = RMSNorm(c.d, c.eps)
        self.ffn_gate = nn.Linear(c.d, c.ff, bias=False)
        self.ffn_up = nn.Linear(c.d, c.ff, bias=False)
        self.ffn_down = nn.Linear(c.ff, c.d, bias=False)

    def qkv(self, h, turn):
        B, T, _ = h.shape
        c = self.c
        q = rotate(self.attn_q(h).view(B, T, c.n_heads, c.head_dim), turn).transpose(1, 2)      # (B, H, T, head_dim)
        k = rotate(self.attn_k(h).view(B, T, c.n_kv_heads, c.head_dim), turn).transpose(1, 2)   # (B, G, T, head_dim)
        v = self.attn_v(h).view(B, T, c.n_kv_heads, c.head_dim).transpose(1, 2)                 # (B, G, T, head_dim)
        return q, k, v

    def forward(self, x, turn, mask=None):
        B, T, _ = x.shape
        q, k, v = self.qkv(self.attn_norm(x), turn)
        a = causal_attention(q, k, v, mask).transpose(1, 2).reshape(B, T, -1)
        x = x + self.attn_output(a)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


def rope_turns(c, positions):
    """Unit complex numbers e^(i angle), (…, T, head_dim / 2), for positions (…, T)."""
    inv = c.rope_base ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64) / c.head_dim)
    angle = (positions.double() / c.rope_factor)[..., None] * inv
    return torch.polar(torch.ones_like(angle), angle).to(torch.complex64)


def rotate(x, turn):
    """x (B, T, heads, head_dim), turn (T, head_dim/2) or (B, T, head_dim/2): pairs (2i, 2i+1) are turned."""
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * turn.unsqueeze(-2)).flatten(-2)


def causal_attention(q, k, v, mask=None, block=128):
    """Explicit softmax attention in blocks of queries. On a CPU its backward is faster than that of
    scaled_dot_product_attention (LOG.md), and memory grows with block x T, not T x T. Grouped heads share k and v. mask (T, T), added to the
    scores, takes the place of the causal one; it must still hide the future."""
    B, H, T, D = q.shape
    G = k.shape[1]
    R = H // G
    out = []
    q = q.view(B, G, R, T, D) * D ** -0.5
    for start in range(0, T, block):
        end = min(T, start + block)
        n = end - start
        s = q[:, :, :, start:end].reshape(B, G, R * n, D) @ k[:, :, :end].transpose(-1, -2)     # (B, G, R n, end)
        future = torch.full((n, end), float("-inf")).triu(start + 1) if mask is None else mask[start:end, :end]
        p = torch.softmax(s + future.repeat(R, 1), dim=-1)
        out.append((p @ v[:, :, :end]).view(B, G, R, n, D))
    return torch.cat(out, dim=3).view(B, H, T, D)


class Llama(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.token_embd = nn.Embedding(config.vocab, config.d)
        self.blk = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.output_norm = RMSNorm(config.d, config.eps)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                shrink = (2 * config.n_layers) ** -0.5 if name.endswith(("attn_output.weight", "ffn_down.weight")) else 1
                nn.init.normal_(p, std=0.02 * shrink)

    def forward(self, ids, positions=None, pointer_at=None, mask=None):
        """ids (B, T) -> hidden states (B, T, d) after the last norm; multiply by token_embd.weight for logits.
        With pointer_at (B,), also the attention (B, T) that head 0 of the last layer pays from that position: the pointer."""
        T = ids.shape[1]
        turn = rope_turns(self.config, torch.arange(T) if positions is None else positions)
        x = self.token_embd(ids)
        recompute = T > 2048 and torch.is_grad_enabled()    # long windows: trade time for memory
        for block in self.blk[:-1]:
            x = checkpoint(block, x, turn, use_reentrant=False) if recompute else block(x, turn, mask)
        pointer = None if pointer_at is None else self.pointer(x, turn, pointer_at)
        x = self.output_norm(self.blk[-1](x, turn, mask))
        return x if pointer is None else (x, pointer)

    def pointer(self, x, turn, at):
        q, k, _ = self.blk[-1].qkv(self.blk[-1].attn_norm(x), turn)
        q = q[torch.arange(len(at)), 0, at]                                                    # (B, head_dim)
        s = (k[:, 0] @ q[:, :, None]).squeeze(-1) * self.config.head_dim ** -0.5                # (B, T)
        return s.masked_fill(torch.arange(k.shape[2]) > at[:, None], float("-inf")).softmax(-1)


class _CrossEntropy(torch.autograd.Function):
    """Mean cross-entropy of tied-embedding logits, its gradient computed chunk by chunk in the forward pass, so that
    the (N, vocab) logits never exist at once."""

    @staticmethod
    def forward(ctx, h, w, targets, chunk):
        dh, dw, total = torch.empty_like(h), torch.zeros_like(w), 0.0
        for i in range(0, len(h), chunk):
            hc, tc = h[i:i + chunk], targets[i:i + chunk]
            z = hc @ w.T
            lse = z.logsumexp(-1, keepdim=True)
            total += float((lse.squeeze(1) - z.gather(1, tc[:, None]).squeeze(1)).sum())
            z.sub_(lse).exp_()
            z[torch.arange(len(tc)), tc] -= 1
            torch.mm(z, w, out=dh[i:i + chunk])
            dw.addmm_(z.T, hc)
        ctx.save_for_backward(dh, dw)
        ctx.n = len(h)
        return h.new_tensor(total / len(h))

    @staticmethod
    def backward(ctx, g):
        dh, dw = ctx.saved_tensors
        return dh * (g / ctx.n), dw * (g / ctx.n), None, None


def cross_entropy(h, w, targets, chunk=512):
    """h (N, d), w (vocab, d), targets (N,) -> mean loss in nats."""
    return _CrossEntropy.apply(h, w, targets, chunk)


@torch.no_grad()
def token_logprobs(h, w, targets, chunk=512):
    """log P of each target: h (N, d), targets (N,) -> (N,)."""
    out = []
    for i in range(0, len(h), chunk):
        z = h[i:i + chunk] @ w.T
        out.append(z.gather(1, targets[i:i + chunk, None]).squeeze(1) - z.logsumexp(-1))
    return torch.cat(out)


def save(path, model, **more):
    """Atomic, so that a run killed while saving keeps its previous checkpoint."""
    part = path.with_suffix(".part")
    torch.save({"config": asdict(model.config), "model": model.state_dict(), **more}, part)
    part.replace(path)


def load(path):
    """-> (model, everything else that was saved)."""
    saved = torch.load(path, weights_only=False)
    model = Llama(Config(**saved.pop("config")))
    model.load_state_dict(saved.pop("model"))
    return model, saved
