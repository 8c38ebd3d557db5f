import {
  numberedRecordings,
  startRwsSimulator,
  type RwsFault,
  type RwsOptions,
  type RwsSimulator,
} from '@exrec/simulator';
import { RwsClient, type RwsClientOptions } from './rws-client.js';

const startMs = Date.parse('2026-03-02T09:00:00Z');
const five = numberedRecordings(5, { startMs });
const [first] = five;
const callUUID = first!.id;
const window = { fromMs: startMs - 1000, untilMs: startMs + 3_600_000 };
const opusNames = five.map(({ mediaFiles }) => mediaFiles[0]!.mediaId.replace('.mp3', '.opus'));

let rws: RwsSimulator;
let client: RwsClient;
afterEach(async () => {
  client.close();
  await rws.stop();
});

async function start(
  simulator: RwsOptions = {},
  options: Partial<RwsClientOptions> = {},
): Promise<void> {
  rws = await startRwsSimulator({ recordings: five, ...simulator });
  const { url, username, password } = rws;
  const audioNameTemplate = '{stem}.opus';
  client = new RwsClient({ url, username, password, audioNameTemplate, ...options });
}

async function found(): Promise<string[]> {
  const mediaIds: string[] = [];
  for await (const { segments } of client.search(window))
    mediaIds.push(...segments.map(({ mediaId }) => mediaId));
  return mediaIds;
}

const pathsOf = () => rws.requests.map(({ path }) => path.replace(/\?.*/, ''));

describe('recording', () => {
  it.each(['wrapped', 'bare'] as const)('reads one that is %s', async (single) => {
    await start({ behaviour: { single } });
    const { id, segments } = await client.recording(callUUID);
    expect([id, segments[0]?.mediaId]).toEqual([callUUID, opusNames[0]]);
  });

  it('learns the contact center once when RWS has exactly one', async () => {
    await start({ contactCenterIds: ['cc-1'] });
    await Promise.all([client.recording(callUUID), client.recording(five[1]!.id)]);
    await client.recording(callUUID);
    expect(pathsOf().filter((path) => path.endsWith('contact-centers'))).toHaveLength(1);
    expect(pathsOf()).toContain(`/api/v2/ops/contact-centers/cc-1/recordings/${callUUID}`);
  });

  it('asks again for the contact center after a failure', async () => {
    await start();
    rws.order({ route: 'contact-centers', times: 1, answer: 503 });
    await expect(client.recording(callUUID)).rejects.toMatchObject({ code: 'rws-unavailable' });
    await expect(client.recording(callUUID)).resolves.toMatchObject({ id: callUUID });
  });

  it('does not guess among several contact centers, and takes the one that is set', async () => {
    await start({ contactCenterIds: ['a', 'b'] });
    await expect(client.recording(callUUID)).rejects.toMatchObject({
      code: 'rws-contact-center',
      retry: 'later',
      detail: 'RWS names 2 contact centers: set RWS_CONTACT_CENTER_ID',
    });
    const { url, username, password } = rws;
    const options = { url: `${url}/`, username, password, audioNameTemplate: '{mediaId}' };
    const told = new RwsClient({ ...options, contactCenterId: 'b' });
    await expect(told.recording(callUUID)).resolves.toMatchObject({ id: callUUID });
    told.close();
  });

  it.each([404, 200] as const)('is not found by HTTP %d until it is there', async (notFoundAs) => {
    await start({ behaviour: { notFoundAs, notFoundReads: 1 } });
    const missing = { code: 'rws-not-found', retry: 'later' };
    await expect(client.recording(callUUID)).rejects.toMatchObject(missing);
    await expect(client.recording(callUUID)).resolves.toMatchObject({ id: callUUID });
  });

  const contactCenterId = '3f1c9d2e-0a4b-4c55-9a61-7d1d0c0b7a10';
  it.each<[RwsFault['answer'], string, number | undefined]>([
    [400, 'rws-refused', undefined],
    [401, 'rws-unauthorized', 300_000],
    [403, 'rws-unauthorized', 300_000],
    [404, 'rws-not-found', undefined],
    [408, 'rws-unavailable', undefined],
    [429, 'rws-rate-limited', 30_000],
    [500, 'rws-unavailable', undefined],
    [503, 'rws-unavailable', undefined],
    [302, 'rws-unavailable', undefined],
    ['hang', 'rws-no-answer', undefined],
    ['cut', 'rws-no-answer', undefined],
    ['garbage', 'rws-unavailable', undefined],
  ])('fails for later when RWS answers %s: %s', async (answer, code, retryAfterMs) => {
    await start({}, answer === 'hang' ? { contactCenterId, stallMs: 2_000 } : { contactCenterId });
    rws.order({ times: 1, answer });
    const failure = { code, retry: 'later', retryAfterMs, cause: undefined };
    await expect(client.recording(callUUID)).rejects.toMatchObject(failure);
    await expect(client.recording(callUUID)).resolves.toMatchObject({ id: callUUID });
  });

  it('waits as long as RWS says', async () => {
    await start({}, { contactCenterId });
    rws.order({ times: 1, answer: 429, retryAfterSeconds: 77 });
    await expect(client.recording(callUUID)).rejects.toMatchObject({ retryAfterMs: 77_000 });
  });

  it('ends what runs when it is closed, and starts nothing more', async () => {
    await start({}, { contactCenterId });
    rws.order({ times: 1, answer: 'hang' });
    const hanging = client.recording(callUUID);
    setImmediate(() => client.close());
    await expect(hanging).rejects.toMatchObject({ code: 'rws-no-answer' });
    await expect(client.recording(callUUID)).rejects.toMatchObject({ code: 'rws-no-answer' });
  });

  it('tells of each request how it went', async () => {
    const outcomes: string[] = [];
    await start({}, { contactCenterId, onRequest: (outcome) => outcomes.push(outcome) });
    rws.order({ times: 1, answer: 404 });
    await client.recording(callUUID).catch(() => undefined);
    await client.recording(callUUID);
    expect(outcomes).toEqual(['rws-not-found', 'ok']);
  });
});

