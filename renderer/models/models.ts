// The models at hand: what each is and whether the card has room for it; imported after the engine has read their header, chosen,
// shown, removed. Those that are fetched: fetching.ts.
import { type DownloadRow, MainError, type ModelRow } from '../../main/common/api.ts';
import { catalogue, roughMemory } from '../../main/common/catalogue.ts';
import {
  groupModels,
  importName,
  missingSentence,
  type NamedModel,
  partNames,
  seesPictures,
} from '../../main/common/model-names.ts';
import { LARGEST_WINDOW } from '../../reading/window.ts';
import { layOut } from '../engine/laying-out.ts';
import type { Means } from '../means.ts';
import { problemOf } from '../problems.ts';
import { addressOf } from '../replies/subject.ts';
import { isBusy, layoutForgotten } from '../state.ts';
import { createFetching, type Fetching } from './fetching.ts';
import { createModelsWork, type ModelsWork } from './models-work.ts';

export interface ModelChoice extends Fetching {
  /** Opens the view and looks at the models; `test`: and tests the one that reads. */
  showModels(asked?: { test: boolean }): Promise<void>;
  /** Files of one or of several models, whatever else lies among them; the last one stored is chosen. False when not all went well. */
  importModels(files: readonly File[]): Promise<boolean>;
  /** Lets the reader choose that folder, where the shell can ask. */
  chooseModelFolder(): Promise<void>;
  /** Uses the models of a folder of the reader's as they lie there; '' none. False when that cannot be. */
  takeModelFolder(path: string): Promise<boolean>;
  chooseModel(model: ModelRow): Promise<void>;
  /** One that was fetched; its download is done with then. */
  chooseDownloaded(row: DownloadRow): Promise<void>;
  /** Asks before it is removed, with what depends on it. */
  mayForgetModel(model: ModelRow): Promise<void>;
  forgetModel(id: string): Promise<void>;
  /** Ends a look at what lies on a server, or an import: what was not whole is not stored. */
  stopModelsWork(): void;
  /** In the system's file manager. */
  showModelFile(model: ModelRow): Promise<void>;
}

const NOT_IMPORTED = 'This file could not be imported; nothing was stored. Try another file.';
const NOT_CHOSEN = 'This model could not be chosen. Try again.';
const BUSY = 'Something else is still under way. Add models when it is done.';
const NO_MODEL = 'There is no model among these files. A model is a file whose name ends in .gguf.';

/** Stores the files of one model together. Resolves to its id; stopped, nothing is stored. */
async function store({ name, files }: NamedModel<File>, signal: AbortSignal): Promise<string> {
  const stem = importName(name).replace(/\.gguf$/, '');
  const [file] = files.length > 1 ? partNames(stem, files.length) : [`${stem}.gguf`];
  const sizes = files.length > 1 ? `?parts=${files.map(({ size }) => size).join()}` : '';
  const body = files.length > 1 ? new Blob(files) : files[0];
  const response = await fetch(`/models/${file}${sizes}`, { method: 'PUT', body, signal }).catch(() => undefined);
  if (response?.status === 201) return ((await response.json()) as { id: string }).id;
  const said = await response?.text().catch(() => '');
  throw new MainError('disk', said || NOT_IMPORTED);
}

/** The list, what is in it, and which one reads. */
function createList(means: Means) {
  const { api, reader, store: window } = means;

  /** What they are and whether there is room: read from each file once, so that it can be asked again and again. */
  const look = async () => {
    const { settings } = window.get();
    const models = window.get().models.filter(({ missing }) => !missing);
    const most = Math.max(...catalogue.map((model) => roughMemory(model, LARGEST_WINDOW)));
    const hostMemory = await api.freeMemory().catch(() => 0);
    const asked = {
      ask: 'models',
      models: models.map((model) => addressOf(model, settings)),
      hostMemory,
      most,
    } as const;
    const { models: found, room } = await reader.ask(asked);
    const reports = Object.fromEntries(models.map(({ id }, i) => [id, found[i]!]));
    window.update((s) => ({ ...s, reports, room }));
  };

  const list = async () => {
    const models = await api.models();
    window.update((s) => ({ ...s, models }));
    void look().catch(() => undefined);
    return models;
  };

  /** What was counted for another model counts no more. A large file's hash is computed once, so that what it reads can be kept. */
  const choose = async (id: string) => {
    const settings = await api.changeSettings({ model: id });
    window.update((s) => layoutForgotten({ ...s, settings }, {}));
    const { document, models } = window.get();
    if (document?.read) void layOut(means, document.id);
    const chosen = models.find((model) => model.id === id);
    if (chosen && chosen.sha256 === undefined) {
      await api.verifyModel(id);
      await list();
    }
  };

  return { list, choose };
}

