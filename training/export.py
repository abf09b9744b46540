"""Writes a checkpoint as a GGUF file that the app (or llama.cpp) loads: matrices Q8_0, norms F32, embeddings tied.

    python export.py --checkpoint RUN/extend.pt --out RUN --to longleaf-sprig-q8_0.gguf

prints the SHA-256. Scaling metadata is written only if the checkpoint's own config says that its window was extended.
"""
import argparse
import hashlib
from pathlib import Path

import gguf

from model import load
from tokenizer import BOS, EOS, SPECIAL, Encoder

NAME = "Longleaf Sprig"
LICENSE = "cc-by-sa-4.0"


def write_header(w, c):
    extended = c.rope_factor > 1
    w.add_name(NAME)
    w.add_license(LICENSE)
    w.add_description("Ranks and quotes the sentences of a document. Writes no prose.")
    w.add_context_length(int(c.context * c.rope_factor))
    w.add_embedding_length(c.d)
    w.add_block_count(c.n_layers)
    w.add_feed_forward_length(c.ff)
    w.add_head_count(c.n_heads)
    w.add_head_count_kv(c.n_kv_heads)
    w.add_key_length(c.head_dim)
    w.add_value_length(c.head_dim)
    w.add_layer_norm_rms_eps(c.eps)
    w.add_rope_freq_base(c.rope_base)
    w.add_rope_dimension_count(c.head_dim)
    w.add_vocab_size(c.vocab)
    w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    if extended:
        w.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        w.add_rope_scaling_factor(c.rope_factor)
        w.add_rope_scaling_orig_ctx_len(c.context)
        w.add_rope_scaling_finetuned(True)


def write_tokenizer(w, enc):
    tokens = [None] * len(enc.vocab)
    for token, i in enc.vocab.items():
        tokens[i] = token
    types = [gguf.TokenType.CONTROL] * len(SPECIAL) + [gguf.TokenType.NORMAL] * (len(tokens) - len(SPECIAL))
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("llama-bpe")
    w.add_token_list(tokens)
    w.add_token_types(types)
    w.add_token_merges(enc.merges)
    w.add_bos_token_id(BOS)
    w.add_eos_token_id(EOS)
    w.add_add_bos_token(True)


def write_tensors(w, model):
    for name, p in model.state_dict().items():
        x = p.float().numpy()
        if x.ndim == 1:
            w.add_tensor(name, x)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            w.add_tensor(name, gguf.quants.quantize(x, kind), raw_dtype=kind)


def export(model, enc, path):
    w = gguf.GGUFWriter(path, "llama")
    write_header(w, model.config)
    write_tokenizer(w, enc)
    write_tensors(w, model)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"), help="folder with tokenizer.json")
    args.add_argument("--checkpoint", type=Path, default=Path("run/extend.pt"))
    args.add_argument("--to", type=Path, default=Path("../assets/models/longleaf-sprig-q8_0.gguf"))
    a = args.parse_args()
    model, _ = load(a.checkpoint)
    a.to.parent.mkdir(parents=True, exist_ok=True)
    part = a.to.with_suffix(".part")
    digest = export(model, Encoder(a.out / "tokenizer.json"), part)
    part.replace(a.to)
    c = model.config
    print(f"{a.to.name}: {a.to.stat().st_size:,} bytes, {c.n_layers} layers, context {int(c.context * c.rope_factor)}, SHA-256 {digest}")
