// What the engine promises to whoever holds it: bytes and token ids in, probabilities and token ids out. Types only (and the
// one error class), so that `reading` and the windows can name the engine without loading a shader.

/** Random access to a model file: a file on disk, an HTTP resource with ranges, or an array in memory. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; rejects when the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The files of a model that is split over several, in their order; their bytes lie one behind the other in this source. */
  readonly parts?: readonly ByteSource[];
  /** Rejects with EngineError 'model-gone' when what was opened is not there any more, or not the same. */
  expectUnchanged?(): Promise<void>;
}

export interface RopeInfo {
  type: 'none' | 'linear' | 'ntk' | 'yarn' | 'longrope';
  /** How many times the window is stretched, s. By Position Interpolation ("linear") position p gets the angles of p / s. */
  factor: number;
  base: number;
}

export interface ModelInfo {
  name: string;
  /** GGUF `general.architecture`. */
  architecture: string;
  parameters: number;
  /** Number of tensors by ggml type name, e.g. `{ Q8_0: 43, F32: 13 }`. */
  types: Record<string, number>;
  /** Tokens that the model was trained on before any interpolation. */
  trainedContext: number;
  /** Scaling that the file itself asks for. */
  rope: RopeInfo;
  vocabularySize: number;
  layers: number;
}

/** How a model's heads are turned by position, and what stretching its window does to each pair of their dimensions. */
export interface RotaryReport {
  method: RopeInfo['type'];
  base: number;
  /** The file divides the angles of each pair by numbers of its own (Llama 3, LongRoPE). */
  divided: boolean;
  /** Tokens that `trained` was learnt on. */
  trainedContext: number;
  /** Factor that the file asks for. */
  ownFactor: number;
  /** Radians that each pair is turned by for every position, as it was trained; the fastest pair first. */
  trained: number[];
  /** The same with a stretched window, from the smallest factor on; cosines and sines are multiplied by `magnitude`. */
  stretched: { factor: number; perPosition: number[]; magnitude: number }[];
  /** So many of the layers see the last `tokens` positions only, and are not stretched. */
  local?: { layers: number; of: number; tokens: number };
}

export interface AdapterInfo {
  name: string;
  /** True for SwiftShader, llvmpipe and other adapters that compute on the CPU. */
  software: boolean;
}

/** `done` of `total` in the stage's own unit (bytes, tokens); `secondsLeft` once it can be estimated. */
export interface Progress {
  done: number;
  total: number;
  secondsLeft?: number;
}

export interface LoadOptions {
  /** Tokens of the window: the KV cache is allocated for exactly that many. */
  contextLength: number;
  /**
   * How many times the window is stretched, in place of the file's own factor and by the file's own method; Position Interpolation
   * where the file has none. Llama 3's and LongRoPE's divisors stay, and positions are interpolated on top.
   */
  ropeFactor?: number;
  /** Another method than the file's. */
  ropeMethod?: 'linear' | 'ntk' | 'yarn';
  /** Number format of the cache; when absent f32, and f16 where f32 would take more than 2 GiB. */
  kvType?: 'f32' | 'f16' | 'q8_0';
  /** Bytes that the host knows to be free for the model, as it does where an adapter computes in the host's own memory. */
  memory?: number;
  onProgress?: (progress: Progress) => void;
  /** The graphics device was lost, now or in a later call; the engine resumes by itself, and progress begins again. */
  onDeviceLost?: () => void;
  signal?: AbortSignal;
}

export interface RunOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface SnapshotOptions extends RunOptions {
  /** Only the first so many tokens of the window; all when absent. */
  tokens?: number;
}

export interface PrefillResult {
  /** Tokens whose keys and values were already in the cache. */
  reused: number;
  computed: number;
}

/** Changes the logits (vocabulary,) in place before a token is chosen; `generated` holds the ids of this reply so far. */
export type LogitsProcessor = (logits: Float32Array, generated: readonly number[]) => void;

/** How a token is chosen; each left out changes nothing. The same seed gives the same text on the same adapter. */
export interface SamplingOptions {
  /** 0, or absent: always the likeliest token. */
  temperature?: number;
  /** Of the likeliest k tokens only. */
  topK?: number;
  /** Of the fewest tokens that hold this share of the probability. */
  topP?: number;
  /** Of tokens at least this many times as likely as the likeliest. */
  minP?: number;
  /** Above 1: what this reply has said in its last 64 tokens becomes less likely. */
  repetitionPenalty?: number;
  /** 0 when absent. */
  seed?: number;
}

export interface GenerateOptions {
  maxTokens: number;
  /** Ids that end the reply (not yielded); the model's own end tokens when absent. */
  stop?: readonly number[];
  /** Applied in their order, before anything of `sampling`. */
  processors?: readonly LogitsProcessor[];
  sampling?: SamplingOptions;
  /** Of what has to be laid into the window first. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface GeneratedToken {
  id: number;
  /** What this token adds to the text; may be empty in the middle of a character. */
  text: string;
  /** Natural log of its probability after the processors and before sampling. */
  logprob: number;
}

/** A stretch of a message: text, or ids that were made from text before and stay as they are. */
export type ChatPart = string | readonly number[];

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | readonly ChatPart[];
}

export interface ChatOptions {
  /** Lets a model that can reason aloud do so before it answers; it is asked not to when absent. */
  thinking?: boolean;
}

