import { waitFor } from '@exrec/testing';
import { openBrowser, type Browser } from './browser.js';
import { barriers, overflowOf, seen, signIn } from './visit.js';
import { startWholeStack, type WholeStack } from './whole-stack.js';

const longMs = 120_000;
let stack: WholeStack;
let browser: Browser;
/** The call that Genesys Cloud refuses once. */
let refused: string;

beforeAll(async () => {
  stack = await startWholeStack();
  // Once: it is taken when it is sent again.
  await stack.gc.faults.order({
    ...{ target: 'gc.uploads', status: 400, code: 'invalid', message: 'no such division' },
  });
  const [call] = await stack.play('queue-call');
  refused = call?.callUUID ?? '';
  await until(async () => (await stateOf(refused)) === 'failed');
  await stack.play(
    ...['direct-call', 'transcription-off', 'consult-transfer', 'conference', 'trunk-recording'],
    ...['out-of-scope', 'two-lines-of-business'],
  );
  browser = await openBrowser();
  browser.page.setDefaultTimeout(longMs);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const until = (check: () => Promise<boolean>) => waitFor('it', check, { timeoutMs: longMs });

async function recordingsOf(call: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { recordings = [] } = (await stack.ask(`/api/v1/interactions/${call}`)) as {
    recordings?: readonly Readonly<Record<string, unknown>>[];
  };
  return recordings;
}

async function stateOf(call: string): Promise<unknown> {
  return (await recordingsOf(call))[0]?.state;
}

it('sends a refused recording again, from a click to Genesys Cloud', async () => {
  const { page } = browser;
  await signIn(browser, stack.url);
  await page.getByRole('link', { name: 'Genesys Cloud refused it' }).click();
  const card = page.getByRole('article').filter({ hasText: 'Genesys Cloud refused it' });
  await card.getByRole('button', { name: 'Send again' }).click();
  const dialog = card.getByRole('dialog');
  await dialog.getByText('The recording is sent again at once.').waitFor();
  await dialog.getByLabel('Reason').fill('the division is there now');
  await dialog.getByRole('button', { name: 'Send again' }).click();
  // Who did it and why, and how far it is.
  const job = page.getByRole('row').filter({ hasText: 'the division is there now' });
  await job.getByText('1 of 1 sent again').waitFor();
  expect(await job.textContent()).toContain('admin');
  await page.getByText('No failed recordings.').waitFor();
  await page.goto(`${stack.url}/calls/${refused}`);
  await page.locator('.state').getByText('in Genesys Cloud').first().waitFor();
  await page.getByText('by admin: the division is there now').waitFor();
  const [recording] = await recordingsOf(refused);
  expect(recording).toMatchObject({
    state: 'confirmed',
    requeues: [{ by: 'admin', why: 'the division is there now' }],
  });
  await stack.gc.settled();
  const arrived = stack.gc
    .recordings()
    .filter(({ recordingId }) => recordingId === recording?.recordingId);
  expect(arrived).toHaveLength(1);
});

it('tells of a call what Genesys Cloud was told, and every decision in words', async () => {
  const { page } = browser;
  await page.goto(`${stack.url}/calls/${refused}`);
  await page.getByText('conversation complete').first().waitFor();
  await page.getByText('events told to Genesys Cloud').click();
  await page.getByRole('cell', { name: 'communicationEnded' }).first().waitFor();
  const text = (await page.locator('main').textContent()) ?? '';
  expect(text).toContain('by the queue map.');
  expect(text).toContain('when the agent answered.');
  expect(text).toContain('failed: Genesys Cloud refused it');
  expect(text).toContain('no such division');
  await seen(browser, 'call', true);
  expect(await barriers(browser)).toEqual([]);
});

it('says what would happen to a recording, and how queues stand in Genesys Cloud', async () => {
  const { page } = browser;
  await page.getByRole('link', { name: 'Transcription' }).click();
  const form = page.getByRole('article').filter({ hasText: 'What would happen' });
  await form.getByLabel('Queue').fill('VQ_Billing');
  await form.getByLabel('Agent', { exact: true }).fill('agent7105');
  await form.getByRole('button', { name: 'Ask' }).click();
  await form.getByText('has voice transcription switched off in Genesys Cloud.').first().waitFor();
  await form.getByLabel('Queue').fill('VQ_TechSupport');
  await form.getByLabel(/^Language of the call/).fill('de-DE');
  await form.getByRole('button', { name: 'Ask' }).click();
  await form.getByText('language de-DE.').waitFor();
  await form.getByText('The call data said de-DE when the agent answered.').waitFor();
  await form.getByText('In the sync scope').waitFor();
  const queue = page.getByRole('row').filter({ hasText: 'VQ_TechSupport' });
  await queue.getByText('Transcribed').waitFor();
  await seen(browser, 'transcription', true);
  expect(await barriers(browser)).toEqual([]);
});

it('shows keys with fingerprint, age and expiry, OAuth clients, instances and who did what', async () => {
  const { page } = browser;
  await page.getByRole('link', { name: 'Operations' }).click();
  const { fingerprint } = stack.gc.currentKey();
  await page.getByText(fingerprint.match(/.{4}/g)?.join(' ') ?? '').waitFor();
  await page.getByText('recordings are sealed to this one').waitFor();
  await page.getByText('Genesys Cloud lets it in').waitFor();
  for (const service of ['excp', 'exrp', 'ledger'])
    await page.getByRole('cell', { name: service }).first().waitFor();
  await page.getByRole('cell', { name: 'the division is there now' }).waitFor();
  await seen(browser, 'operations', true);
  expect(await barriers(browser)).toEqual([]);
});

it('says with one click whether anything is missing since Monday', async () => {
  const { page } = browser;
  // All that was played has come where it belongs.
  await until(async () => {
    const { states } = (await stack.ask('/api/v1/overview?from=2020-01-01')) as {
      states: Record<string, number>;
    };
    const { confirmed = 0, 'out-of-scope': outside = 0 } = states;
    const all = Object.values(states).reduce((sum, count) => sum + count, 0);
    return all > 8 && all === confirmed + outside;
  });
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Since Monday' }).click();
  await page.getByText('0 failed. 0 unexplained.').waitFor();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByText('Nothing is missing').waitFor();
  await page.getByText(/Compared \d/).waitFor();
  await page.getByText('Lost within two hours if nothing changes: none.').waitFor();
  await seen(browser, 'overview', true);
  expect(await overflowOf(browser)).toBe(0);
  expect(await barriers(browser)).toEqual([]);
  expect(browser.complaints).toEqual([]);
});
