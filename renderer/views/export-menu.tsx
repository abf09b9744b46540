// Exports of what is on show: the one reply, or everything that was said about the document, as Markdown, HTML, PDF or JSON.
import { Download } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import type { ExportFormat } from '../../reading/index.ts';

export interface ExportChoice {
  /** "This summary". */
  name: string;
  save(format: ExportFormat): void;
}

const FORMATS: readonly { format: ExportFormat; name: string }[] = [
  { format: 'md', name: 'Markdown' },
  { format: 'html', name: 'Web page' },
  { format: 'pdf', name: 'PDF' },
  { format: 'json', name: 'JSON' },
];

export function ExportMenu({ choices }: { choices: readonly ExportChoice[] }) {
  return (
    <MenuTrigger>
      <Button className="button">
        <Download size={15} strokeWidth={1.75} aria-hidden="true" /> Export
      </Button>
      <Popover className="menu-popover" placement="top start">
        <Menu className="menu" aria-label="Export">
          {choices.map(({ name, save }) => (
            <MenuSection key={name}>
              <Header className="menu-head">{name}</Header>
              {FORMATS.map(({ format, name: shown }) => (
                <MenuItem key={format} className="menu-item" onAction={() => save(format)}>
                  {shown}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
