// Which documents of the library are asked together.
import { useState } from 'react';
import { findAll } from '../../reading/words/find.ts';
import { plural } from '../format.ts';
import type { ViewProps } from './view-props.ts';

/** So many can be looked through by eye. */
const FEW = 8;

export function ChooseDocuments({ now, session, store, close, chooseFile }: ViewProps & { close(): void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(now.document ? [now.document.id] : []));
  const toggle = (id: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const [words, setWords] = useState('');
  const shown = now.library.filter(
    ({ id, title, name }) =>
      chosen.has(id) || words.trim() === '' || findAll(`${title}\n${name}`, words.trim()).length > 0,
  );
  const start = () => {
    session.compare([...chosen]);
    store.update((s) => ({ ...s, dialog: undefined }));
  };
  return (
    <>
      <p className="dialog-text">Each is read by itself; what they say is set side by side.</p>
      {now.library.length > FEW && (
        <label className="field">
          Only those called
          <input type="text" maxLength={200} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        </label>
      )}
      <ul className="choose-list">
        {shown.map(({ id, title, name, pages }) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span className="choose-name" dir="auto">
                {title || name}
                {title !== '' && title !== name && <span className="choose-facts">{name}</span>}
              </span>
              <span className="choose-facts">{plural(pages, 'page')}</span>
            </label>
          </li>
        ))}
      </ul>
      <div className="dialog-foot">
        <button
          type="button"
          className="button quiet aside"
          onClick={() => {
            close();
            chooseFile();
          }}
        >
          Open more…
        </button>
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button primary" disabled={chosen.size < 2} onClick={start}>
          {chosen.size < 2 ? 'Choose two or more' : `Ask ${chosen.size} documents`}
        </button>
      </div>
    </>
  );
}