type List = ReturnType<typeof createList>;

/** Models from files of the reader's, one after the other. */
function createImports({ reader, store: window }: Means, { show, attempt }: ModelsWork, { list, choose }: List) {
  const importOne = async (model: NamedModel<File>, signal: AbortSignal) => {
    show({ busy: `Checking and copying ${model.name}…` });
    if (model.missing.length > 0) throw new MainError('refused', missingSentence(model.missing));
    await reader.ask({ ask: 'header', files: model.files }, { signal });
    return store(model, signal);
  };

  /** Resolves to what went wrong, model by model. Stopped, those that are stored stay, and none is chosen. */
  const importAll = async (models: readonly NamedModel<File>[], signal: AbortSignal): Promise<string[]> => {
    const problems: string[] = [];
    let last: string | undefined;
    for (const model of models) {
      if (signal.aborted) break;
      try {
        last = await importOne(model, signal);
      } catch (error) {
        if (signal.aborted) break;
        const { sentence } = problemOf(error, NOT_IMPORTED);
        problems.push(models.length > 1 ? `${model.name}: ${sentence}` : sentence);
      }
    }
    if (last === undefined) return problems;
    await list().catch(() => undefined);
    if (signal.aborted) return problems;
    if (window.get().job) return [...problems, 'The new model is stored; choose it when the reading is done.'];
    await choose(last).catch(() => problems.push('The new model could not be chosen. Try again.'));
    return problems;
  };

  return async (files: readonly File[]): Promise<boolean> => {
    window.update((s) => (s.dialog?.kind === 'models' ? s : { ...s, dialog: { kind: 'models' } }));
    const models = groupModels(files, ({ name }) => name);
    const pictures = files.filter(({ name }) => seesPictures(name));
    const refused = isBusy(window.get()) ? BUSY : models.length + pictures.length === 0 ? NO_MODEL : undefined;
    if (refused) {
      show({ problem: refused });
      return false;
    }
    let problems: string[] = [];
    const importing = async (signal: AbortSignal) => {
      problems = await importAll(models, signal);
    };
    if (!(await attempt(importing, NOT_IMPORTED, 'Looking at the files…'))) return false;
    show({
      ...(problems.length > 0 && { problem: problems.join(' ') }),
      ...(pictures.length > 0 && { notice: `${pictures[0]!.name} sees pictures (mmproj) and was left out.` }),
    });
    return problems.length + pictures.length === 0;
  };
}

export function createModelChoice(means: Means): ModelChoice {
  const { api, store: window } = means;
  const models = createList(means);
  const { list, choose } = models;
  const work = createModelsWork(window);
  const { show, attempt } = work;
  const fetching = createFetching(means, work, list);
  const takeModelFolder = (modelFolder: string) =>
    attempt(async () => {
      const settings = await api.changeSettings({ modelFolder });
      window.update((s) => ({ ...s, settings }));
      const there = await list();
      if (settings.model && !there.some(({ id }) => id === settings.model)) await choose('');
      show({});
    }, 'This folder could not be used. Try again.');
  return {
    ...fetching,
    async showModels({ test } = { test: false }) {
      window.update((s) => ({ ...s, dialog: { kind: 'models', test } }));
      await list().catch(() => undefined);
      const tests = await api.selfTests().catch(() => []);
      window.update((s) => ({ ...s, tested: Object.fromEntries(tests.map((test) => [test.model, test])) }));
    },
    importModels: createImports(means, work, models),
    takeModelFolder,
    stopModelsWork: work.stop,
    async chooseModelFolder() {
      const folder = await api.chooseFolder().catch(() => null);
      if (folder) await takeModelFolder(folder);
    },
    async chooseModel({ id }) {
      await attempt(async () => {
        await choose(id);
        show({});
      }, NOT_CHOSEN);
    },
    async chooseDownloaded(row) {
      const { model } = row;
      if (model !== undefined && (await attempt(() => choose(model), NOT_CHOSEN))) await fetching.discardDownload(row);
    },
    async mayForgetModel({ id }) {
      await attempt(
        async () => show({ removing: { id, use: await api.modelUse(id) } }),
        'This model could not be looked at. Try again.',
      );
    },
    async forgetModel(id) {
      await attempt(async () => {
        await api.removeModel(id);
        if (window.get().settings.model === id) await choose('');
        await list();
        show({});
      }, 'This model could not be removed. Try again.');
    },
    async showModelFile({ id }) {
      await attempt(() => api.showModel(id), 'Its folder could not be shown. Try again.');
    },
  };
}
