// What self-tests of models found on this machine, one for each model by its hash: it is shown again, and a model that was removed and
// comes back has it still. A result that this version does not understand counts as none.
import { type SelfTestResult, type SelfTestRow, selfTestSchema } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { withDiskErrors } from './disk-error.ts';

export interface SelfTests {
  list(): SelfTestRow[];
  /** In place of what was kept of this model; `model`: SHA-256. */
  keep(model: string, result: SelfTestResult): SelfTestRow;
}

interface Stored {
  model: string;
  measuredAt: string;
  result: string;
}

export const openSelfTests = (database: Database): SelfTests => {
  const all = database.prepare<[], Stored>('SELECT model, measured_at AS measuredAt, result FROM self_tests');
  const put = database.prepare(
    `INSERT INTO self_tests (model, measured_at, result) VALUES (@model, @measuredAt, @result)
     ON CONFLICT (model) DO UPDATE SET measured_at = excluded.measured_at, result = excluded.result`,
  );
  return {
    list: () =>
      withDiskErrors(() => all.all()).flatMap(({ model, measuredAt, result }) => {
        const { success, data } = selfTestSchema.safeParse(JSON.parse(result));
        return success ? [{ ...data, model, measuredAt }] : [];
      }),
    keep: (model, result) => {
      const measuredAt = new Date().toISOString();
      withDiskErrors(() => put.run({ model, measuredAt, result: JSON.stringify(result) }));
      return { ...result, model, measuredAt };
    },
  };
};
