import * as http from 'node:http';
import * as https from 'node:https';
import { HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';

export type ProxyEnv = {
  readonly HTTPS_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
};

export type AgentOptions = {
  readonly proxyEnv: ProxyEnv;
  /** An idle or connecting socket is given up after this long. */
  readonly stallMs: number;
  /** A further certificate authority (PEM). Operators use `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string | undefined;
};

export type OutboundAgents = { readonly httpAgent: http.Agent; readonly httpsAgent: https.Agent };

/**
 * Keep-alive agents for calls that leave the site (GC and S3), through `HTTPS_PROXY` unless
 * `NO_PROXY` names the host. Plain http never uses the proxy: only tests and simulators speak it.
 * @param url any URL of the host that will be called
 */
export function outboundAgents(
  url: string,
  { proxyEnv, stallMs, ca }: AgentOptions,
): OutboundAgents {
  const shared = { keepAlive: true, timeout: stallMs };
  const tls = { ...shared, ...(ca === undefined ? {} : { ca }) };
  const proxy = proxyOf(url, proxyEnv);
  return {
    httpAgent: new http.Agent(shared),
    httpsAgent: proxy === undefined ? new https.Agent(tls) : new HttpsProxyAgent({ ...tls, proxy }),
  };
}

/** The proxy for `url`, or `undefined` for a direct connection. */
export function proxyOf(url: string, proxyEnv: ProxyEnv): string | undefined {
  if (new URL(url).protocol !== 'https:' || !proxyEnv.HTTPS_PROXY) return undefined;
  // The package reads process.env only, our settings may come from files; it is synchronous, so
  // nobody sees the exchange.
  const variables = { https_proxy: proxyEnv.HTTPS_PROXY, no_proxy: proxyEnv.NO_PROXY ?? '' };
  const before = { ...process.env };
  try {
    for (const [name, value] of Object.entries(variables)) {
      process.env[name] = value;
      process.env[name.toUpperCase()] = value;
    }
    const proxy = getProxyForUrl(url);
    return proxy === '' ? undefined : proxy;
  } finally {
    for (const name of Object.keys(variables).flatMap((name) => [name, name.toUpperCase()])) {
      const value = before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
