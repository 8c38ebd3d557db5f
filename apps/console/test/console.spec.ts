import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@exrec/testing';
import { openBrowser, type Browser } from './browser.js';
import {
  callOf,
  startLedger,
  tellAnHour,
  tellCall,
  operatorToken,
  token,
  viewerToken,
  type LedgerWithRows,
} from './ledger-with-rows.js';
import { barriers, overflowOf, seen, signIn } from './visit.js';

/** EXCP and EXRP are not needed here. */
const nobody = { EXCP_URL: 'http://127.0.0.1:9', EXRP_URL: 'http://127.0.0.1:9' };

let dir: string;
let rows: LedgerWithRows;
let browser: Browser;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-console-'));
  const tokens = join(dir, 'tokens.yaml');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  await writeFile(
    tokens,
    `- {name: vera, role: viewer, sha256: "${sha256(viewerToken)}"}
- {name: night-desk, role: operator, sha256: "${sha256(operatorToken)}"}
`,
  );
  rows = await startLedger({ ...nobody, EXREC_TOKENS_FILE: tokens });
  await tellAnHour(rows);
  await rows.caughtUp();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await rows.stop();
  await rm(dir, { recursive: true });
});

const url = (path: string) => `${rows.ledger.url}${path}`;

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
  await signIn(browser, url('/'));
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
  expect(text).toContain(
    'To be transcribed with the program Tech support quality, language de-DE.',
  );
  expect(text).not.toContain('5550110');
  await page.goto(url(`/calls/${callOf(1)}`));
  await page.getByText('has voice transcription switched off in Genesys Cloud.').waitFor();
  await seen(browser, 'call');
  expect(await barriers(browser)).toEqual([]);
});

it('finds a call that goes on, and shows how its conversation stands', async () => {
  const { page } = browser;
  const running = callOf(90);
  await rows.tell('interaction', running, {
    ...{ callUUIDs: [running], state: 'open', direction: 'inbound', startMs: Date.now() - 60_000 },
    ...{ ani: '+49307770044', dnis: '8005550199', flags: [], agents: ['agent7109'], dns: [] },
    ...{ queues: [], segments: 0, conversationState: 'open' },
  });
  await rows.caughtUp();
  await page.getByLabel('Search').fill('0044');
  await page.keyboard.press('Enter');
  await page.getByText('goes on · agent7109').waitFor();
  expect(await barriers(browser)).toEqual([]);
  await page.getByRole('listitem').filter({ hasText: 'agent7109' }).getByRole('link').click();
  await page.getByText('goes on').waitFor();
  const text = await page.locator('main').textContent();
  expect(text).toContain('conversation open');
  expect(text).toContain('No recordings of this call.');
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
    await signIn(german, url('/'), viewerToken);
    await german.page.getByText('ungeklärt').waitFor();
    await seen(german, 'phone');
    await german.page.getByRole('link', { name: 'Fehlgeschlagen' }).first().click();
    await german.page.getByRole('heading', { name: /Genesys Cloud lehnte ab/ }).waitFor();
    expect(await german.page.getByRole('button', { name: 'Erneut senden' }).count()).toBe(0);
    expect(await overflowOf(german)).toBe(0);
    expect(await barriers(german)).toEqual([]);
  } finally {
    await german.close();
  }
});

it('finds the call of an agent at a time, as people write it', async () => {
  const { page } = browser;
  const at = new Date(Date.now() - 12 * 60_000);
  await tellCall(rows, 52, 12, { state: 'confirmed' });
  await rows.caughtUp();
  const clock = at.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
  await page.goto(url('/'));
  await page.getByText('0 unexplained').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(`agent:7106 ${clock}`);
  await page.keyboard.press('Enter');
  await page.locator(`a[href="/calls/${callOf(52)}"]`).press('Enter');
  await page.getByRole('heading', { name: callOf(52) }).waitFor();
});

it('says how many have come since, and moves nothing until it is asked to', async () => {
  const { page } = browser;
  await page.goto(url('/search'));
  const region = page.getByRole('region', { name: /recordings/ });
  const first = await region.getByRole('link').first().textContent();
  await tellCall(rows, 41, 0, { state: 'confirmed' });
  await page.getByRole('button', { name: '1 new, show' }).waitFor();
  expect(await region.getByRole('link').first().textContent()).toBe(first);
  await page.getByRole('button', { name: '1 new, show' }).click();
  await page.getByRole('button', { name: '1 new, show' }).waitFor({ state: 'detached' });
  expect(await region.getByRole('link').first().textContent()).not.toBe(first);
});

