export { ownRedis } from './own-redis.js';
export { ownSettings } from './own-settings.js';
