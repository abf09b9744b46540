// One model on its way: how far it is, how fast, how long it takes, and what can be done about it.
import type { DownloadRow } from '../../../main/common/api.ts';
import { share, size } from '../../format.ts';
import { downloadWords, isMoving, withoutQuery } from '../../models/model-words.ts';
import { isBusy } from '../../state.ts';
import type { ModelsProps } from './models-props.ts';

export function DownloadItem({ row, now, session }: ModelsProps & { row: DownloadRow }) {
  const { state, done, bytes, name, address } = row;
  const stored = now.models.find(({ id }) => id === row.model);
  const moving = isMoving(row);
  const anew = state === 'failed' && done === 0;
  return (
    <li className="model" data-state={state}>
      <div className="model-row">
        <span className="model-name">{name}</span>
        <span className="model-actions">
          {moving && (
            <button type="button" className="button" onClick={() => void session.stopDownload(row)}>
              Stop<span className="unseen"> {name}</span>
            </button>
          )}
          {(state === 'stopped' || state === 'failed') && (
            <>
              <button
                type="button"
                className="button primary"
                onClick={() => void (anew ? session.askAgain(row) : session.startDownload(row))}
              >
                {anew ? 'Try again' : 'Resume'}
                <span className="unseen"> {name}</span>
              </button>
              <button type="button" className="button" onClick={() => void session.discardDownload(row)}>
                Discard<span className="unseen"> {name}</span>
              </button>
            </>
          )}
          {state === 'done' && (
            <>
              {stored && (
                <button
                  type="button"
                  className="button primary"
                  disabled={isBusy(now)}
                  onClick={() => void session.chooseDownloaded(row)}
                >
                  Use it<span className="unseen"> {name}</span>
                </button>
              )}
              <button type="button" className="button" onClick={() => void session.discardDownload(row)}>
                Dismiss<span className="unseen"> {name}</span>
              </button>
            </>
          )}
        </span>
      </div>
      {(moving || (state !== 'done' && done > 0)) && (
        <progress
          className="bar"
          max={1}
          value={state === 'checking' ? undefined : share(done, bytes)}
          aria-label={`Download of ${name}`}
        />
      )}
      <p className={state === 'failed' ? 'models-problem' : 'model-about'}>{downloadWords(row)}</p>
      {state === 'fetching' && row.problem && <p className="model-about">{row.problem}</p>}
      <p className="model-about model-address">
        {!moving && `${size(bytes)} `}
        {moving ? 'From' : 'from'} {withoutQuery(address)}
      </p>
    </li>
  );
}
