import { redisAddress } from './redis-address.js';

it.each([
  ['redis://:Secret100%safe@127.0.0.1:6379', { password: 'Secret100%safe' }],
  ['redis://:a%25b%@h', { password: 'a%b%', host: 'h', port: 6379 }],
  ['redis://:Gr%C3%BC%C3%9Fe@h', { password: 'Grüße' }],
  ['redis://:Grüße@h', { password: 'Grüße' }],
  ['redis://:%C3%28@h', { password: '%C3%28' }],
  ['rediss://user:p@[::1]:7000/3', { host: '::1', port: 7000, username: 'user', db: 3, tls: true }],
  ['redis://h', { username: undefined, password: undefined, db: 0, tls: false }],
])('reads %s as it is written', (url, expected) => {
  expect(redisAddress(url)).toMatchObject(expected);
});
