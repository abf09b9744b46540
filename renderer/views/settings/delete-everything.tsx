// The question before everything goes, with what that is.
import { plural } from '../../format.ts';
import type { ViewProps } from '../view-props.ts';

export function DeleteEverything({ now, session, close }: ViewProps & { close(): void }) {
  const replies = now.library.reduce((sum, { runs }) => sum + runs, 0);
  const models = now.models.filter(({ embedded }) => !embedded).length;
  const what = [
    plural(now.library.length, 'document'),
    replies === 1 ? '1 reply' : `${replies} replies`,
    models > 0 && plural(models, 'model'),
  ].filter(Boolean);
  return (
    <>
      <p className="dialog-text">
        {what.join(', ')}, what was read of them, and your settings are deleted from this machine at once and cannot be
        brought back. Your own files stay where they are.
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Keep it
        </button>
        <button type="button" className="button danger" onClick={() => void session.deleteEverything()}>
          Delete everything
        </button>
      </div>
    </>
  );
}
