import { urlOf, readStackSettings } from './stack-settings.js';
import { serviceEnvironments, type Places } from './service-environments.js';

const at = (port: number) => ({ host: '127.0.0.1', port });
const places: Places = {
  redisUrl: 'redis://127.0.0.1:7',
  simulator: { url: 'http://127.0.0.1:1', clientId: 'id', clientSecret: 'secret' },
  storage: at(2),
  exrp: at(3),
  excps: [at(4), at(5)],
  hybridIntegrationFile: '/sample.yaml',
};
const environmentsFor = (environment: Record<string, string>) =>
  serviceEnvironments(readStackSettings(environment, '/clone'), places);

it('puts the services together on one machine', () => {
  const { storage, exrp, excps } = environmentsFor({});
  expect(exrp).toMatchObject({
    ...{ REDIS_URL: 'redis://127.0.0.1:7', WEBDAV_URL: 'http://127.0.0.1:2/', EXRP_PORT: '3' },
    ...{ GC_API_URL: 'http://127.0.0.1:1', EXRP_ALLOW_INSECURE_UPLOAD: 'true' },
    EXRP_REPORT_INTERVAL_MINUTES: '0.03',
  });
  expect(exrp.WEBDAV_PASSWORD).toBe(storage.STORAGE_PASSWORD);
  expect(excps).toMatchObject([
    { EXCP_PORT: '4', EXRP_URL: 'http://127.0.0.1:3', HYBRID_INTEGRATION_FILE: '/sample.yaml' },
    { EXCP_PORT: '5', EXRP_API_TOKEN: exrp.EXRP_API_TOKEN },
  ]);
});

it("lets the operator's settings win where they make sense", () => {
  const given = {
    EXCP_SETTLE_SECONDS: '9',
    REDIS_KEY_PREFIX: 'mine',
    HYBRID_INTEGRATION_FILE: '/mine.yaml',
    LOG_LEVEL: 'debug',
    ADMIN_TOKEN: 'my-token',
  };
  expect(environmentsFor(given).excps[0]).toMatchObject(given);
});

it('never leaves a setting given twice, as a value and as a file', () => {
  const { exrp } = environmentsFor({ WEBDAV_PASSWORD_FILE: '/secret', TLS_CERT_FILE: '/cert.pem' });
  expect(exrp).toMatchObject({ WEBDAV_PASSWORD_FILE: '', TLS_CERT_FILE: '' });
});

it('uses the organization and the Redis that are given', () => {
  const settings = readStackSettings(
    {
      GC_CLIENT_ID: 'id',
      GC_CLIENT_SECRET: 's',
      GC_REGION: 'eu-central-1',
      REDIS_URL: 'redis://r',
    },
    '/clone',
  );
  expect(settings).toMatchObject({ hasOrganization: true, hasRedis: true });
  const { redisUrl: _own, simulator: _simulator, ...without } = places;
  const { exrp } = serviceEnvironments(settings, without);
  expect(exrp).toMatchObject({ REDIS_URL: 'redis://r', GC_REGION: 'eu-central-1' });
  expect(exrp.EXRP_ALLOW_INSECURE_UPLOAD).toBeUndefined();
  expect(exrp.EXRP_REPORT_INTERVAL_MINUTES).toBeUndefined();
});

it('reaches on loopback what listens everywhere', () => {
  expect(urlOf({ host: '0.0.0.0', port: 80 })).toBe('http://127.0.0.1:80');
  expect(urlOf({ host: '::1', port: 80 })).toBe('http://[::1]:80');
});
