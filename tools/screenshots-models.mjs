// The models view in all its states, for `npm run screenshots`: a server on this machine stands in for the network.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { smallLlama } from '../tests/gpu/gguf/small-llama.ts';
import { startModelServer } from '../tests/main/services/downloads/model-server.ts';

const embedded = fileURLToPath(new URL('../assets/models/longleaf-sprig-q8_0.gguf', import.meta.url));
const instruct = {
  'general.name': 'Meadow Instruct',
  'general.license': 'apache-2.0',
  'llama.context_length': 8192,
  'tokenizer.chat_template': "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}",
};

/** For `startChromiumHost`. */
export const loopbackToo = { mayFetch: ({ hostname }) => hostname === '127.0.0.1', patience: [] };

/** `shoot` takes a picture of what the page shows; the models view is closed before and after. */
export async function shootModels(page, shoot) {
  const button = (name) => page.getByRole('button', { name });
  const server = await startModelServer();
  const sprig = await readFile(embedded);
  server.files.set('sprig-large-Q8_0.gguf', sprig);
  server.files.set('meadow-instruct-Q8_0.gguf', Buffer.from(smallLlama(instruct)));
  const look = async (file) => {
    await page.getByRole('textbox', { name: /address of a GGUF file/ }).fill(server.url(file));
    await button('Details…').last().click();
  };
  try {
    await button('Models').click();
    await page
      .getByText(/tokens fits? here/)
      .first()
      .waitFor();
    await shoot(page, 'models');
    await look('meadow-instruct-Q8_0.gguf');
    await button(/^Download/).waitFor();
    await shoot(page, 'models-offer');
    await button(/^Download/).click();
    await button(/^Use it/).click();
    await button(/^Remove meadow/i).click();
    await page.getByText('Remove it?').waitFor();
    await shoot(page, 'models-removing');
    await button('Remove', true).last().click();
    server.pace = 400_000;
    await look('sprig-large-Q8_0.gguf');
    await button(/^Download/).click();
    await page.getByText(/a second · /).waitFor();
    await page.waitForTimeout(3_000);
    await shoot(page, 'models-downloading');
    await button(/^Stop sprig/).click();
    await button(/^Resume/).waitFor();
    await shoot(page, 'models-stopped');
    server.files.set('sprig-large-Q8_0.gguf', Buffer.concat([sprig, sprig]));
    await button(/^Resume/).click();
    await page.getByText(/not the same as before/).waitFor();
    await shoot(page, 'models-failed');
    await button(/^Discard/).click();
    await page.setViewportSize({ width: 420, height: 800 });
    await shoot(page, 'models-narrow');
    await page.setViewportSize({ width: 1360, height: 860 });
    await page.keyboard.press('Escape');
  } finally {
    await server.close();
  }
}
