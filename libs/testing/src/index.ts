export {
  audioFixture,
  audioFixtureNames,
  oggOpusDurationMs,
  type AudioFixture,
  type AudioFixtureName,
} from './audio-fixtures.js';
export { freePort } from './free-port.js';
export { startRedis, type RedisServer } from './redis-server.js';
export { waitFor, type WaitOptions } from './wait-for.js';
