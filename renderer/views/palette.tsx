// The palette: one field over commands, documents of the library and replies made before; arrows choose, Enter does it (the first where none was chosen),
// Esc closes. The
// focus stays in the field, and what Enter would do is named to a screen reader.
import { CornerDownLeft, FileText, MessageCircleQuestion, ScrollText, Search, TextSearch } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import type { FoundReply } from '../../main/common/api.ts';
import type { Acts } from '../acts.ts';
import { type PaletteItem, paletteFor, stretchesOf, wordsOf } from '../search/palette.ts';
import type { ViewProps } from './view-props.ts';

/** Milliseconds after the last letter before the history is searched. */
const PAUSE = 120;
/** Characters, as many as main takes. */
const LONGEST = 200;

interface PaletteProps extends ViewProps {
  acts: Acts;
  close(): void;
}

export function Palette({ now, session, acts, close }: PaletteProps) {
  const [typed, setTyped] = useState('');
  const found = useReplies(session, typed);
  const sections = paletteFor(now, typed, found);
  const items = sections.flatMap((section) => section.items);
  const words = wordsOf(typed);
  const act = (key: unknown) => {
    const item = items.find((one) => one.key === key);
    if (!item) return;
    close();
    // After the dialog has given the focus back to where it was.
    requestAnimationFrame(() => requestAnimationFrame(() => carryOut(item)));
  };
  // A list that comes late, after the letters, may have no entry that is chosen.
  const press: TextFieldProps['onKeyDown'] = (event) => {
    const chosen = (event.target as Element).closest('.palette')?.querySelector('.palette-item[data-focused]');
    if (event.key === 'Enter' && !chosen && !event.nativeEvent.isComposing) act(items[0]?.key);
    else event.continuePropagation();
  };
  const carryOut = (item: PaletteItem) => {
    if (item.kind === 'command') acts[item.command.id]();
    else if (item.kind === 'find') acts.findWords(words.join(' '));
    else if (item.kind === 'document') void session.showDocument(item.row.id);
    else void session.showReply(item.reply);
  };
  return (
    <Dialog className="palette" aria-label="Search documents, replies and commands">
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <TextField
          aria-label="Search documents, replies and commands"
          className="palette-field"
          autoFocus
          onKeyDown={press}
        >
          <Search size={17} strokeWidth={1.8} aria-hidden="true" />
          <Input
            placeholder="Search documents, replies and commands"
            maxLength={LONGEST}
            spellCheck={false}
            dir="auto"
          />
        </TextField>
        <ListBox
          className="palette-list"
          aria-label="Found"
          selectionMode="none"
          onAction={act}
          items={sections}
          dependencies={[typed]}
          renderEmptyState={() => <p className="palette-none">Nothing is called so, and no reply says it.</p>}
        >
          {(section) => (
            <ListBoxSection id={section.title}>
              <Header className="palette-head">{section.title}</Header>
              <Collection items={section.items} dependencies={[typed]}>
                {(item) => (
                  <ListBoxItem id={item.key} className="palette-item" textValue={item.text}>
                    <Item item={item} words={words} />
                  </ListBoxItem>
                )}
              </Collection>
            </ListBoxSection>
          )}
        </ListBox>
      </Autocomplete>
      <output className="unseen">
        {typed.trim() && (items[0] ? `${items.length} found. Enter: ${items[0].text}` : 'Nothing found')}
      </output>
    </Dialog>
  );
}

/** Replies with these words, a moment after they were typed. */
function useReplies(session: ViewProps['session'], typed: string): readonly FoundReply[] {
  const [found, setFound] = useState<{ of: string; replies: readonly FoundReply[] }>({ of: '', replies: [] });
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(async () => {
      const replies = await session.searchReplies(typed);
      if (wanted) setFound({ of: typed, replies });
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, typed]);
  // Those before stay while more is typed, until the others are there.
  return typed.startsWith(found.of) ? found.replies : [];
}

function Item({ item, words }: { item: PaletteItem; words: readonly string[] }): ReactNode {
  if (item.kind === 'command')
    return (
      <>
        <CornerDownLeft size={15} strokeWidth={1.7} aria-hidden="true" />
        <span className="palette-text">
          <Marked text={item.text} words={words} />
        </span>
        <span className="palette-keys">
          {item.command.keys?.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </>
    );
  if (item.kind === 'find')
    return (
      <>
        <TextSearch size={15} strokeWidth={1.7} aria-hidden="true" />
        <span className="palette-text" dir="auto">
          {item.text}
        </span>
      </>
    );
  const Icon = item.kind === 'document' ? FileText : item.reply.kind === 'summary' ? ScrollText : MessageCircleQuestion;
  return (
    <>
      <Icon size={15} strokeWidth={1.7} aria-hidden="true" />
      <span className="palette-text" dir="auto">
        <Marked text={item.text} words={words} />
      </span>
      <span className="palette-facts" dir="auto">
        {item.facts}
      </span>
      {item.kind === 'reply' && (
        <span className="palette-snippet" dir="auto">
          <Marked text={item.snippet} words={words} />
        </span>
      )}
    </>
  );
}

const Marked = ({ text, words }: { text: string; words: readonly string[] }) =>
  stretchesOf(text, words).map(({ start, text: part, found }) => (found ? <b key={start}>{part}</b> : part));
