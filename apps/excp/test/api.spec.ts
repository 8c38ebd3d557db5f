import * as z from 'zod';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

type Named<T> = Readonly<Partial<Record<string, T>>>;
type Operation = {
  readonly responses: Named<{ readonly content?: Named<{ readonly schema: object }> }>;
};

let stack: ExcpStack;
let paths: Named<Named<Operation>>;
const callUUID = newCallUUID();
beforeAll(async () => {
  stack = await ExcpStack.start();
  paths = (await stack.get('/openapi.json')).data.paths;
  await stack.postEvents(queueCallEvents(callUUID));
  await stack.postMetadata(mediaFile(callUUID));
  await stack.reaches(callUUID, 'finished');
});
afterAll(() => stack.stop());

/** What is said of an answer, with nothing beside it. */
function described(path: string, method: string, status: number): z.ZodType {
  const schema =
    paths[path]?.[method]?.responses[String(status)]?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`${method} ${path} is not described`);
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

it.each([
  ['/api/v1/interactions', '?limit=5&state=finished', 200],
  ['/api/v1/interactions/{callUUID}', '', 200],
  ['/api/v1/configuration', '', 200],
])('answers GET %s as its description says', async (path, query, status) => {
  const response = await stack.get(path.replace('{callUUID}', callUUID) + query);
  expect(response.status).toBe(status);
  described(path, 'get', status).parse(response.data);
});

it('answers what is posted as its description says', async () => {
  const file = mediaFile(newCallUUID());
  const metadata = await stack.postMetadata([file, { mediaId: '/' }]);
  described('/api/contact-centers/{ccid}/recordings', 'post', 200).parse(metadata.data);
  const events = await stack.postEvents([queueCallEvents(newCallUUID())[0], { event: 'Bogus' }]);
  described('/api/v1/call-events', 'post', 202).parse(events.data);
  const ended = await stack.end(file.callUUID);
  described('/api/v1/interactions/{callUUID}/end', 'post', 202).parse(ended.data);
  const preview = await stack.preview({ recordedParty: 'agent' });
  described('/api/v1/sta/preview', 'post', 200).parse(preview.data);
});

it.each([
  '/api/v1/interactions?stat=open',
  '/api/v1/interactions/x?full=1',
  '/api/v1/configuration?x=1',
  '/api/v1/orphans?limit=5',
  '/api/v1/reconciliations/latest?x=1',
])('refuses a parameter that nobody knows, by its name: %s', async (path) => {
  const response = await stack.get(path);
  const [, name = ''] = /\?(\w+)/.exec(path) ?? [];
  expect([response.status, response.data.errors]).toEqual([
    400,
    [{ pointer: `/${name}`, detail: 'is not known' }],
  ]);
});

it('passes over whatever MCP adds to the address: what it was refused it does not send again', async () => {
  const response = await fetch(`${stack.excp.url}/api/contact-centers/cc1/recordings/?x=1`, {
    method: 'POST',
    body: JSON.stringify(mediaFile(newCallUUID())),
  });
  expect(response.status).toBe(200);
});

it('says which methods an address knows', async () => {
  const response = await fetch(`${stack.excp.url}/api/v1/call-events`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});
