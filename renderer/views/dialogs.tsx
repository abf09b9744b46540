// The dialogs: the list of keys, the password of a locked PDF, models, settings, the position lens, the palette, the choice of documents to
// be asked together, and the questions before a document or everything is forgotten.
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { keyList } from '../commands.ts';
import { dialogClosed, type State } from '../state.ts';
import { ChooseDocuments } from './choose-documents.tsx';
import { PositionLens } from './lens/position-lens.tsx';
import { ModelsView } from './models/models-view.tsx';
import { Palette } from './palette.tsx';
import { DeleteEverything } from './settings/delete-everything.tsx';
import { SettingsView } from './settings/settings-view.tsx';
import type { ViewProps } from './view-props.ts';

type Asked<K extends NonNullable<State['dialog']>['kind']> = Extract<State['dialog'], { kind: K }>;

const WIDE = new Set<NonNullable<State['dialog']>['kind']>(['models', 'lens', 'settings']);

export function Dialogs(props: ViewProps) {
  const { dialog } = props.now;
  const close = () => props.store.update(dialogClosed);
  if (!dialog) return null;
  return (
    <ModalOverlay
      className="overlay"
      data-top={dialog.kind === 'palette' || undefined}
      isOpen
      isDismissable
      onOpenChange={(open) => !open && close()}
    >
      <Modal className="modal" data-wide={WIDE.has(dialog.kind) || undefined}>
        {dialog.kind === 'palette' && <Palette {...props} close={close} />}
        {dialog.kind === 'keys' && <Keys close={close} />}
        {dialog.kind === 'password' && <Password asked={dialog} close={close} />}
        {dialog.kind === 'remove' && <Forget {...props} asked={dialog} close={close} />}
        {dialog.kind === 'models' && (
          <Framed title="Models">
            <ModelsView {...props} asked={props.now.modelsView} close={close} />
          </Framed>
        )}
        {dialog.kind === 'lens' && (
          <Framed title="Position lens">
            <PositionLens {...props} close={close} />
          </Framed>
        )}
        {dialog.kind === 'settings' && (
          <Framed title="Settings">
            <SettingsView {...props} close={close} />
          </Framed>
        )}
        {dialog.kind === 'deleteEverything' && (
          <Framed title="Delete everything?" alert>
            <DeleteEverything {...props} close={close} />
          </Framed>
        )}
        {dialog.kind === 'choose' && (
          <Framed title="Ask several documents">
            <ChooseDocuments {...props} close={close} />
          </Framed>
        )}
      </Modal>
    </ModalOverlay>
  );
}

function Framed({ title, alert, children }: { title: string; alert?: boolean; children: ReactNode }) {
  return (
    <Dialog className="dialog" role={alert ? 'alertdialog' : 'dialog'}>
      <Heading slot="title" level={2}>
        {title}
      </Heading>
      {children}
    </Dialog>
  );
}

const Keys = ({ close }: { close(): void }) => (
  <Framed title="Keys">
    <dl className="key-list">
      {keyList.map(({ keys, does }) => (
        <div key={does}>
          <dt>{does}</dt>
          <dd>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
    <div className="dialog-foot">
      <button type="button" className="button" onClick={close}>
        Close
      </button>
    </div>
  </Framed>
);

function Password({ asked, close }: { asked: Asked<'password'>; close(): void }) {
  const [password, setPassword] = useState('');
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    if (!password) return;
    asked.unlock(password);
    close();
  };
  return (
    <Framed title="This PDF is locked">
      <form onSubmit={unlock}>
        <p className="dialog-text">
          {asked.wrong ? 'Wrong password. Try again.' : `${asked.name} opens with its password, which is not stored.`}
        </p>
        <label className="field">
          Password
          <input
            // biome-ignore lint/a11y/noAutofocus: the dialog was opened to ask for just this
            autoFocus
            type="password"
            autoComplete="off"
            value={password}
            aria-invalid={asked.wrong}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={!password}>
            Unlock
          </button>
        </div>
      </form>
    </Framed>
  );
}

const Forget = ({ session, asked, close }: ViewProps & { asked: Asked<'remove'>; close(): void }) => (
  <Framed title="Forget this document?" alert>
    <p className="dialog-text">
      “{asked.row.title || asked.row.name}”, its {asked.row.runs === 1 ? 'one reply' : `${asked.row.runs} replies`} and
      everything that was read of it into a model will be removed from Longleaf. Your own file stays where it is.
    </p>
    <div className="dialog-foot">
      <button type="button" className="button" onClick={close}>
        Keep it
      </button>
      <button type="button" className="button danger" onClick={() => void session.removeDocument(asked.row)}>
        Forget
      </button>
    </div>
  </Framed>
);
