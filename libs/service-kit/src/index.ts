export { buildInfo, versionLine, type BuildInfo } from './about/build-info.js';
export { Access, callerOf, type Caller } from './access/access.js';
export { adminName, roles, tokensRule, type Role } from './access/read-tokens.js';
export { Secrets } from './access/secrets.js';
export { redisClock, type RedisClock, type RedisClockOptions } from './clock/redis-clock.js';
export { crashPoint } from './crash-points/crash-point.js';
export { Failure, type FailureOptions, type Retry } from './failure/failure.js';
export { retryAfterMs } from './failure/retry-after.js';
export { Health, type Check, type CheckResult, type Readiness } from './health/health.js';
export {
  basicAuth,
  basicCredentialsCheck,
  bearerAuth,
  unauthorized,
  type BasicCredentials,
} from './http/auth.js';
export { InstanceAnnouncement, readInstances, type Instance } from './instances/instances.js';
export { bytesOf, jsonOf, problemItems, rawBody, readWith } from './http/body.js';
export { isDeeperThan } from './http/json-depth.js';
export { openApiOf, type ApiInfo } from './http/openapi.js';
export {
  pageOf,
  pageQuery,
  route,
  routes,
  type Route,
  type RouteAnswer,
  type RouteInput,
  type RouteRules,
} from './http/route.js';
export { HttpProblem, sendProblem, unavailable, type ProblemItem } from './http/problem.js';
export { createServiceApp, requestIdOf, type ServiceAppOptions } from './http/service-app.js';
export { growHeapInLargeSteps } from './lifecycle/heap-growth.js';
export {
  runService,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
} from './lifecycle/run-service.js';
export { createLogger, silentLogger, type Logger, type LogFields } from './log/logger.js';
export { redactText } from './log/redact.js';
export { createMetrics, type Metrics } from './metrics/metrics.js';
export {
  ledgerEntrySchemas,
  ledgerEntryVersion,
  type InjectionEntry,
  type InteractionEntry,
  type LedgerEntryKind,
  type OutboxEntry,
  type ReconciliationEntry,
  type SegmentEntry,
} from './outbox/ledger-entry.js';
export { ledgerStreamKey, outboxArguments, outboxKeys } from './outbox/outbox.js';
export { default as outboxLua } from './outbox/lua/outbox.lua';
export {
  outboxBacklog,
  outboxCheck,
  outboxGauges,
  type OutboxBacklog,
} from './outbox/outbox-watch.js';
export {
  chained,
  exportedRowSchema,
  firstHead,
  headOf,
  proofDaySchema,
  verifyProof,
  type ProofDay,
  type ProofRow,
  type ProofVerdict,
} from './proof/proof-chain.js';
export {
  createQueue,
  delayJob,
  startWorker,
  type QueuePlace,
  type WorkerOptions,
} from './queue/queues.js';
export {
  startPeriodicJobs,
  type PeriodicJob,
  type PeriodicJobs,
  type PeriodicJobsOptions,
} from './queue/periodic-jobs.js';
export {
  connectRedis,
  keyspace,
  redisSettingNames,
  type RedisClient,
  type RedisSettings,
} from './redis/connect-redis.js';
export {
  rememberedPlace,
  rememberedWeeks,
  type RememberedWeeks,
} from './redis/remembered-names.js';
export { redisCheck } from './redis/redis-check.js';
export { luaScript, type LuaScript } from './redis/lua-script.js';
export { default as nowLua } from './redis/lua/now.lua';
export { NotReplicated } from './redis/replica-standing.js';
export { isRedisUnavailable } from './redis/redis-error.js';
export { catalogue, type SettingName, type Settings } from './settings/catalogue.js';
export {
  environmentWithDotEnv,
  readSettings,
  SettingsError,
  settingsExitCode,
  type Environment,
  type SettingFault,
  type SettingRule,
} from './settings/read-settings.js';
export { allOrNone, gcRule, isLoopbackHost, redisRule, tlsRule } from './settings/rules.js';
