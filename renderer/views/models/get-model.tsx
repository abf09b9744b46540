// Where another model can be had: the catalogue, or an address. Nothing is asked of a server before a button is pressed.
import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type CatalogueModel, catalogue } from '../../../main/common/catalogue.ts';
import { count, size } from '../../format.ts';
import { roughFit } from '../../models/model-words.ts';
import { FitLine } from './model-facts.tsx';
import type { ModelsProps } from './models-props.ts';

export function GetModel(props: ModelsProps) {
  const { now, asked, session } = props;
  const [address, setAddress] = useState('');
  const busy = asked.busy !== undefined || now.settings.offline;
  const software = now.gpu.status === 'found' && now.gpu.software;
  const here = new Set(now.models.map(({ sha256 }) => sha256));
  const others = catalogue.filter(({ sha256 }) => !here.has(sha256));
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim()) void session.lookAtAddress(address.trim());
  };
  return (
    <section aria-labelledby="models-more">
      <h3 id="models-more">Get another</h3>
      {now.settings.offline && (
        <p className="models-problem">
          Longleaf is set to stay offline: nothing is fetched until that is changed in its settings.
        </p>
      )}
      <p className="models-note">
        The only thing for which Longleaf uses the network, and only when you press a button here: the file is asked for
        by https, and nothing of your documents is sent.
      </p>
      {software && (
        <p className="models-note">
          This machine computes without a graphics card: models of this size work, and are very slow.
        </p>
      )}
      <ul className="models">
        {others.map((model) => (
          <Entry key={model.id} model={model} first={model === catalogue[0] && !software} busy={busy} {...props} />
        ))}
      </ul>
      <form className="models-address" onSubmit={look}>
        <label htmlFor="model-address">Or the address of a GGUF file</label>
        <input
          id="model-address"
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://huggingface.co/…/resolve/main/….gguf"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <button type="submit" className="button" disabled={busy || !address.trim()}>
          <Search size={15} strokeWidth={1.9} aria-hidden="true" /> Details…
        </button>
      </form>
    </section>
  );
}

function Entry({
  model,
  first,
  busy,
  now,
  session,
}: ModelsProps & { model: CatalogueModel; first: boolean; busy: boolean }) {
  const fit = roughFit(model, now.room);
  const coming = now.downloads.some(
    ({ address, state }) => address === model.url && state !== 'asked' && state !== 'done',
  );
  return (
    <li className="model">
      <div className="model-row">
        <span className="model-name">
          {model.name} {first && <span className="model-badge">Recommended</span>}
        </span>
        <span className="model-actions">
          <button
            type="button"
            className="button"
            disabled={busy || coming}
            onClick={() => void session.lookAtEntry(model)}
          >
            {coming ? 'On the way' : 'Details…'}
            <span className="unseen"> {coming ? '' : `of ${model.name}`}</span>
          </button>
        </span>
      </div>
      <div className="model-about">
        <p>{model.about}</p>
        <p>
          {size(model.bytes)} · trained on {count(model.context)} tokens · {model.licence}
        </p>
        {fit && <FitLine fit={fit} />}
      </div>
    </li>
  );
}
