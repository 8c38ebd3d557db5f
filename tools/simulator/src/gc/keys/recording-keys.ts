import type { Clock } from '../clock.js';
import { ok, type Endpoint } from '../http/endpoint.js';
import { numberedPage } from '../http/paging.js';
import { makeFlawedKey, makeGarbageKey, makeKey, type HeldKey, type KeyForm } from './held-key.js';

export const keyActions = ['rotate', 'expire', 'revoke', 'garbage', 'empty', 'restore'] as const;
export type KeyAction = (typeof keyActions)[number];

const DAY_MS = 86_400_000;

/** The organization's recording keys (docs/reference/genesys-facts.md#43-public-keys). The newest by `createDate` is the one in force; it is listed last. */
export class RecordingKeys {
  #keys: HeldKey[] = [];
  #hidden = false;
  /** Keys made so far, also those that are gone. */
  #made = 0;
  readonly #form: KeyForm;
  readonly #clock: Clock;

  constructor(form: KeyForm, clock: Clock) {
    this.#form = form;
    this.#clock = clock;
  }

  /** Makes `olderKeys` keys of the past days and the one in force. */
  async make(olderKeys: number): Promise<void> {
    for (let days = olderKeys; days >= 0; days -= 1) {
      this.#keys.push(await this.#make(this.#clock.now() - 60_000 - days * DAY_MS));
    }
  }

  /** The key in force. */
  current(): HeldKey {
    const newest = this.#keys.at(-1);
    if (!newest) throw new Error('the simulator has no key');
    return newest;
  }

  find(id: string): HeldKey | undefined {
    return this.#keys.find((key) => key.id === id);
  }

  all(): readonly HeldKey[] {
    return this.#keys;
  }

  /** Does to the keys what an operator, or an accident, does. `restore` takes back everything but a rotation. */
  async act(action: KeyAction): Promise<void> {
    if (action === 'empty') this.#hidden = true;
    else if (action === 'restore') this.#restore();
    else this.#keys.push(await this.#next(action));
  }

  #restore(): void {
    this.#hidden = false;
    this.#keys = this.#keys.filter((key) => key.usable);
  }

  #next(action: 'rotate' | 'expire' | 'revoke' | 'garbage'): Promise<HeldKey> | HeldKey {
    const newest = Date.parse(this.current().createDate);
    const createdAtMs = Math.max(this.#clock.now(), newest + 1_000);
    if (action === 'rotate') return this.#make(createdAtMs);
    if (action === 'garbage') return makeGarbageKey(createdAtMs);
    return makeFlawedKey(action === 'expire' ? 'expired' : 'revoked', createdAtMs);
  }

  #make(createdAtMs: number): Promise<HeldKey> {
    const key = makeKey(this.#form, createdAtMs, this.#made);
    this.#made += 1;
    return key;
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'gc.recordingkeys',
        method: 'GET',
        path: '/api/v2/recording/recordingkeys',
        permission: 'recording:encryptionKey:view',
        handle: (call) => ok(numberedPage(call, this.#hidden ? [] : this.#keys.map(entityOf), 500)),
      },
    ];
  }
}

function entityOf(key: HeldKey): Record<string, unknown> {
  return {
    id: key.id,
    createDate: key.createDate,
    keydataSummary: key.keydataSummary,
    keyConfigurationType: 'Native',
    selfUri: '/api/v2/recording/recordingkeys',
  };
}
