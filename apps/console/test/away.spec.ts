import { openBrowser, type Browser } from './browser.js';
import { startLedger, tellCall, token, type LedgerWithRows } from './ledger-with-rows.js';
import { seen, signIn } from './visit.js';

let rows: LedgerWithRows;
let browser: Browser;

beforeAll(async () => {
  rows = await startLedger({ EXCP_URL: 'http://127.0.0.1:9', EXRP_URL: 'http://127.0.0.1:9' });
  await tellCall(rows, 1, 5, { state: 'confirmed' });
  await rows.caughtUp();
  browser = await openBrowser();
  await signIn(browser, rows.ledger.url, token);
});
afterAll(async () => {
  await browser.close();
  await rows.stop();
});

it('says that EXCP or EXRP does not answer, and shows the rest', async () => {
  const { page } = browser;
  await page.getByText('not known, EXRP has not looked yet').waitFor();
  await page.getByRole('link', { name: 'Transcription' }).click();
  await page.getByText('EXCP does not answer.').first().waitFor();
  await page.getByText('Why not transcribed').waitFor();
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByText('EXRP does not answer.').waitFor();
  await page.getByRole('cell', { name: 'ledger' }).first().waitFor();
});

it('says that the ledger is away, also on a page that is open already, and comes back by itself', async () => {
  const { page } = browser;
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('0 unexplained').waitFor();
  await rows.ledger.kill();
  const sentence = page.getByRole('alert').getByText('The ledger does not answer.');
  await sentence.waitFor();
  await page.getByRole('link', { name: 'Failed' }).click();
  await sentence.waitFor();
  await seen(browser, 'away');
  await rows.restart();
  await sentence.waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByText('No failed recordings.').waitFor({ timeout: 60_000 });
});

it('says that the database is away, and comes back by itself', async () => {
  const { page } = browser;
  await rows.postgres.kill();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await page.getByText('The ledger cannot reach its database.').first().waitFor();
  await rows.postgres.restart();
  await page.getByText('0 unexplained').waitFor({ timeout: 60_000 });
});
