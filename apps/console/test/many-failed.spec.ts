import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { openBrowser, type Browser } from './browser.js';
import { startLedger, tellCall, type LedgerWithRows } from './ledger-with-rows.js';
import { seen, signIn } from './visit.js';

const many = 100_000;
let rows: LedgerWithRows;
let exrp: Server;
let browser: Browser;
let requeued = 0;

beforeAll(async () => {
  exrp = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') requeued += 1;
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((done) => exrp.listen(0, '127.0.0.1', done));
  const { port } = exrp.address() as AddressInfo;
  rows = await startLedger({ EXRP_URL: `http://127.0.0.1:${port}` });
  await tellCall(rows, 0, 60, {
    state: 'failed',
    cause: 'gc-rejected',
    detail: 'no such division',
  });
  await rows.caughtUp();
  await multiply(rows.postgres.url);
  browser = await openBrowser();
  browser.page.setDefaultTimeout(120_000);
  await signIn(browser, rows.ledger.url);
});
afterAll(async () => {
  await browser.close();
  await rows.stop();
  exrp.close();
});

/** As many more of the one that is there, within a second of it. Indexes are made when the rows are there: that is quicker. */
async function multiply(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(`
    SELECT c.relname AS name, replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'recordings'::regclass AND NOT i.indisprimary`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await client.query(`
    INSERT INTO recordings
    SELECT (jsonb_populate_record(r, jsonb_build_object('recording_id', 'many-' || n,
      'interaction_id', 'call-' || n, 'start_time', r.start_time - (n % 1000) * interval '1 ms'))).*
    FROM recordings r, generate_series(1, ${many - 1}) n WHERE state = 'failed'`);
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM (ANALYZE) recordings');
  await client.end();
}

it('stays quick and small with 100,000 dead letters', async () => {
  const { page } = browser;
  await page.getByRole('link', { name: 'Failed', exact: true }).click();
  await page.getByRole('heading', { name: /100,000 · Genesys Cloud refused it/ }).waitFor();
  await page.getByText('100,000 recordings', { exact: true }).click();
  const table = page.getByRole('region', { name: '100 recordings' });
  await table.getByRole('row').nth(5).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('region', { name: '200 recordings' }).waitFor();
  expect(await page.locator('article tbody tr').count()).toBeLessThan(80);
  expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(2_500);
  await seen(browser, 'many-failed');
});

it('says of how many it would be and how long it would take, before anybody says yes', async () => {
  const { page } = browser;
  await page.getByRole('button', { name: 'Send 100,000 again' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('A minute').fill('6000');
  await dialog
    .getByText('100,000 recordings are sent again, 6,000 a minute (done in about 17 min).')
    .waitFor();
  await dialog.getByText('Each: Genesys Cloud refused it, the oldest since').waitFor();
  await seen(browser, 'many-dialog');
  expect(requeued).toBe(0);
  await dialog.getByLabel('Reason').fill('divisions mended');
  // The list is read before the first is sent; until then the button waits.
  await dialog.getByRole('button', { name: 'Send again' }).click();
  const job = page.getByRole('row').filter({ hasText: 'divisions mended' });
  await job.getByText(/\d of 100,000 sent again/).waitFor();
  expect(await job.textContent()).toContain('admin');
  await job.getByRole('button', { name: 'Stop' }).click();
  await job.getByText('stopped').waitFor();
  expect(requeued).toBeGreaterThan(0);
  expect(requeued).toBeLessThan(many);
});

it('lets anybody who comes later see who did it, why and how far it went', async () => {
  const { page } = browser;
  await page.reload();
  const job = page.getByRole('row').filter({ hasText: 'divisions mended' });
  await job.getByText('stopped').waitFor();
  await page.goto(`${rows.ledger.url}/operations`);
  const audit = page.getByRole('row').filter({ hasText: 'divisions mended' });
  await audit.getByText('requeue 100000 recordings').waitFor();
});
