// Three small buttons that are always there: models, theme and keys.
import { Brain, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import type { ViewProps } from '../app.tsx';
import { isMoving } from '../model-words.ts';
import { nextTheme } from '../theme.ts';
import { IconButton } from './icon-button.tsx';

const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function WindowTools({ now, session, store }: ViewProps) {
  const { theme } = now.settings;
  const coming = now.downloads.some(isMoving);
  const Icon = ICONS[theme];
  return (
    <div className="window-tools">
      <IconButton
        label={now.testing ? 'Models: one is being tested' : coming ? 'Models: one is being downloaded' : 'Models'}
        onPress={() => void session.showModels()}
      >
        <Brain size={17} strokeWidth={1.7} aria-hidden="true" />
        {(coming || now.testing) && <span className="tool-dot" />}
      </IconButton>
      <IconButton
        label={`Theme: ${theme}. Change to ${nextTheme(theme)}`}
        onPress={() => void session.changeSettings({ theme: nextTheme(theme) })}
      >
        <Icon size={17} strokeWidth={1.7} aria-hidden="true" />
      </IconButton>
      <IconButton label="Keys" onPress={() => store.update((s) => ({ ...s, dialog: { kind: 'keys' } }))}>
        <Keyboard size={17} strokeWidth={1.7} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
