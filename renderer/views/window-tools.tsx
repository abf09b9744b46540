// Three small buttons that are always there: models, settings and keys.
import { Brain, Keyboard, Settings } from 'lucide-react';
import { isMoving } from '../models/model-words.ts';
import { IconButton } from './icon-button.tsx';
import type { ViewProps } from './view-props.ts';

export function WindowTools({ now, session, store }: ViewProps) {
  const coming = now.downloads.some(isMoving);
  return (
    <div className="window-tools">
      <IconButton
        label={now.testing ? 'Models: one is being tested' : coming ? 'Models: one is being downloaded' : 'Models'}
        onPress={() => void session.showModels()}
      >
        <Brain size={17} strokeWidth={1.7} aria-hidden="true" />
        {(coming || now.testing) && <span className="tool-dot" />}
      </IconButton>
      <IconButton label="Settings" onPress={() => store.update((s) => ({ ...s, dialog: { kind: 'settings' } }))}>
        <Settings size={17} strokeWidth={1.7} aria-hidden="true" />
      </IconButton>
      <IconButton label="Keys" onPress={() => store.update((s) => ({ ...s, dialog: { kind: 'keys' } }))}>
        <Keyboard size={17} strokeWidth={1.7} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
