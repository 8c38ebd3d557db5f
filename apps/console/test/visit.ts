import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from './browser.js';
import { token } from './ledger-with-rows.js';

const axeSource = createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js');
/** `EXREC_SCREENSHOTS=<folder>` keeps what was seen. */
const screenshots = process.env.EXREC_SCREENSHOTS;

export async function signIn({ page }: Browser, url: string, as = token): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Token').fill(as);
  await page.getByRole('button', { name: /Sign in|Anmelden/ }).click();
  await page.getByRole('navigation').waitFor();
}

export async function seen({ page }: Browser, name: string, fullPage = false): Promise<void> {
  if (screenshots !== undefined)
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
}

/** What a person who cannot see or click would stumble over. */
export async function barriers({ page }: Browser): Promise<string[]> {
  await page.evaluate(await readFile(axeSource, 'utf8'));
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { axe } = globalThis as unknown as { axe: Axe };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`,
    );
  });
}

/** By how much the page is wider than its window. */
export async function overflowOf({ page }: Browser): Promise<unknown> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}
