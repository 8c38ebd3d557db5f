export {
  audioFixture,
  audioFixtureNames,
  oggOpusDurationMs,
  type AudioFixture,
  type AudioFixtureName,
} from './audio-fixtures.js';
export {
  startFaultProxy,
  type FaultOrders,
  type FaultProxy,
  type FaultProxyOptions,
  type Faults,
} from './fault-proxy.js';
export { filesContaining, listFiles } from './files.js';
export { freePort } from './free-port.js';
export {
  startProcess,
  type ProcessEnd,
  type RunningProcess,
  type StartProcessOptions,
} from './process-runner.js';
export { createGpgHome, runCommand, type CommandResult, type GpgHome } from './gpg-home.js';
export {
  loadBalancerNames,
  prepareLoadBalancer,
  startLoadBalancer,
  type LoadBalancerName,
  type LoadBalancerPlaces,
  type PreparedLoadBalancer,
  type StartedLoadBalancer,
} from './load-balancer.js';
export { oggOpusFile, oggPage, type OggPageOptions } from './ogg-opus-file.js';
export { postgresAccount, postgresPrograms, type PostgresPrograms } from './postgres-program.js';
export {
  acceptsSessions,
  createCluster,
  postgresUser,
  startPostgres,
  type PostgresServer,
} from './postgres-server.js';
export { answersPing, redisProgram } from './redis-program.js';
export { startRedisCluster, type RedisCluster, type RedisClusterOptions } from './redis-cluster.js';
export {
  startRedisSentinels,
  type RedisSentinels,
  type RedisSentinelsOptions,
} from './redis-sentinels.js';
export { startRedis, type RedisServer } from './redis-server.js';
export { shiftedClock } from './shifted-clock.js';
export { waitFor, type WaitOptions } from './wait-for.js';
export { withinBounds, type Bounds } from './within-bounds.js';
export {
  bundledApp,
  bundledProgram,
  startApp,
  type AppName,
  type StartedApp,
} from './started-app.js';
export { workspaceRoot } from './workspace-root.js';
export { caseFile, casePath } from './case-file.js';
