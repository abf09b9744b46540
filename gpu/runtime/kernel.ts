// A kernel from its WGSL: what it binds and which parameters it takes are read from the text; specialisation is one rule, replacing
// the right-hand side of a top-level `const` or `alias`; and the final text is the key under which its pipeline is compiled once.

export interface Binding {
  readonly name: string;
  readonly binding: number;
  readonly type: 'read-only-storage' | 'storage' | 'uniform' | StorageTexture;
}

export interface StorageTexture {
  readonly format: GPUTextureFormat;
  readonly access: 'read-only' | 'write-only';
}

export interface Parameter {
  readonly name: string;
  readonly type: 'u32' | 'f32';
}

export interface Interface {
  readonly bindings: readonly Binding[];
  /** Fields of `struct Params`, four bytes each, in order. */
  readonly params: readonly Parameter[];
}

/** Reads `@group(0) @binding(n) var<…> name`, textures, and the fields of `struct Params`. */
export function readInterface(wgsl: string): Interface {
  const text = wgsl.replace(/\/\/.*$/gm, '');
  const bindings: Binding[] = [];
  for (const [, binding, space, name] of text.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<([^>]+)>\s*(\w+)/g)) {
    const type = space.includes('uniform') ? 'uniform' : space.includes('read_write') ? 'storage' : 'read-only-storage';
    bindings.push({ name, binding: Number(binding), type });
  }
  const textures = /@binding\((\d+)\)\s*var\s+(\w+)\s*:\s*texture_storage_2d<(\w+), (\w+)>/g;
  for (const [, binding, name, format, access] of text.matchAll(textures)) {
    const type = { format: format as GPUTextureFormat, access: `${access as 'read' | 'write'}-only` as const };
    bindings.push({ name, binding: Number(binding), type });
  }
  const fields = /struct\s+Params\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const params = [...fields.matchAll(/(\w+)\s*:\s*(u32|f32)/g)].map(([, name, type]) => ({
    name,
    type: type as 'u32' | 'f32',
  }));
  return { bindings, params };
}

/** `const NAME = …;` and `alias NAME = …;` at the top level get new right-hand sides; a name that is not there is an error. */
export function specialise(wgsl: string, constants: Readonly<Record<string, string | number>>): string {
  let text = wgsl;
  for (const [name, value] of Object.entries(constants)) {
    const declaration = new RegExp(`^((?:const|alias)\\s+${name}\\b[^=]*=)[^;]*;`, 'm');
    if (!declaration.test(text)) throw new Error(`No top-level const or alias ${name} in the shader`);
    text = text.replace(declaration, `$1 ${typeof value === 'number' ? `${value}u` : value};`);
  }
  return text;
}

/** The parts of one shader in one text: `enable` and `diagnostic` lines must come first. */
export function joinShader(...parts: string[]): string {
  const lines = parts.join('\n').split('\n');
  const isDirective = (line: string) => /^\s*(enable|requires|diagnostic\s*\()/.test(line);
  return [...new Set(lines.filter(isDirective)), ...lines.filter((line) => !isDirective(line))].join('\n');
}

const repeats = new Map<string, string>();

/** `part` for the time number `time` in one shader: all that it declares gets that number, and bindings two times as much; 0 is `part`. */
export function againIn(part: string, time: number): string {
  if (time === 0) return part;
  const key = `${time} ${part}`;
  const known = repeats.get(key);
  if (known !== undefined) return known;
  const declared = [...part.matchAll(/^(?:@group.*var(?:<[^>]+>)?|fn|const|alias|struct)\s+(\w+)/gm)].map(
    ([, name]) => name,
  );
  const text = part
    .replace(new RegExp(`(?<!\\.)\\b(${declared.join('|')})\\b`, 'g'), `$1${time}`)
    .replace(/@binding\((\d+)\)/g, (_, binding) => `@binding(${Number(binding) + 2 * time})`);
  repeats.set(key, text);
  return text;
}

const partNumbers = new Map<string, number>();
const texts = new Map<string, string>();

function numberOf(part: string): number {
  const known = partNumbers.get(part) ?? partNumbers.size;
  partNumbers.set(part, known);
  return known;
}

/**
 * `parts` joined, with `constants` in them. The same text object every time: a pass names a thousand shaders, and neither composing
 * nor comparing kilobytes of text may cost it anything.
 */
export function shaderOf(parts: readonly string[], constants: Readonly<Record<string, string | number>> = {}): string {
  const key = `${parts.map(numberOf)} ${Object.entries(constants)}`;
  const text = texts.get(key) ?? specialise(joinShader(...parts), constants);
  texts.set(key, text);
  return text;
}

export interface Kernel extends Interface {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Pipelines by final text. Compilation starts when a text is first wanted; `compiled` waits for all that were. */
export class Kernels {
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Kernel>();
  readonly #compiling = new Map<string, Promise<void>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  want(wgsl: string): void {
    if (this.#kernels.has(wgsl) || this.#compiling.has(wgsl)) return;
    const compiling = this.#compile(wgsl).then((kernel) => {
      this.#kernels.set(wgsl, kernel);
      this.#compiling.delete(wgsl);
    });
    // Awaited, and thrown, by `compiled`; until then a failure is not an unhandled one.
    compiling.catch(() => {});
    this.#compiling.set(wgsl, compiling);
  }

  async compiled(): Promise<void> {
    while (this.#compiling.size > 0) await Promise.all(this.#compiling.values());
  }

  get(wgsl: string): Kernel {
    const kernel = this.#kernels.get(wgsl);
    if (!kernel) throw new Error('A kernel is used before it is compiled');
    return kernel;
  }

  async #compile(wgsl: string): Promise<Kernel> {
    const { bindings, params } = readInterface(wgsl);
    const module = this.#device.createShaderModule({ code: wgsl });
    const layout = this.#device.createBindGroupLayout({
      entries: bindings.map(({ binding, type }) => ({
        binding,
        visibility: 4,
        ...(typeof type === 'object'
          ? { storageTexture: type }
          : { buffer: { type, hasDynamicOffset: type === 'uniform' } }),
      })),
    });
    try {
      const pipeline = await this.#device.createComputePipelineAsync({
        layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      });
      return { bindings, params, pipeline, layout };
    } catch (error) {
      throw new Error(await describeFailure(module, wgsl, error));
    }
  }
}

/** The compiler's messages above the whole shader with line numbers: its text is made here, so no file shows it. */
async function describeFailure(module: GPUShaderModule, wgsl: string, error: unknown): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const said = messages.map(({ type, lineNum, linePos, message }) => `${type} ${lineNum}:${linePos} ${message}`);
  const numbered = wgsl.split('\n').map((line, i) => `${String(i + 1).padStart(4)}  ${line}`);
  return [...(said.length > 0 ? said : [String(error)]), ...numbered].join('\n');
}