it('exports what was searched for', async () => {
  const { page } = browser;
  await page.goto(url('/search?state=failed'));
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export (CSV)' }).click();
  const text = await readFile(await (await waiting).path(), 'utf8');
  const lines = text.trim().split('\r\n');
  expect(lines[0]).toContain('recordingId,');
  expect(lines.length - 1).toBe(await page.locator('table tbody tr').count());
});

it('tells times as this person likes it, and remembers', async () => {
  const { page } = browser;
  await page.goto(url('/search'));
  const time = page
    .getByRole('region', { name: /recordings/ })
    .getByRole('link')
    .first();
  await page.getByLabel('Times').selectOption('How long ago');
  expect(await time.textContent()).toMatch(/ago|just now/);
  await page.reload();
  expect(await time.textContent()).toMatch(/ago|just now/);
  await page.getByLabel('Times').selectOption('UTC');
  const utc = await time.textContent();
  await page.getByLabel('Times').selectOption('Local time');
  expect(await time.textContent()).not.toBe(utc);
});

it('is worked by the keyboard alone, and shows where one is', async () => {
  const { page } = browser;
  await page.goto(url('/'));
  for (const name of ['0 unexplained', 'Since Monday', 'Sign out'])
    await page.getByText(name).first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  const reached = new Set<string>();
  const all = await page.locator('a, button, input, select, summary, [tabindex="0"]').count();
  for (let turn = 0; turn <= all; turn += 1) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate<string>(
        `(() => {
          const { tagName, textContent } = document.activeElement;
          const { outlineStyle } = getComputedStyle(document.activeElement);
          return tagName === 'BODY' ? '' : tagName + ' ' + textContent.slice(0, 20) + ' ' + outlineStyle;
        })()`,
      ),
    );
  }
  expect([...reached].filter((one) => one !== '' && one.endsWith('none'))).toEqual([]);
  for (const name of ['Failed', 'Transcription', 'Operations', 'Sign out', 'Since Monday'])
    expect([...reached].some((one) => one.includes(name))).toBe(true);
});

it('shows an operator the action, and no whole number', async () => {
  const operator = await openBrowser();
  try {
    await signIn(operator, url('/'), operatorToken);
    await operator.page.goto(url(`/calls/${callOf(20)}`));
    await operator.page.getByRole('button', { name: 'Send again' }).waitFor();
    const text = await operator.page.locator('main').textContent();
    expect(text).toContain('…0110');
    expect(text).not.toContain('5550110');
    await operator.page.goto(url('/operations'));
    await operator.page.getByText('Only an admin may see this.').waitFor();
  } finally {
    await operator.close();
  }
});

it.each(['light', 'dark'] as const)('finds no barrier on any page, %s', async (colorScheme) => {
  const other = await openBrowser({ colorScheme });
  try {
    await signIn(other, url('/'));
    for (const path of ['/', '/search', '/failed', '/transcription', '/operations']) {
      await other.page.goto(url(path));
      await other.page.locator('h1').first().waitFor();
      expect([path, await barriers(other)]).toEqual([path, []]);
    }
  } finally {
    await other.close();
  }
});

it('fits a phone, page by page', async () => {
  const phone = await openBrowser({ width: 390 });
  try {
    await signIn(phone, url('/'));
    for (const path of ['/', '/search', '/failed', '/transcription', '/operations'].concat(
      `/calls/${callOf(20)}`,
    )) {
      await phone.page.goto(url(path));
      await phone.page.locator('h1').first().waitFor();
      await seen(phone, `phone-${path.replaceAll('/', '').slice(0, 8) || 'overview'}`);
      expect([path, await overflowOf(phone)]).toEqual([path, 0]);
    }
  } finally {
    await phone.close();
  }
});

it('says that a session has ended, and lets the same person in again', async () => {
  const { page } = browser;
  await page.goto(url('/failed'));
  await page.getByRole('heading', { name: 'Failed' }).waitFor();
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByText('Your session has ended.').waitFor();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Operations' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  expect(await page.getByText('Your session has ended.').count()).toBe(0);
});

it('makes whoever guesses ten tokens wait', async () => {
  const { page } = browser;
  await page.goto(url('/'));
  for (let turn = 0; turn < 10; turn += 1) {
    await page.getByLabel('Token').fill(`guess ${turn}`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/session'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answered;
  }
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Too many wrong tokens.').waitFor();
});
