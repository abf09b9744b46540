// What a reader names as a model on the web: an address that is fetched by https and nothing else. A page of a file at Hugging Face is
// turned into the address of the file itself.
import { MainError } from '../../common/api.ts';
import { importName, partNames, partOfName } from '../../common/model-names.ts';

export interface ModelAddress {
  /** Of each file of the model, in their order. */
  urls: URL[];
  /** Names under which they are stored. */
  names: string[];
}

/** Whether a request may go to this address: the one rule of all requests and of all redirects. */
export type MayFetch = (url: URL) => boolean;

export const onlyHttps: MayFetch = ({ protocol }) => protocol === 'https:';

const refused = (sentence: string): MainError => new MainError('refused', sentence);

const parsed = (text: string): URL => {
  try {
    return new URL(text.trim());
  } catch {
    throw refused('This is no web address. It should begin with https:// and end in .gguf.');
  }
};

/** `huggingface.co/<owner>/<repository>/blob/<revision>/<file>` is a page about the file. */
const ofFile = (url: URL): URL => {
  if (url.hostname !== 'huggingface.co' && url.hostname !== 'www.huggingface.co') return url;
  const file = new URL(url);
  file.pathname = url.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  file.searchParams.delete('download');
  return file;
};

/** Throws a MainError with one sentence when `text` names no model that may be fetched. */
export const parseAddress = (text: string, mayFetch: MayFetch): ModelAddress => {
  const url = ofFile(parsed(text));
  if (!mayFetch(url)) throw refused('Models are fetched by https only; this address begins with another scheme.');
  if (url.username || url.password) throw refused('This address holds a password; Longleaf sends none.');
  url.hash = '';
  const file = decodedName(url);
  if (!/\.gguf$/i.test(file)) throw refused('This address names no model file. It should end in .gguf.');
  const part = partOfName(file);
  if (!part) return { urls: [url], names: [importName(file)] };
  const folder = url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
  const urls = partNames(part.stem, part.count).map((name) => {
    const one = new URL(url);
    one.pathname = folder + encodeURIComponent(name);
    return one;
  });
  const stem = importName(part.stem)
    .replace(/\.gguf$/, '')
    .slice(0, 90);
  return { urls, names: partNames(stem, part.count) };
};

const decodedName = (url: URL): string => {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
};
