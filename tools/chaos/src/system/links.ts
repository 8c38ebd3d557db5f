import { startFaultProxy, type FaultProxy } from '@exrec/testing';
import type { LinkName } from '../plan/fault.js';

/** The proxies of all links, each in front of one port. */
export class Links {
  readonly #proxies = new Map<LinkName, FaultProxy>();

  /** @returns the address to use instead of the port of 127.0.0.1 */
  async open(name: LinkName, port: number): Promise<string> {
    const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
    this.#proxies.set(name, proxy);
    return `127.0.0.1:${proxy.port}`;
  }

  /** @returns the origin to use instead of this one, which is on 127.0.0.1 */
  async openTo(name: LinkName, origin: string): Promise<string> {
    return `http://${await this.open(name, Number(new URL(origin).port))}`;
  }

  /** @throws Error when this system has no such link */
  of(name: LinkName): FaultProxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new Error(`there is no link ${name}`);
    return proxy;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.stop()));
  }
}
