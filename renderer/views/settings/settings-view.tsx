// The settings: how the window looks, how documents are read, what stays on the disk, and what may leave the machine: nothing, or not
// even a request for a model. Each is stored when it is changed, and says what it does.
import { Cpu, FolderOpen, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Settings } from '../../../main/common/api.ts';
import { count, plural, size } from '../../format.ts';
import { askLeave, notifyState } from '../../notifications.ts';
import { type Gpu, isBusy } from '../../state.ts';
import { Segments } from '../segments.tsx';
import type { ViewProps } from '../view-props.ts';
import { ProseSettings } from './prose-settings.tsx';
import { Check, Choice, Typed } from './setting-controls.tsx';

export function SettingsView(props: ViewProps & { close(): void }) {
  return (
    <div className="settings-view">
      <Look {...props} />
      <ReadingSettings {...props} />
      <ProseSettings {...props} />
      <Machine {...props} />
      <div className="dialog-foot">
        <button type="button" className="button primary" onClick={props.close}>
          Done
        </button>
      </div>
    </div>
  );
}

const THEMES: readonly { value: Settings['theme']; name: string }[] = [
  { value: 'system', name: 'As the system' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
];

const SIZES: readonly { value: Settings['textSize']; name: string }[] = [
  { value: 'small', name: 'Small' },
  { value: 'normal', name: 'Normal' },
  { value: 'large', name: 'Large' },
  { value: 'larger', name: 'Larger' },
];

function Look({ now, session }: ViewProps) {
  const { theme, textSize } = now.settings;
  return (
    <section aria-labelledby="settings-look">
      <h3 id="settings-look">The window</h3>
      <Segments
        name="Colours"
        options={THEMES}
        value={theme}
        choose={(chosen) => void session.changeSettings({ theme: chosen })}
      />
      <Segments
        name="Size of text"
        options={SIZES}
        value={textSize}
        choose={(chosen) => void session.changeSettings({ textSize: chosen })}
      />
      <Notify now={now} session={session} />
    </section>
  );
}

function Notify({ now, session }: Pick<ViewProps, 'now' | 'session'>) {
  const [leave, setLeave] = useState(() => notifyState(now.notifies));
  const { notify } = now.settings;
  const change = async (wanted: boolean) => {
    if (wanted) setLeave(await askLeave(now.notifies));
    await session.changeSettings({ notify: wanted });
  };
  return (
    <Check
      name="Notify me when long work is done"
      checked={notify && leave === 'ready'}
      change={(wanted) => void change(wanted)}
    >
      {leave === 'denied'
        ? 'This browser does not let Longleaf notify; the window’s title says it all the same.'
        : 'Only while you look elsewhere, and without the name of the document. How far it is stands in the window’s title.'}
    </Check>
  );
}

const WINDOWS = [32_768, 16_384, 8_192, 4_096, 2_048] as const;

const KV_TYPES: readonly [Settings['kvType'], string][] = [
  ['auto', 'by their size'],
  ['f32', 'exact (32 bits)'],
  ['f16', 'half (16 bits)'],
  ['q8_0', 'a quarter (8 bits)'],
];

const BUDGETS: readonly [number, string][] = [
  [0, 'nothing'],
  [2e9, 'up to 2 GB'],
  [8e9, 'up to 8 GB'],
  [32e9, 'up to 32 GB'],
];

function ReadingSettings({ now, session }: ViewProps) {
  const { largestWindow, kvType, snapshotBudget } = now.settings;
  const busy = isBusy(now);
  return (
    <section aria-labelledby="settings-reading">
      <h3 id="settings-reading">Reading</h3>
      <Choice
        name="Largest window"
        disabled={busy}
        value={largestWindow}
        options={WINDOWS.map((tokens) => [tokens, `${count(tokens)} tokens`])}
        choose={(value) => void session.changeSettings({ largestWindow: Number(value) })}
      >
        A smaller one takes less memory and time; what is longer is then read in parts. Within it, each document gets
        the smallest stretching that it needs.
      </Choice>
      <Choice
        name="Keys and values"
        disabled={busy}
        value={kvType}
        options={KV_TYPES}
        choose={(value) => void session.changeSettings({ kvType: value as Settings['kvType'] })}
      >
        What the model remembers of each token. By their size: exact where they take little, else in half. With a
        quarter the longest windows fit into less memory, and replies may differ a little.
      </Choice>
      <Choice
        name="Keep on disk what was read"
        value={snapshotBudget}
        options={BUDGETS}
        choose={(value) => void session.changeSettings({ snapshotBudget: Number(value) })}
      >
        A document that was read is ready at once when it is opened again.{' '}
        <Kept session={session} budget={snapshotBudget} />
      </Choice>
    </section>
  );
}

/** What was read into models and lies on the disk, and how to be rid of it. */
function Kept({ session, budget }: Pick<ViewProps, 'session'> & { budget: number }) {
  const [usage, setUsage] = useState<{ count: number; bytes: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a smaller budget removes some
  useEffect(() => {
    void session.snapshotUsage().then(setUsage);
  }, [session, budget]);
  if (!usage) return null;
  if (usage.count === 0) return 'Nothing is kept now.';
  const forget = async () => {
    await session.forgetReadings();
    setUsage(await session.snapshotUsage());
  };
  return (
    <>
      {size(usage.bytes)} of {plural(usage.count, 'reading')} now.{' '}
      <button type="button" className="link" onClick={() => void forget()}>
        Remove it
      </button>
    </>
  );
}

function Machine({ now, session, store }: ViewProps) {
  return (
    <section aria-labelledby="settings-machine">
      <h3 id="settings-machine">This machine</h3>
      <Check
        name="Stay offline"
        checked={now.settings.offline}
        change={(offline) => void session.changeSettings({ offline })}
      >
        Nothing leaves this machine in any case; the one thing that Longleaf can fetch is a model that you ask for. With
        this it refuses that too, and stops what is on its way.
      </Check>
      <ProxyAddress now={now} session={session} />
      <div className="setting">
        <p className="setting-name">Computes on</p>
        <p className="setting-value">
          <Cpu size={15} strokeWidth={1.7} aria-hidden="true" /> {gpuWords(now.gpu)}
        </p>
      </div>
      <div className="setting">
        <p className="setting-name">Data folder</p>
        <p className="setting-value path">{now.dataFolder}</p>
        <button type="button" className="button" onClick={() => void session.showDataFolder()}>
          <FolderOpen size={15} strokeWidth={1.75} aria-hidden="true" /> Show
        </button>
        <p className="setting-about">
          Documents, replies, models and these settings. A copy of it is a copy of everything; LONGLEAF_DATA names
          another one when Longleaf is started.
        </p>
      </div>
      <div className="setting">
        <p className="setting-name">Longleaf {now.version}</p>
        <button
          type="button"
          className="button"
          disabled={isBusy(now)}
          onClick={() => store.update((s) => ({ ...s, dialog: { kind: 'deleteEverything' } }))}
        >
          <Trash2 size={15} strokeWidth={1.75} aria-hidden="true" /> Delete everything…
        </button>
      </div>
    </section>
  );
}

function ProxyAddress({ now, session }: Pick<ViewProps, 'now' | 'session'>) {
  const { proxy } = now.settings;
  const take = (typed: string): boolean => {
    const address = typed === '' || /^https?:/i.test(typed) ? typed : `http://${typed}`;
    if (address !== '' && !URL.canParse(address)) return false;
    if (address !== proxy) void session.changeSettings({ proxy: address });
    return true;
  };
  return (
    <Typed name="Proxy" stored={proxy} placeholder="as the system says" inputMode="url" take={take}>
      Through which models are fetched where a network wants it, http://host:port; with http://name:password@host:port
      if it asks who you are. Empty: as the system says.
    </Typed>
  );
}

function gpuWords(gpu: Gpu): string {
  if (gpu.status === 'checking') return 'Looking for the graphics card…';
  if (gpu.status === 'none') return gpu.sentence;
  return gpu.software ? `${gpu.name}: a software adapter, much slower than a graphics card` : gpu.name;
}
