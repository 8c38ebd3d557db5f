import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start({
    EXCP_MCP_USERNAME: 'mcp',
    EXCP_MCP_PASSWORD: 'mcp-secret',
    EXCP_EVENTS_TOKEN: 'events-token',
  });
});
afterAll(() => stack.stop());

const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

it.each([
  ['no credentials', {}, 401],
  ['a wrong password', basic('mcp:wrong'), 401],
  ['half of them', basic('mcp'), 401],
  ['the admin token', { authorization: 'Bearer admin-token' }, 401],
  ['the right ones', basic('mcp:mcp-secret'), 200],
])('answers metadata with %s', async (_name, headers, status) => {
  const response = await stack.postMetadata(mediaFile(newCallUUID()), { headers });
  expect(response.status).toBe(status);
  if (status === 401) expect(response.headers['www-authenticate']).toMatch(/^Basic/);
});

it.each([
  ['no token', {}, 401],
  ["MCP's credentials", basic('mcp:mcp-secret'), 401],
  ['the right token', { authorization: 'Bearer events-token' }, 202],
])('answers call events with %s', async (_name, headers, status) => {
  const response = await stack.postEvents(queueCallEvents(newCallUUID()), { headers });
  expect(response.status).toBe(status);
});

it('has no admin calls without an admin token', async () => {
  const app = await stack.another({ ADMIN_TOKEN: '' });
  const response = await fetch(`${app.url}/api/v1/interactions`, {
    headers: { authorization: 'Bearer ' },
  });
  expect(response.status).toBe(401);
});

it('takes metadata only from allowed networks', async () => {
  const elsewhere = await stack.another({ EXCP_MCP_ALLOWED_NETWORKS: '10.0.0.0/8,fd00::/8' });
  const here = await stack.another({ EXCP_MCP_ALLOWED_NETWORKS: '127.0.0.0/8' });
  const headers = { ...basic('mcp:mcp-secret'), 'x-forwarded-for': '10.1.2.3' };
  const body = mediaFile(newCallUUID());
  expect((await stack.postMetadata(body, { app: elsewhere, headers })).status).toBe(403);
  expect((await stack.postMetadata(body, { app: here, headers })).status).toBe(200);
});
