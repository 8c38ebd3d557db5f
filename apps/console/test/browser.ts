import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

export type Browser = {
  readonly page: Page;
  /** What the console of the browser complained about, the policy of the page included. */
  readonly complaints: string[];
  close(): Promise<void>;
};

export type BrowserOptions = {
  readonly locale?: string;
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
};

/** Debian's Chromium, as fresh as on the first day. */
export async function openBrowser({
  locale = 'en-GB',
  width = 1280,
  colorScheme = 'light',
}: BrowserOptions = {}): Promise<Browser> {
  const dir = await mkdtemp(join(tmpdir(), 'exrec-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(dir, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-sync',
    ].concat(['--disable-background-networking', '--disable-component-update']),
    locale,
    timezoneId: 'Europe/Berlin',
    colorScheme,
    viewport: { width, height: 900 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    complaints,
    close: async () => {
      await context.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
