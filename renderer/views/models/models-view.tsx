// The models view: which model reads, what each is and whether there is room for it, what is on its way, and where to get another one.
import { FileUp, FolderUp, Loader } from 'lucide-react';
import { useRef } from 'react';
import { modelOf } from '../../replies/subject.ts';
import { isBusy } from '../../state.ts';
import { DownloadItem } from './download-item.tsx';
import { GetModel } from './get-model.tsx';
import { ModelItem } from './model-item.tsx';
import type { ModelsProps } from './models-props.ts';
import { Offer } from './offer.tsx';
import { OwnFolder } from './own-folder.tsx';

export function ModelsView(props: ModelsProps & { close(): void }) {
  const { now, asked, close } = props;
  const chosen = modelOf(now);
  const downloads = now.downloads.filter(({ state }) => state !== 'asked');
  return (
    <div className="models-view">
      <section aria-labelledby="models-here">
        <h3 id="models-here">On this machine</h3>
        <ul className="models">
          {now.models.map((model) => (
            <ModelItem key={model.id} model={model} chosen={model.id === chosen?.id} {...props} />
          ))}
        </ul>
        <Files {...props} />
        <OwnFolder {...props} />
        <WorkState asked={asked} stop={props.session.stopModelsWork} />
      </section>
      {(downloads.length > 0 || asked.offer) && (
        <section aria-labelledby="models-coming">
          <h3 id="models-coming">{asked.offer ? 'To be fetched' : 'On the way'}</h3>
          {asked.offer && <Offer {...props} {...asked.offer} />}
          <ul className="models">
            {downloads.map((row) => (
              <DownloadItem key={row.id} row={row} {...props} />
            ))}
          </ul>
        </section>
      )}
      <GetModel {...props} />
      <div className="dialog-foot">
        <button type="button" className="button primary" onClick={close}>
          Done
        </button>
      </div>
    </div>
  );
}

/** Models from files of the reader's. */
function Files({ session, now }: ModelsProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const busy = isBusy(now);
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])];
    input.value = '';
    if (chosen.length > 0) void session.importModels(chosen);
  };
  return (
    <>
      <div className="models-files">
        <button type="button" className="button" onClick={() => files.current?.click()} disabled={busy}>
          <FileUp size={15} strokeWidth={1.75} aria-hidden="true" /> Add files…
        </button>
        <button type="button" className="button" onClick={() => folder.current?.click()} disabled={busy}>
          <FolderUp size={15} strokeWidth={1.75} aria-hidden="true" /> Add a folder…
        </button>
        <p>GGUF files are copied into Longleaf’s own folder; or drop them here. All parts of a split model together.</p>
      </div>
      <input
        ref={files}
        type="file"
        accept=".gguf"
        multiple
        aria-label="Add model files"
        hidden
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        // A folder with all that lies in it.
        {...{ webkitdirectory: '' }}
        aria-label="Add a folder of models"
        hidden
        onChange={({ currentTarget }) => take(currentTarget)}
      />
    </>
  );
}

/** What became of the last thing that was asked for. */
function WorkState({ asked, stop }: Pick<ModelsProps, 'asked'> & { stop(): void }) {
  return (
    <div className="models-state" role="status">
      {asked.busy && (
        <p>
          <Loader className="spin" size={15} aria-hidden="true" /> {asked.busy}{' '}
          <button type="button" className="link" onClick={stop}>
            Stop
          </button>
        </p>
      )}
      {asked.notice && <p>{asked.notice}</p>}
      {asked.problem && <p className="models-problem">{asked.problem}</p>}
    </div>
  );
}
