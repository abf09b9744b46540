// Models of other programs, used where they lie: many gigabytes need not be there twice.
import { FolderSearch } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { isBusy } from '../../state.ts';
import type { ModelsProps } from './models-props.ts';

export function OwnFolder({ now, asked, session }: ModelsProps) {
  const { modelFolder } = now.settings;
  const [path, setPath] = useState('');
  const busy = isBusy(now) || asked.busy !== undefined;
  const take = async (event: FormEvent) => {
    event.preventDefault();
    if (await session.takeModelFolder(path.trim())) setPath('');
  };
  if (modelFolder)
    return (
      <p className="models-folder">
        Models in <span className="path">{modelFolder}</span> are used as they lie there.{' '}
        <button type="button" className="link" disabled={busy} onClick={() => void session.takeModelFolder('')}>
          Use them no more
        </button>
      </p>
    );
  if (now.asksForFolders)
    return (
      <div className="models-files">
        <button type="button" className="button" disabled={busy} onClick={() => void session.chooseModelFolder()}>
          <FolderSearch size={15} strokeWidth={1.75} aria-hidden="true" /> Use a folder…
        </button>
        <p>Models of other programs are used where they lie, without a copy.</p>
      </div>
    );
  return (
    <form className="models-address" onSubmit={(event) => void take(event)}>
      <label htmlFor="model-folder">Or use models where they lie, without a copy: the path of their folder</label>
      <input
        id="model-folder"
        autoComplete="off"
        spellCheck={false}
        placeholder={EXAMPLE}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <button type="submit" className="button" disabled={busy || !path.trim()}>
        <FolderSearch size={15} strokeWidth={1.75} aria-hidden="true" /> Use
      </button>
    </form>
  );
}

/** Where another program of this kind keeps its models. */
const EXAMPLE = navigator.userAgent.includes('Windows')
  ? 'C:\\Users\\you\\.lmstudio\\models'
  : '/home/you/.lmstudio/models';