describe('search', () => {
  it.each([
    ['nextUri', 'absolute'],
    ['nextUri', 'relative'],
    ['next', 'absolute'],
    ['links.next', 'relative'],
    ['link-header', 'absolute'],
    ['link-header', 'relative'],
    ['none', 'absolute'],
  ] as const)('follows pages by %s, %s', async (nextPage, links) => {
    await start({ behaviour: { pageSize: 2, nextPage, links } });
    expect(await found()).toEqual(opusNames);
  });

  it.each(['nextUri', 'none'] as const)(
    'loses nothing when a recording is on two pages (%s)',
    async (nextPage) => {
      await start({ behaviour: { pageSize: 3, nextPage, repeatsAcrossPages: true } });
      expect([...new Set(await found())]).toEqual(opusNames);
    },
  );

  it('reads listed addresses one by one, without those that are gone', async () => {
    await start({ behaviour: { listing: 'uris', pageSize: 2 } });
    rws.order({ route: 'recording', times: 1, answer: 404 });
    expect(await found()).toEqual(opusNames.slice(1));
    rws.order({ route: 'recording', times: 1, answer: 500 });
    const failures: unknown[] = [];
    for await (const { id, failure } of client.search(window))
      if (failure !== undefined) failures.push([id, failure.code]);
    expect(failures).toEqual([[callUUID, 'rws-unavailable']]);
    rws.order({ route: 'recording', times: 1, answer: 'cut' });
    await expect(found()).rejects.toMatchObject({ code: 'rws-no-answer' });
  });

  it('fails as a whole when page 2 fails', async () => {
    await start({ behaviour: { pageSize: 2 } });
    rws.order({ route: 'search', page: 2, times: 1, answer: 500 });
    await expect(found()).rejects.toMatchObject({ code: 'rws-unavailable' });
    expect(await found()).toEqual(opusNames);
  });

  it('reads 10,000 rows, each once', async () => {
    const recordings = numberedRecordings(10_000, { startMs, everyMs: 10 });
    await start({ recordings, behaviour: { pageSize: 1000 } });
    const mediaIds = await found();
    expect([mediaIds.length, new Set(mediaIds).size]).toEqual([10_000, 10_000]);
  });

  it('finds nothing in an empty window', async () => {
    await start({ recordings: [] });
    expect(await found()).toEqual([]);
  });
});
