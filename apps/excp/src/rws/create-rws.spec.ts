import { readSettings, silentLogger } from '@exrec/service-kit';
import { Redis } from 'ioredis';
import { createRws } from './create-rws.js';
import { rwsRule, rwsSettingNames } from './rws-settings.js';

const redis = new Redis({ lazyConnect: true });
afterAll(() => redis.disconnect());

function rwsOf(environment: Readonly<Record<string, string>>) {
  const settings = readSettings(rwsSettingNames, environment, [rwsRule]);
  const deliver = () => Promise.resolve();
  return createRws({ settings, redis, prefix: '{exrec}', deliver, logger: silentLogger });
}

const used = {
  EXCP_METADATA_SOURCE: 'both',
  RWS_URL: 'http://127.0.0.1:1',
  RWS_USERNAME: 'ops',
  RWS_PASSWORD: 'x',
};

it('reads nothing from RWS when metadata come from MCP', () => {
  const { EXCP_METADATA_SOURCE: _source, ...known } = used;
  expect(rwsOf(known)).toBeUndefined();
});

it.each([
  [{}, []],
  [{ RWS_DISCOVERY: 'true' }, [{ name: 'rws-discovery', everyMs: 60_000 }]],
  [
    { RWS_DISCOVERY: 'true', RWS_POLL_INTERVAL_SECONDS: '1.5' },
    [{ name: 'rws-discovery', everyMs: 1500 }],
  ],
])('with %j has the periodic jobs %j', (environment, jobs) => {
  const rws = rwsOf({ ...used, ...environment });
  expect(rws?.jobs).toMatchObject(jobs);
  expect(rws?.jobs).toHaveLength(jobs.length);
  rws?.close();
});
