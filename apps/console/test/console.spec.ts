import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@exrec/testing';
import { openBrowser, type Browser } from './browser.js';
import {
  callOf,
  startLedger,
  tellCall,
  token,
  viewerToken,
  type LedgerWithRows,
} from './ledger-with-rows.js';

const axeSource = createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js');
/** `EXREC_SCREENSHOTS=<folder>` keeps what was seen. */
const screenshots = process.env.EXREC_SCREENSHOTS;

let dir: string;
let rows: LedgerWithRows;
let browser: Browser;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-console-'));
  const tokens = join(dir, 'tokens.yaml');
  const sha256 = createHash('sha256').update(viewerToken).digest('hex');
  await writeFile(tokens, `- {name: vera, role: viewer, sha256: "${sha256}"}\n`);
  rows = await startLedger({ EXREC_TOKENS_FILE: tokens });
  for (let index = 0; index < 12; index += 1)
    await tellCall(rows, index, 5 + index * 7, { state: 'confirmed' });
  await tellCall(rows, 20, 30, {
    state: 'failed',
    cause: 'gc-rejected',
    detail: 'no such division',
  });
  await tellCall(rows, 21, 32, { state: 'failed', cause: 'audio-invalid' });
  await tellCall(rows, 22, 34, { state: 'waiting', cause: 'gc-unavailable' });
  await rows.caughtUp();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await rows.stop();
  await rm(dir, { recursive: true });
});

const url = (path: string) => `${rows.ledger.url}${path}`;

async function signIn({ page }: Browser, as = token): Promise<void> {
  await page.goto(url('/'));
  await page.getByLabel('Token').fill(as);
  await page.getByRole('button', { name: /Sign in|Anmelden/ }).click();
  await page.getByRole('navigation').waitFor();
}

async function seen({ page }: Browser, name: string): Promise<void> {
  if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** What a person who cannot see or click would stumble over. */
async function barriers({ page }: Browser): Promise<string[]> {
  await page.evaluate(await readFile(axeSource, 'utf8'));
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
    ).axe;
    return (await axe.run()).violations.map(({ id }) => id);
  });
}

it('lets nobody in with a wrong token, and says what to do', async () => {
  const { page } = browser;
  await page.goto(url('/'));
  await page.getByLabel('Token').fill('guess');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('This token is not known');
  expect(await barriers(browser)).toEqual([]);
  // The refusal itself is told by the browser.
  browser.complaints.length = 0;
});

it('shows on one page whether to worry', async () => {
  const { page } = browser;
  await signIn(browser);
  await page.getByText('0 unexplained').waitFor();
  await page.getByRole('link', { name: 'Genesys Cloud refused it' }).waitFor();
  await page.getByRole('link', { name: 'Genesys Cloud not reachable' }).waitFor();
  await page.locator('li', { hasText: 'ledger' }).waitFor();
  await seen(browser, 'overview');
  expect(await barriers(browser)).toEqual([]);
});

it.each(['agent7105', '0110', 'VQ_Billing', callOf(3)])('finds calls by %s', async (what) => {
  const { page } = browser;
  await page.getByLabel('Search').fill(what);
  await page.keyboard.press('Enter');
  await page.locator('table tbody tr').first().waitFor();
  expect(page.url()).toContain(`q=${what}`);
  await seen(browser, 'search');
});

it('shows of a call why it was not transcribed and why it failed, without a whole number', async () => {
  const { page } = browser;
  await page.goto(url(`/calls/${callOf(20)}`));
  await page.getByText('no such division').waitFor();
  const text = await page.locator('main').textContent();
  expect(text).toContain('Mend what Genesys Cloud names, then send again.');
  expect(text).toContain('…0110');
  expect(text).not.toContain('5550110');
  await page.goto(url(`/calls/${callOf(1)}`));
  await page.getByText('has voice transcription switched off').waitFor();
  await seen(browser, 'call');
  expect(await barriers(browser)).toEqual([]);
});

it('shows failed recordings by cause, with what to do, and says what sending again would do', async () => {
  const { page } = browser;
  await page.getByRole('link', { name: 'Failed', exact: true }).click();
  await page.getByRole('heading', { name: /Genesys Cloud refused it/ }).waitFor();
  await page.getByRole('button', { name: 'Send again' }).first().click();
  await page.getByRole('dialog').getByText('The recording is sent again at once.').waitFor();
  await seen(browser, 'failed');
  await page.keyboard.press('Escape');
  expect(await barriers(browser)).toEqual([]);
});

it('sees a new recording without being asked to look', async () => {
  const { page } = browser;
  await page.goto(url('/'));
  await page.getByText('0 unexplained').waitFor();
  const before = await page.getByRole('heading', { level: 1 }).textContent();
  await tellCall(rows, 40, 1, { state: 'confirmed' });
  await waitFor('another sentence', async () => {
    return (await page.getByRole('heading', { level: 1 }).textContent()) !== before;
  });
});

it('keeps to its policy, and complains about nothing', async () => {
  const { page } = browser;
  for (const path of ['/', '/failed', '/operations']) {
    await page.goto(url(path));
    await page.locator('h1').waitFor();
  }
  // EXCP, which would tell the events of a call, is not running here.
  expect(browser.complaints.filter((line) => !line.includes('503'))).toEqual([]);
  const response = await page.request.get(url('/'));
  expect(response.headers()['content-security-policy']).toContain("default-src 'none'");
});

it('offers a viewer no action, and speaks German to whoever wants that', async () => {
  const german = await openBrowser({ locale: 'de-DE', width: 390, colorScheme: 'dark' });
  try {
    await signIn(german, viewerToken);
    await german.page.getByText('ungeklärt').waitFor();
    await seen(german, 'phone');
    await german.page.getByRole('link', { name: 'Fehlgeschlagen' }).first().click();
    await german.page.getByRole('heading', { name: /Genesys Cloud lehnte ab/ }).waitFor();
    expect(await german.page.getByRole('button', { name: 'Erneut senden' }).count()).toBe(0);
    const overflow = await german.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    expect(await barriers(german)).toEqual([]);
  } finally {
    await german.close();
  }
});

it('says in a sentence that the session has ended or the ledger is away', async () => {
  const { page } = browser;
  await page.context().clearCookies();
  await page.goto(url('/failed'));
  await page.getByLabel('Token').waitFor();
  await signIn(browser);
  await rows.ledger.kill();
  await page.getByRole('link', { name: 'Transcription' }).click();
  await page.getByText('The ledger does not answer').waitFor();
});
