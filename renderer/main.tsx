// Where the window starts: its one store, its connection to main, its engine worker, and the views.
import './no-eval.ts';
import { createRoot } from 'react-dom/client';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/start.css';
import './styles/shell.css';
import './styles/pages.css';
import './styles/reply.css';
import './styles/status.css';
import './styles/choice.css';
import './styles/ribbon.css';
import './styles/lens.css';
import './styles/compare.css';
import './styles/text.css';
import './styles/outline.css';
import './styles/find.css';
import './styles/thumbnails.css';
import './styles/palette.css';
import './styles/models.css';
import './styles/self-test.css';
import './styles/settings.css';
import { App } from './app.tsx';
import { watchWork } from './attention.ts';
import { connect } from './connection.ts';
import { checkGpu } from './engine/gpu-check.ts';
import { createReaderClient, type WorkerPort } from './engine/reader-client.ts';
import { createGlance } from './glance.ts';
import { attentionMeans } from './notifications.ts';
import { problemOf } from './problems.ts';
import { createFinding } from './search/finding.ts';
import { createSession } from './session.ts';
import { started } from './state.ts';
import { createStore } from './store.ts';

const store = createStore();
const glance = createGlance();
const finding = createFinding(store, glance);
const reader = createReaderClient(
  () => new Worker(new URL('./engine/engine.worker.ts', import.meta.url), { type: 'module' }) as WorkerPort,
);
const root = createRoot(document.getElementById('root')!);

async function begin() {
  const api = await connect();
  const session = createSession(store, api, reader, finding);
  const [start, library] = await Promise.all([api.start(), api.documents()]);
  store.update((state) => started(state, start, library));
  addEventListener('focus', watchWork(store, attentionMeans(api, start.notifies)));
  root.render(<App store={store} glance={glance} finding={finding} session={session} />);
  void session.watchDownloads();
  const gpu = await checkGpu(reader);
  store.update((state) => ({ ...state, gpu }));
}

begin().catch((error: unknown) => {
  const { sentence } = problemOf(
    error,
    'Longleaf could not start; your documents and history are kept. Start it again.',
  );
  root.render(
    <main className="ended">
      <p>{sentence}</p>
    </main>,
  );
});
