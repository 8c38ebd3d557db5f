import { basicAuthHeader } from '../mcp/http-request.js';
import { numberedRecordings } from './numbered-recordings.js';
import type { RwsBehaviour, RwsFault } from './rws-behaviour.js';
import type { RwsRecording } from './rws-recording.js';
import { startRwsSimulator, type RwsOptions, type RwsSimulator } from './rws-simulator.js';

const startMs = Date.parse('2026-03-02T09:00:00Z');
const five = numberedRecordings(5, { startMs });
const everything = 'startTime=2026-03-02T00:00:00Z&stopTime=2026-03-03T00:00:00Z';

type RwsBody = {
  readonly statusCode: number;
  readonly statusMessage?: string;
  readonly recording?: RwsRecording;
  readonly recordings?: readonly RwsRecording[];
  readonly uris?: readonly string[];
  readonly nextUri?: string;
  readonly next?: string;
  readonly links?: { readonly next?: string };
};

let rws: RwsSimulator;
afterEach(() => rws.stop());

async function start(options: RwsOptions = {}): Promise<void> {
  rws = await startRwsSimulator({ recordings: five, ...options });
}

async function get(pathOrUrl: string, headers = basicAuthHeader(rws.username, rws.password)) {
  const response = await fetch(new URL(pathOrUrl, rws.url), { headers });
  const body: RwsBody = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body };
}

function pathOf(id: string): string {
  return `/api/v2/ops/contact-centers/${rws.contactCenterIds[0]}/recordings/${id}`;
}

const nextOf: Record<
  RwsBehaviour['nextPage'],
  (answer: Awaited<ReturnType<typeof get>>) => string | undefined
