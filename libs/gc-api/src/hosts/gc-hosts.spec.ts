import { defaultUploadHosts, gcHosts } from './gc-hosts.js';

describe('gcHosts', () => {
  it.each([
    ['eu-central-1', 'mypurecloud.de'],
    ['us-east-2', 'use2.us-gov-pure.cloud'],
    ['mypurecloud.com.au', 'mypurecloud.com.au'],
    [' MYPURECLOUD.IE ', 'mypurecloud.ie'],
    ['new1.pure.cloud', 'new1.pure.cloud'],
  ])('finds the hosts of %s', (region, host) => {
    expect(gcHosts({ region })).toEqual({
      apiUrl: `https://api.${host}`,
      loginUrl: `https://login.${host}`,
    });
  });

  it.each(['', 'eu-central-9', 'constructor', 'https://mypurecloud.de', undefined])(
    'refuses %s, and does not repeat it',
    (region) => {
      expect(() => gcHosts({ region })).toThrow(
        'GC_REGION is neither a Genesys Cloud host nor a known AWS region',
      );
    },
  );

  it('prefers explicit origins and needs no region when it has both', () => {
    expect(gcHosts({ region: 'mypurecloud.de', apiUrl: 'http://127.0.0.1:9000/' })).toEqual({
      apiUrl: 'http://127.0.0.1:9000',
      loginUrl: 'https://login.mypurecloud.de',
    });
    expect(gcHosts({ apiUrl: 'http://gc.test', loginUrl: 'http://login.test' })).toEqual({
      apiUrl: 'http://gc.test',
      loginUrl: 'http://login.test',
    });
  });
});

describe('the hosts of uploads', () => {
  it.each([
    [{ region: 'eu-central-1' }, '*.amazonaws.com'],
    [{ region: 'mypurecloud.de' }, '*.amazonaws.com'],
    [{ region: 'us-east-2' }, '*.amazonaws.com'],
    [{ region: ' EUSC-de-east-1 ' }, '*.amazonaws.eu'],
    [{ region: 'edee1.eusc-pure.cloud' }, '*.amazonaws.eu'],
    [{ apiUrl: 'https://api.edee1.eusc-pure.cloud' }, '*.amazonaws.eu'],
    [{ region: 'cn-northwest-1' }, '*.amazonaws.com.cn'],
    [{ apiUrl: 'https://api.genesys.example.cn' }, '*.amazonaws.com.cn'],
    [{ apiUrl: 'http://127.0.0.1:3690' }, '*.amazonaws.com'],
  ])('of %j are %s', (options, host) => {
    expect(defaultUploadHosts(options)).toEqual([host]);
  });
});
