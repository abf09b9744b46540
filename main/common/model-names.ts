// What the name of a model file says, for whoever lists, stores or fetches one: the name under which it may be stored, and which part
// of a model that was split over several files it is (name-00001-of-00003.gguf; the engine reads the same from inside the files).

/** More parts than any model has. */
const mostParts = 1000;

/** Whether a file is a model, by the end of its name. */
export const namesModel = (file: string): boolean => /\.gguf$/i.test(file);

/** Whether a model may be stored under this name. */
export const isModelFile = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.gguf$/i.test(name);

/** A file's name as it is stored: letters, digits, dots, dashes. */
export const importName = (file: string): string => {
  const stem = file
    .replace(/\.gguf$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  return `${stem.slice(0, 100) || 'model'}.gguf`;
};

/** The part of a model that sees pictures, which lies beside it in many places and is no model of its own. */
export const seesPictures = (file: string): boolean => /mmproj/i.test(file);

export interface PartOfName {
  stem: string;
  /** From 1 on. */
  part: number;
  count: number;
}

export const partOfName = (file: string): PartOfName | undefined => {
  const [, stem, part, count] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(file) ?? [];
  if (stem === undefined) return undefined;
  const [number, all] = [Number(part), Number(count)];
  return number >= 1 && number <= all && all >= 2 && all <= mostParts ? { stem, part: number, count: all } : undefined;
};

const digits = (number: number): string => String(number).padStart(5, '0');

/** Of all parts, in their order. */
export const partNames = (stem: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${stem}-${digits(i + 1)}-of-${digits(count)}.gguf`);

export interface NamedModel<File> {
  /** Without the ending and the number of the part. */
  name: string;
  /** In their order; those that are there. */
  files: File[];
  /** Names of parts that are not there. */
  missing: string[];
}

/** Files as models: parts of one model together. Files that are no model's by their name are left out. */
export const groupModels = <File>(files: readonly File[], nameOf: (file: File) => string): NamedModel<File>[] => {
  const models: NamedModel<File>[] = [];
  const byName = new Map(files.map((file) => [nameOf(file).toLowerCase(), file]));
  const seen = new Set<string>();
  for (const file of files) {
    const name = nameOf(file);
    if (!namesModel(name) || seesPictures(name)) continue;
    const part = partOfName(name);
    if (!part) {
      models.push({ name: name.replace(/\.gguf$/i, ''), files: [file], missing: [] });
      continue;
    }
    const key = `${part.stem}/${part.count}`.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    const names = partNames(part.stem, part.count);
    const found = names.map((one) => byName.get(one.toLowerCase()));
    models.push({
      name: part.stem,
      files: found.filter((one) => one !== undefined),
      missing: names.filter((_, i) => found[i] === undefined),
    });
  }
  return models;
};

/** "a-00002-of-00003.gguf is missing" and what to do, for a model whose parts are not all there. */
export const missingSentence = ([first, ...others]: readonly string[]): string =>
  `This model is incomplete: ${others.length === 0 ? `${first} is` : `${first} and ${others.length} more are`} missing. Choose all of its parts together.`;
