import { lookup } from 'node:dns';
import type { ClusterOptions } from 'ioredis';

/**
 * Calls the nodes of a Cluster by the names that the settings give them. Without it ioredis connects to addresses,
 * those it has looked up and those that the nodes tell of each other, and a certificate that names hosts only is
 * refused.
 */
export function callByName(): Pick<ClusterOptions, 'dnsLookup' | 'natMap'> {
  const names = new Map<string, string>();
  return {
    dnsLookup: (hostname, callback) => {
      lookup(hostname, { all: true }, (error, found) => {
        for (const { address } of error === null ? found : []) names.set(address, hostname);
        // Whether it can be resolved is found out, and said, when it is connected to.
        callback(null, hostname);
      });
    },
    natMap: (key) => {
      const at = key.lastIndexOf(':');
      const name = names.get(key.slice(0, at));
      return name === undefined ? null : { host: name, port: Number(key.slice(at + 1)) };
    },
  };
}
