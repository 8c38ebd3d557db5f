import { gcApiFor, startScriptedGc, type ScriptedGc } from './scripted-gc.js';
import { refusesContent, type GcApi } from '../src/index.js';

let gc: ScriptedGc;
let api: GcApi;
beforeEach(async () => {
  gc = await startScriptedGc();
  api = gcApiFor(gc);
});
afterEach(async () => {
  api.close();
  await gc.stop();
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('listings with page numbers', () => {
  it('reads 10,000 queues in 20 requests', async () => {
    gc.api = ({ query }) => {
      const first = (Number(query.get('pageNumber')) - 1) * 500;
      const entities = range(first, first + 500).map((n) => ({
        id: `q-${n}`,
        name: `Queue ${n}`,
        enableTranscription: n % 2 === 0,
        unknown: { nested: true },
      }));
      return {
        body: {
          entities,
          pageCount: 20,
          pageNumber: Number(query.get('pageNumber')),
          total: 10_000,
        },
      };
    };
    const queues = await api.queues();
    expect(queues).toHaveLength(10_000);
    expect(queues[1]).toEqual({ id: 'q-1', name: 'Queue 1', enableTranscription: false });
    expect(gc.seen).toHaveLength(20);
    expect(gc.seen[0]?.query.get('pageSize')).toBe('500');
  });

  it('reads all pages of keys also when only nextUri tells that there are more', async () => {
    gc.api = ({ query }) => {
      const page = Number(query.get('pageNumber'));
      const key = {
        id: `k-${page}`,
        createDate: '2026-02-20T04:00:00.000Z',
        keydataSummary: 'MIIB',
      };
      return {
        body: { entities: [key], ...(page < 3 ? { nextUri: 'http://169.254.169.254/x' } : {}) },
      };
    };
    const keys = await api.recordingKeys();
    expect(keys.map(({ id }) => id)).toEqual(['k-1', 'k-2', 'k-3']);
  });

  it('reads an empty listing', async () => {
    gc.api = () => ({ body: { entities: [], pageCount: 0 } });
    await expect(api.recordingKeys()).resolves.toEqual([]);
  });

  it('gives up when the server gives the same page for ever', async () => {
    gc.api = () => ({
      body: { entities: [{ id: 'q-1', name: 'A' }], nextUri: '/api/v2/routing/queues' },
    });
    await expect(api.queues()).rejects.toMatchObject({ code: 'gc-unavailable', retry: 'later' });
    expect(gc.seen).toHaveLength(2);
  });

  it.each([{}, { pageCount: 1 }, { entities: null }])(
    'does not take an answer without its list for a listing of nothing (%j)',
    async (body) => {
      gc.api = () => ({ body });
      for (const listing of [api.queues(), api.programMappings(), api.programs()]) {
        await expect(listing).rejects.toMatchObject({ code: 'gc-unavailable', retry: 'later' });
      }
    },
  );

  it('fails as a whole when one page fails', async () => {
    gc.api = ({ query }) =>
      query.get('pageNumber') === '2'
        ? { status: 502 }
        : { body: { entities: [{ id: 'q-1', name: 'A' }], pageCount: 3 } };
    await expect(api.queues()).rejects.toMatchObject({ code: 'gc-unavailable' });
  });
});

describe('listings with a cursor', () => {
  const path = '/api/v2/speechandtextanalytics/programs';

  it('follows nextPage to its end, on the same path of the same host, whatever the link says', async () => {
    const elsewhere = await startScriptedGc();
    const links = [
      `${path}/mappings?pageSize=20&nextPage=two%2B`,
      `${elsewhere.url}/steal?nextPage=three`,
      undefined,
    ];
    gc.api = () => {
      const n = gc.seen.length;
      const entity = { program: { id: `p-${n}` }, queues: [{ id: `q-${n}` }], flows: [] };
      return { body: { entities: [entity], nextUri: links[n - 1] } };
    };
    await expect(api.programMappings()).resolves.toEqual(
      [1, 2, 3].map((n) => ({ programId: `p-${n}`, queueIds: [`q-${n}`] })),
    );
    expect(gc.seen.map((seen) => [seen.path, seen.query.get('nextPage')])).toEqual([
      [`${path}/mappings`, null],
      [`${path}/mappings`, 'two+'],
      [`${path}/mappings`, 'three'],
    ]);
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });

  it.each(['?nextPage=same', '', '?nextPage='])(
    'gives up on a link that leads back (%s)',
    async (link) => {
      gc.api = () => ({ body: { entities: [], nextUri: `${path}${link}` } });
      await expect(api.programs()).rejects.toMatchObject({
        code: 'gc-unavailable',
        retry: 'later',
      });
      expect(gc.seen.length).toBeLessThanOrEqual(2);
    },
  );

  it('asks for published programs and drops others, and keeps the state on every page', async () => {
    gc.api = () => ({
      body: {
        entities: [
          { id: `p-${gc.seen.length}`, name: 'A', published: true },
          { id: `draft-${gc.seen.length}`, name: 'B', published: false },
        ],
        ...(gc.seen.length === 1 ? { nextUri: `${path}?nextPage=two` } : {}),
      },
    });
    await expect(api.programs()).resolves.toEqual([
      { id: 'p-1', name: 'A' },
      { id: 'p-2', name: 'A' },
    ]);
    expect(gc.seen.map(({ query }) => query.get('state'))).toEqual(['Published', 'Published']);
  });
});

describe('single calls', () => {
  it('asks for an upload URL with everything GC signs', async () => {
    const answer = {
      url: 'https://b.s3.amazonaws.com/a?X=1',
      uploadKey: 'a',
      headers: { 'Content-MD5': 'm' },
    };
    gc.api = () => ({ body: { ...answer, more: 1 } });
    const request = {
      fileName: 'a.zip',
      contentMd5: 'm',
      contentType: 'application/zip',
      signedUrlTimeoutSeconds: 600,
    };
    await expect(api.createUpload(request)).resolves.toEqual(answer);
    expect(gc.seen[0]).toMatchObject({ method: 'POST', path: '/api/v2/uploads/recordings' });
    expect(gc.seen[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(gc.seen[0]!.body)).toEqual({ ...request, serverSideEncryption: 'AES256' });
  });

  it('asks for a report and reads how far it is', async () => {
    gc.api = () => ({ body: { id: 'r-1', name: '', state: 'InProgress', signedUrl: null } });
    const request = { dateSince: '2026-03-02T00:00:00.000Z', uploadStatus: 'Failure' as const };
    await expect(api.createUploadReport(request)).resolves.toEqual({
      id: 'r-1',
      state: 'InProgress',
      signedUrl: null,
    });
    expect(JSON.parse(gc.seen[0]!.body)).toEqual(request);
    gc.api = () => ({ body: { id: 'r-1', state: 'Completed', signedUrl: 'https://s3.test/r' } });
    await expect(api.uploadReport('r-1')).resolves.toEqual({
      id: 'r-1',
      state: 'Completed',
      signedUrl: 'https://s3.test/r',
    });
  });

  it('reads the default program, or that there is none', async () => {
    gc.api = () => ({ body: { defaultProgram: { id: 'p-1', selfUri: '/x' } } });
    await expect(api.staSettings()).resolves.toEqual({ defaultProgramId: 'p-1' });
    gc.api = () => ({ body: { expectedDialects: [] } });
    await expect(api.staSettings()).resolves.toEqual({ defaultProgramId: null });
  });

  it('reads the dialects of GC’s own engine only', async () => {
    const entities = [
      { engine: 'Genesys', dialects: ['en-US', 'de-DE'] },
      { engine: 'GenesysExtended', dialects: ['sv-SE'] },
    ];
    gc.api = () => ({ body: { entities } });
    await expect(api.dialects()).resolves.toEqual(['en-US', 'de-DE']);
  });

  it('gives a transcription setting that it does not know as it is, and refuses none at all', async () => {
    gc.api = () => ({ body: { transcription: 'EnabledSometimes' } });
    expect(await api.transcriptionSettings()).toEqual({ transcription: 'EnabledSometimes' });
    gc.api = () => ({ body: {} });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({
      code: 'gc-unavailable',
      detail: 'GET /api/v2/routing/settings/transcription: answer without a good transcription',
    });
  });

  it('finds users by e-mail without regard to case, 50 a request', async () => {
    gc.api = ({ body }) => {
      const { values } = JSON.parse(body).query[0] as { values: string[] };
      return {
        body: {
          results: [
            ...values.map((email) => ({ id: `id-${email}`, email: email.toUpperCase() })),
            { id: 'x', email: 'other@example.com' },
          ],
        },
      };
    };
    const emails = range(0, 120).map((n) => `Agent${n}@example.com`);
    const users = await api.usersByEmail([...emails, emails[0]!]);
    expect(users).toHaveLength(120);
    expect(users[7]).toEqual({ id: 'id-agent7@example.com', email: 'AGENT7@EXAMPLE.COM' });
    expect(gc.seen).toHaveLength(3);
  });

  it('injects conversation events in one request and hands GC’s errors on, cleaned', async () => {
    gc.api = () => ({
      body: { errors: [{ eventId: 'e-0', message: 'no caller +4930555010', retryable: true }, {}] },
    });
    const events = range(0, 400).map((n) => ({
      eventId: `e-${n}`,
      eventDateTime: '2026-03-02T09:15:03.120Z',
      conversationId: 'c-1',
      padding: 'x'.repeat(1000),
    }));
    let granted = 0;
    const onGranted = () => (granted += 1);
    const batch = { userEstablishedEvents: events };
    expect(await api.injectConversationEvents(batch, { onGranted })).toEqual([
      { eventId: 'e-0', message: 'no caller …', retryable: true },
      { eventId: '', message: '', retryable: false },
    ]);
    expect(gc.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([batch]);
    expect(granted).toBe(1);
  });

  it.each([
    [400, true],
    [413, true],
    [404, false],
    [503, false],
  ])('tells a refusal of what is in the request by its status %s', async (status, isContent) => {
    gc.api = () => ({ status, body: { code: 'x', message: 'y' } });
    const error = await api.injectConversationEvents({}).catch((caught: unknown) => caught);
    expect(refusesContent(error)).toBe(isContent);
  });
});