/** Messages laid out as the model was trained to read them, ending where its answer begins. */
export interface ChatPrompt {
  /** Ready for `prefill`, BOS included. Prompts whose messages begin alike begin with the same ids. */
  ids: number[];
  /** Index in `ids` of the first id of each part that was given as ids, in their order. */
  starts: number[];
  /** "file", or the name of a built-in layout ("Llama 3"). */
  template: string;
  /** One sentence for the reader when the file's own layout could not be used. */
  note?: string;
  /** The prompt ends inside a thinking block: what comes first is not the answer yet. */
  thinking: boolean;
}

/** Leaves out of a reply what a model thinks aloud before it answers. */
export interface ReplyFilter {
  /** What the reader may see of this token; text that may still turn out to be a mark is held back. */
  push(token: { id: number; text: string }): string;
  /** What was held back, at the end of the reply. */
  finish(): string;
  /** In a thinking block at the moment. */
  readonly thinking: boolean;
}

export interface Tokenizer {
  readonly vocabularySize: number;
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  /** Tokens that end a reply, the one called EOS first. */
  readonly endTokens: readonly number[];
  /** Ordinary tokens only: text can never become a control token, whatever it spells. No BOS is added. */
  encode(text: string): number[];
  /** Control tokens are left out. */
  decode(ids: readonly number[]): string;
  /** Id of the control token spelled `name`, for prompts that our own code lays out. */
  control(name: string): number | undefined;
  /**
   * Lays messages out by the chat template of the file, or by a built-in one. What messages say becomes ordinary tokens only; control
   * tokens come from the template's own text. Undefined for a model that was not trained to chat.
   */
  chat(messages: readonly ChatMessage[], options?: ChatOptions): ChatPrompt | undefined;
  /** A filter for the reply to `prompt`. */
  replyFilter(prompt?: Pick<ChatPrompt, 'thinking'>): ReplyFilter;
}

/** A model file whose header was read and checked; no weight has been touched. */
export interface Model {
  readonly info: ModelInfo;
  readonly tokenizer: Tokenizer;
}

/**
 * A loaded model and its window. One call at a time; a call made while another runs rejects with 'busy'. When the graphics device is
 * lost, a call loads the model again, computes what it needs of the window again, and goes on; the third loss within two minutes
 * rejects with 'device-lost'.
 */
export interface Engine {
  readonly model: ModelInfo;
  readonly adapter: AdapterInfo;
  readonly tokenizer: Tokenizer;
  readonly contextLength: number;
  readonly ropeFactor: number;
  /**
   * Lays `ids` into the window; keeps the longest common prefix with what is there, but nothing where a sliding window would see behind it
   * what was written over. After an abort the done part stays.
   */
  prefill(ids: readonly number[], options?: RunOptions): Promise<PrefillResult>;
  /** Continuation of `ids` (prefilled first, as far as they are not in the window): greedy, or as `sampling` says. */
  generate(ids: readonly number[], options: GenerateOptions): AsyncGenerator<GeneratedToken>;
  /**
   * Natural-log probabilities of every token of each continuation, given `prefix`. The prefix stays in the window, the
   * continuations do not. One array per continuation, of the continuation's length.
   */
  logprobs(
    prefix: readonly number[],
    continuations: readonly (readonly number[])[],
    options?: RunOptions,
  ): Promise<Float32Array[]>;
  /**
   * How much head `head` of the last layer attends from the last of `ids` to each span [start, end) of their places: shares of 1, one
   * for each span. For models that were trained to point with a head; throws RangeError for a head or a span that is not there, and
   * 'unsupported-model' where that layer sees a part of the window only, or keys are stored in a format that is read by kernels alone.
   */
  attentionOver(
    ids: readonly number[],
    spans: readonly (readonly [start: number, end: number])[],
    head: number,
    options?: RunOptions,
  ): Promise<Float32Array>;
  /** Logits (ids.length, vocabulary) of every position: for verification, not for long texts. */
  logits(ids: readonly number[], options?: RunOptions): Promise<Float32Array>;
  /**
   * What lies in the window (ids, keys, values) as a stream of bytes, in pieces of about a megabyte; a call like the others, from the
   * first piece to the last. Progress is in bytes. Throws 'device-lost' when the device is lost on the way, and 'snapshot-mismatch' for first
   * tokens that cannot be continued any more.
   */
  saveSnapshot(options?: SnapshotOptions): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /**
   * Puts a saved window in place of the present one, bit for bit; the tokens that are then in the window. `source` is read from its
   * begin to its end in pieces of about a megabyte. Throws 'snapshot-mismatch' when another model, position scaling, cache or version made it,
   * 'window-full', and 'snapshot-damaged'; the present window stays when the first two are thrown and is empty after the third.
   */
  loadSnapshot(source: ByteSource, options?: RunOptions): Promise<number>;
  /** Bytes of a snapshot of `tokens` tokens of this engine. */
  snapshotBytes(tokens: number): Promise<number>;
  /** Number format of the keys and values. */
  readonly kvType: string;
  /** Milliseconds of the longest piece of work that the device was given at once; Stop waits for at most one. */
  readonly longestSubmit: number;
  /** Frees all GPU memory. */
  dispose(): void;
}

export type EngineErrorKind =
  | 'not-a-model'
  | 'damaged-model'
  | 'model-gone'
  | 'unsupported-model'
  | 'invalid-numbers'
  | 'no-gpu'
  | 'out-of-memory'
  | 'device-lost'
  | 'window-full'
  | 'busy'
  | 'snapshot-mismatch'
  | 'snapshot-damaged';

/** `message` is the one plain sentence a reader sees; `detail` is for the log and never holds document text. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;
  readonly detail: string;
  constructor(kind: EngineErrorKind, message: string, detail = '') {
    super(message);
    this.name = 'EngineError';
    this.kind = kind;
    this.detail = detail;
  }
}
