/**
 * HEALTHCHECK of the images: is this process alive? Whether it should get requests is `/health/ready`, which the load
 * balancer asks: a service that waits for Genesys Cloud must not be killed for that.
 * usage: node healthcheck.cjs <name of the port's setting> <its default>
 */
const [, , setting, fallback] = process.argv;
const { TLS_CERT_FILE, [setting]: port = fallback } = process.env;
const { get } = require(TLS_CERT_FILE ? 'node:https' : 'node:http');

const options = { rejectUnauthorized: false, timeout: 4_000 };
const url = `${TLS_CERT_FILE ? 'https' : 'http'}://127.0.0.1:${port}/health/live`;
get(url, options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .once('timeout', () => process.exit(1))
  .once('error', () => process.exit(1));