> = {
  nextUri: ({ body }) => body.nextUri,
  next: ({ body }) => body.next,
  'links.next': ({ body }) => body.links?.next,
  'link-header': ({ headers }) => /<([^<>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1],
  none: () => undefined,
};

/** Every row of every page, as a client would collect them. */
async function allRows(nextPage: RwsBehaviour['nextPage'], query = everything) {
  const ids: string[] = [];
  let path: string | undefined = `/api/v2/recordings?${query}`;
  let pages = 0;
  while (path !== undefined) {
    const answer: Awaited<ReturnType<typeof get>> = await get(path);
    const page = answer.body.recordings ?? [];
    ids.push(...page.map(({ id }) => id));
    pages += 1;
    const counted =
      page.length === 0 ? undefined : `/api/v2/recordings?${query}&offset=${ids.length}`;
    path = nextPage === 'none' ? counted : nextOf[nextPage](answer);
  }
  return { ids, pages };
}

const allIds = five.map(({ id }) => id);

it('refuses wrong credentials', async () => {
  await start();
  const refused = await get('/api/v2/ops/contact-centers', basicAuthHeader('ops', 'wrong'));
  expect(refused).toMatchObject({ status: 401, body: { statusCode: 2 } });
  await expect(get('/api/v2/ops/contact-centers', {})).resolves.toMatchObject({ status: 401 });
});

it('lists its contact centers by address', async () => {
  await start({ contactCenterIds: ['cc1', 'cc2'] });
  await expect(get('/api/v2/ops/contact-centers')).resolves.toMatchObject({
    status: 200,
    body: {
      statusCode: 0,
      uris: ['cc1', 'cc2'].map((id) => `${rws.url}/api/v2/ops/contact-centers/${id}`),
    },
  });
});

it('gives a recording by its CallUUID, wrapped or bare', async () => {
  await start();
  const [first] = five;
  expect((await get(pathOf(first!.id))).body).toEqual({ statusCode: 0, recording: first });
  rws.behave({ single: 'bare' });
  expect((await get(pathOf(first!.id))).body).toEqual(first);
});

it.each([404, 200] as const)(
  'says NOT_FOUND with HTTP %d for what it has not',
  async (notFoundAs) => {
    await start({ behaviour: { notFoundAs } });
    const answer = { status: notFoundAs, body: { statusCode: 2, statusMessage: 'NOT_FOUND' } };
    await expect(get(pathOf('UNKNOWN'))).resolves.toMatchObject(answer);
    const elsewhere = `/api/v2/ops/contact-centers/other/recordings/${allIds[0]}`;
    await expect(get(elsewhere)).resolves.toMatchObject(answer);
  },
);

it('shows a recording late, and then one media file more at each read', async () => {
  const [first] = five;
  const files = ['a', 'b', 'c'].map((mediaId) => ({ ...first!.mediaFiles[0]!, mediaId }));
  await start({
    recordings: [{ ...first!, mediaFiles: files }],
    behaviour: { notFoundReads: 2, growsFrom: 1 },
  });
  const seen = [];
  for (let read = 0; read < 6; read++) {
    const { body } = await get(pathOf(first!.id));
    seen.push(body.recording?.mediaFiles.length ?? body.statusMessage);
  }
  expect(seen).toEqual(['NOT_FOUND', 'NOT_FOUND', 1, 2, 3, 3]);
});

it.each(Object.keys(nextOf) as RwsBehaviour['nextPage'][])(
  'pages a search by %s, every recording once',
  async (nextPage) => {
    await start({ behaviour: { pageSize: 2, nextPage } });
    const { ids, pages } = await allRows(nextPage);
    expect(ids).toEqual(allIds);
    expect(pages).toBeGreaterThanOrEqual(3);
  },
);

it('gives relative links when told so', async () => {
  await start({ behaviour: { pageSize: 2, links: 'relative' } });
  const { body } = await get(`/api/v2/recordings?${everything}`);
  expect(body.nextUri).toMatch(/^\/api\/v2\/recordings\?.*offset=2/);
});

it('lists addresses that lead to the recordings', async () => {
  await start({ behaviour: { listing: 'uris' } });
  const { body } = await get(`/api/v2/recordings?${everything}`);
  expect(body).not.toHaveProperty('recordings');
  const followed = await Promise.all(body.uris!.map((uri) => get(uri)));
  expect(followed.map((answer) => answer.body.recording)).toEqual(five);
});

it.each(['nextUri', 'none'] as const)(
  'repeats the last row on the next page when told so, and loses none (%s)',
  async (nextPage) => {
    await start({ behaviour: { pageSize: 3, nextPage, repeatsAcrossPages: true } });
    const { ids } = await allRows(nextPage);
    expect(ids.length).toBeGreaterThan(5);
    expect([...new Set(ids)]).toEqual(allIds);
  },
);

it('gives no more rows than asked for', async () => {
  await start();
  const { body } = await get(`/api/v2/recordings?${everything}&limit=1&offset=3`);
  expect(body.recordings?.map(({ id }) => id)).toEqual([allIds[3]]);
});

it.each([
  ['overlap', [0, 1, 2, 3]],
  ['start', [2, 3]],
] as const)('finds by %s', async (window, indexes) => {
  await start({ behaviour: { window } });
  // Recordings begin at each second and last 20 s.
  const query = 'startTime=2026-03-02T09:00:02.000%2B0000&stopTime=2026-03-02T09:00:03Z';
  const { body } = await get(`/api/v2/recordings?${query}`);
  expect(body.recordings?.map(({ id }) => id)).toEqual(indexes.map((i) => allIds[i]));
});

it.each([
  ['without parameters', ''],
  ['with a plus that was not encoded', 'startTime=2026-03-02T09:00:02.000+0000'],
  ['with half a row', `${everything}&limit=0.5`],
  ['before the first row', `${everything}&offset=-1`],
])('refuses a search %s', async (_name, query) => {
  await start();
  await expect(get(`/api/v2/recordings?${query}`)).resolves.toMatchObject({ status: 400 });
});

it('gives 10,000 rows in pages, every one once', async () => {
  await start({
    recordings: numberedRecordings(10_000, { startMs }),
    behaviour: { pageSize: 1000 },
  });
  const { ids, pages } = await allRows('nextUri');
  expect(new Set(ids).size).toBe(10_000);
  expect(ids).toHaveLength(10_000);
  expect(pages).toBe(10);
});

it('fails page 2 as often as ordered, and no other page', async () => {
  await start({ behaviour: { pageSize: 2 } });
  rws.order({ route: 'search', page: 2, times: 2, answer: 500 });
  const page = (offset: number) => get(`/api/v2/recordings?${everything}&offset=${offset}`);
  const statuses = [];
  for (const offset of [0, 2, 2, 2, 4]) statuses.push((await page(offset)).status);
  expect(statuses).toEqual([200, 500, 500, 200, 200]);
});

it('answers 429 with Retry-After, only on the route ordered', async () => {
  await start();
  rws.order({ route: 'recording', times: 1, answer: 429, retryAfterSeconds: 7 });
  expect((await get('/api/v2/ops/contact-centers')).status).toBe(200);
  const limited = await get(pathOf(allIds[0]!));
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await get(pathOf(allIds[0]!))).status).toBe(200);
});

it.each<[RwsFault['answer'], RegExp]>([
  ['cut', /terminated|aborted/],
  ['garbage', /not valid JSON/],
])('breaks its answer as ordered: %s', async (answer, error) => {
  await start();
  rws.order({ times: 1, answer });
  await expect(get(pathOf(allIds[0]!))).rejects.toThrow(error);
  await expect(get(pathOf(allIds[0]!))).resolves.toMatchObject({ status: 200 });
});

it('leaves a request without an answer as ordered, and still stops', async () => {
  await start();
  rws.order({ times: 1, answer: 'hang' });
  const headers = basicAuthHeader(rws.username, rws.password);
  const signal = AbortSignal.timeout(50);
  await expect(fetch(new URL(pathOf(allIds[0]!), rws.url), { headers, signal })).rejects.toThrow();
  const hanging = fetch(new URL('/api/v2/recordings', rws.url), { headers }).catch(() => 'ended');
  await rws.stop();
  expect(await hanging).not.toBeUndefined();
});

it('keeps every request with its answer, and what was put later', async () => {
  await start({ recordings: [] });
  await get(pathOf(allIds[0]!));
  rws.put(five);
  await get(pathOf(allIds[0]!));
  expect(rws.requests).toEqual([
    { path: pathOf(allIds[0]!), status: 404 },
    { path: pathOf(allIds[0]!), status: 200 },
  ]);
});
