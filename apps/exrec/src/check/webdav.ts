import { randomUUID } from 'node:crypto';
import { createWebdavRecordingStore } from '@exrec/recording-store';
import { Failure } from '@exrec/service-kit';
import type { AllSettings } from './settings.js';
import { fine, stops, warning, type Finding } from './finding.js';

const patienceMs = 15_000;
const content = 'exrec check';

/** Whether the transient storage does what EXRP needs: write (as MCP does), list, read, read a part, delete. */
export async function checkWebdav(settings: AllSettings): Promise<Finding[]> {
  const { WEBDAV_URL: url, WEBDAV_USERNAME: username, WEBDAV_PASSWORD: password } = settings;
  const name = `exrec-check-${randomUUID()}.opus`;
  const headers: Record<string, string> =
    username === undefined
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
        };
  const file = new URL(name, url.endsWith('/') ? url : `${url}/`);
  file.username = '';
  file.password = '';
  const call = (init: RequestInit) =>
    fetch(file, {
      redirect: 'manual',
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
      signal: AbortSignal.timeout(patienceMs),
    });
  const store = createWebdavRecordingStore({ url, username, password });
  const hint =
    'WEBDAV_URL, WEBDAV_USERNAME, WEBDAV_PASSWORD; the account must read, list and delete';
  try {
    await store.check();
    const put = await call({ method: 'PUT', body: content });
    if (!put.ok) {
      const text = `can be read, but a PUT is answered with ${put.status}`;
      return [warning('webdav', text, 'right when MCP writes with another account')];
    }
    const findings = [...(await readBack(call)), ...(await isListed(store, name))];
    await store.remove(name);
    const after = await call({ method: 'GET' });
    if (after.status !== 404)
      findings.push(stops('webdav', 'a deleted file is still there', 'retention needs DELETE'));
    return findings.length > 0 ? findings : [fine('webdav', 'write, list, read, range and delete')];
  } catch (error) {
    const reason = error instanceof Failure ? (error.detail ?? error.code) : 'no answer';
    return [stops('webdav', `cannot be used: ${reason}`, hint)];
  } finally {
    await call({ method: 'DELETE' }).catch(() => undefined);
    store.close();
  }
}

async function readBack(call: (init: RequestInit) => Promise<Response>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const whole = await (await call({ method: 'GET' })).text();
  if (whole !== content)
    findings.push(stops('webdav', 'a file comes back changed', 'is there a proxy in between?'));
  const part = await call({ method: 'GET', headers: { range: 'bytes=6-' } });
  if (part.status !== 206 || (await part.text()) !== content.slice(6))
    findings.push(
      warning('webdav', 'a part of a file cannot be read', 'EXRP manages without; players do not'),
    );
  return findings;
}

async function isListed(
  store: ReturnType<typeof createWebdavRecordingStore>,
  name: string,
): Promise<Finding[]> {
  for await (const file of store.list()) if (file.name === name) return [];
  return [
    stops(
      'webdav',
      'a file that is there is not listed',
      'without PROPFIND nothing is ever deleted; is there a proxy that maps paths?',
    ),
  ];
}
