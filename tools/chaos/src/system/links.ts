import { startFaultProxy, type FaultProxy } from '@exrec/testing';
import type { LinkName } from '../plan/fault.js';

/** The proxies of all links, each in front of one port; without proxies where nothing is to happen to them. */
export class Links {
  readonly #isDirect: boolean;
  readonly #proxies = new Map<LinkName, FaultProxy>();

  constructor({ isDirect = false }: { readonly isDirect?: boolean } = {}) {
    this.#isDirect = isDirect;
  }

  /** @returns the address to use instead of the port of 127.0.0.1 */
  async open(name: LinkName, port: number): Promise<string> {
    if (this.#isDirect) return `127.0.0.1:${port}`;
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
