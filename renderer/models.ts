// The reader's own models: imported after the engine has read their header, chosen, removed.
import type { ModelRow } from '../main/common/api.ts';
import { MainError } from '../main/common/api.ts';
import { importName } from '../main/common/model-names.ts';
import { layOut } from './laying-out.ts';
import { problemOf } from './problems.ts';
import type { Means } from './session.ts';
import * as state from './state.ts';

export interface ModelChoice {
  importModel(file: File): Promise<void>;
  chooseModel(model: ModelRow): Promise<void>;
  forgetModel(model: ModelRow): Promise<void>;
}

const NOT_IMPORTED = 'This file could not be imported; nothing was stored. Try another file.';

/** Resolves to the id of the stored model. */
async function store(file: File): Promise<string> {
  const response = await fetch(`/models/${importName(file.name)}`, { method: 'PUT', body: file }).catch(
    () => undefined,
  );
  if (response?.status === 201) return ((await response.json()) as { id: string }).id;
  const said = await response?.text().catch(() => '');
  throw new MainError('disk', said || NOT_IMPORTED);
}

export function createModelChoice(means: Means): ModelChoice {
  const { api, reader, store: window } = means;

  const show = (problem: string | undefined, importing = false) =>
    window.update((s) => (s.dialog?.kind === 'models' ? { ...s, dialog: { kind: 'models', problem, importing } } : s));

  const list = async () => {
    const models = await api.models();
    window.update((s) => ({ ...s, models }));
    return models;
  };

  /** What was counted for another model counts no more. A large file's hash is computed once, so that what it reads can be kept. */
  const choose = async (id: string) => {
    const settings = await api.changeSettings({ model: id });
    window.update((s) => state.layoutForgotten({ ...s, settings }, {}));
    const { document, models } = window.get();
    if (document?.read) void layOut(means, document.id);
    const chosen = models.find((model) => model.id === id);
    if (chosen && chosen.sha256 === undefined) {
      await api.verifyModel(id);
      await list();
    }
  };

  return {
    async importModel(file) {
      show(undefined, true);
      try {
        await reader.ask({ ask: 'header', file });
        const id = await store(file);
        await list();
        await choose(id);
        show(undefined);
      } catch (error) {
        show(problemOf(error, NOT_IMPORTED).sentence);
      }
    },
    async chooseModel({ id }) {
      try {
        await choose(id);
        show(undefined);
      } catch (error) {
        show(problemOf(error, 'This model could not be chosen. Try again.').sentence);
      }
    },
    async forgetModel({ id }) {
      try {
        await api.removeModel(id);
        if (window.get().settings.model === id) await choose('');
        await list();
        show(undefined);
      } catch (error) {
        show(problemOf(error, 'This model could not be removed. Try again.').sentence);
      }
    },
  };
}
