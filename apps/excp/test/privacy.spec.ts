import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

/** Personal data and secrets planted in every input. */
const canaries = {
  ani: '+4915155500042',
  agent: 'canary.agent@example.com',
  userData: 'canary-user-data',
  token: 'canary-bearer-token',
  password: 'canary-password',
};

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start({
    LOG_LEVEL: 'debug',
    EXRP_API_TOKEN: canaries.token,
    EXCP_MCP_USERNAME: 'mcp',
    EXCP_MCP_PASSWORD: canaries.password,
  });
});
afterAll(() => stack.stop());

it('lets no personal data and no secret into logs, metrics, readiness or error answers', async () => {
  const headers = {
    authorization: `Basic ${Buffer.from(`mcp:${canaries.password}`).toString('base64')}`,
  };
  const parameters = { ani: canaries.ani, agentId: canaries.agent, recordDN: canaries.ani };
  const answers: string[] = [];
  const post = async (body: unknown) => {
    answers.push(JSON.stringify((await stack.postMetadata(body, { headers })).data));
  };
  stack.exrp.answer = { status: 503, body: { detail: canaries.ani } };
  const [waiting, refused] = [newCallUUID(), newCallUUID()];
  const events = queueCallEvents(waiting).map((event) => ({
    ...event,
    ani: canaries.ani,
    agentId: canaries.agent,
    userData: { record: canaries.userData },
  }));
  answers.push(JSON.stringify((await stack.postEvents(events)).data));
  answers.push(JSON.stringify((await stack.postEvents([{ event: canaries.userData }])).data));
  await post(mediaFile(waiting, 'a', { parameters }));
  await post({ mediaId: `../${canaries.ani}`, parameters });
  await post(mediaFile(waiting, 'b', { startTime: canaries.ani, parameters }));
  await stack.reaches(waiting, 'ended');
  stack.exrp.answer = { status: 400, body: { errors: [{ pointer: canaries.agent }] } };
  await post(mediaFile(refused, 'a', { parameters }));
  await stack.reaches(refused, 'finished');
  await stack.redis.kill();
  const unheard = mediaFile(newCallUUID(), 'a', { parameters });
  answers.push(JSON.stringify((await stack.postMetadataOnce(unheard, { headers })).data));
  const metrics = String((await stack.get('/metrics')).data);
  const ready = JSON.stringify((await stack.get('/health/ready')).data);
  expect(stack.excp.output()).toContain('segment.refused');
  for (const text of [stack.excp.output(), metrics, ready, ...answers]) {
    for (const canary of Object.values(canaries)) expect(text).not.toContain(canary);
  }
});
