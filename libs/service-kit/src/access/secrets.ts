import { readFileSync } from 'node:fs';
import type { Health } from '../health/health.js';
import type { Logger } from '../log/logger.js';
import type { SettingName } from '../settings/catalogue.js';
import type { Environment } from '../settings/read-settings.js';
import { followFile } from './followed-file.js';

type Kept = { readonly current: string; readonly former?: string; readonly formerUntilMs?: number };

export type SecretsOptions = {
  readonly now?: () => number;
  readonly everyMs?: number;
};

/** So long both sides of a connection have to change (docs/design/CONTRACTS.md#12-who-may-do-what). */
const formerCountsMs = 10 * 60_000;

/**
 * Settings that may change while the service runs, since they came from the file `<NAME>_FILE`. Whoever sends one takes
 * `current`; whoever checks one takes `accepted`.
 */
export class Secrets {
  readonly #values = new Map<SettingName, Kept>();
  readonly #now: () => number;
  readonly #everyMs: number | undefined;
  readonly #faults = new Set<SettingName>();
  #stops: (() => void)[] = [];

  constructor(
    settings: Readonly<Partial<Record<SettingName, unknown>>>,
    { now = Date.now, everyMs }: SecretsOptions = {},
  ) {
    this.#now = now;
    this.#everyMs = everyMs;
    for (const [name, value] of entriesOf(settings)) {
      if (typeof value === 'string') this.#values.set(name, { current: value });
    }
  }

  current(name: SettingName): string | undefined {
    return this.#values.get(name)?.current;
  }

  /** The present value and, for ten minutes after a change, the one before. Empty: not set. */
  accepted(name: SettingName): readonly string[] {
    const kept = this.#values.get(name);
    if (kept === undefined) return [];
    const { current, former, formerUntilMs = 0 } = kept;
    return former !== undefined && this.#now() < formerUntilMs ? [current, former] : [current];
  }

  /** Follows the files of those among `names` that have one in the environment. */
  follow(
    names: readonly SettingName[],
    environment: Environment,
    { health, logger }: { readonly health: Health; readonly logger: Logger },
  ): void {
    for (const name of names) {
      const path = environment[`${name}_FILE`]?.trim() ?? '';
      if (path === '' || !this.#values.has(name)) continue;
      this.#stops.push(
        followFile({
          path,
          known: readOr(path, ''),
          ...(this.#everyMs === undefined ? {} : { everyMs: this.#everyMs }),
          onText: (text) => this.#take(name, text.trim(), logger),
          onUnreadable: () => this.#refuse(name, logger),
        }),
      );
    }
    if (this.#stops.length > 0) health.addCheck('secrets', () => this.#check());
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #take(name: SettingName, value: string, logger: Logger): void {
    if (value === '') {
      this.#refuse(name, logger);
      return;
    }
    this.#faults.delete(name);
    const before = this.#values.get(name)?.current;
    if (before === value) return;
    this.#values.set(name, {
      current: value,
      ...(before === undefined
        ? {}
        : { former: before, formerUntilMs: this.#now() + formerCountsMs }),
    });
    logger.info('secret.changed', { name });
  }

  #refuse(name: SettingName, logger: Logger): void {
    this.#faults.add(name);
    logger.error('secret.refused', { name });
  }

  #check(): { degraded: string } | undefined {
    if (this.#faults.size === 0) return undefined;
    const names = [...this.#faults].map((name) => `${name}_FILE`).join(', ');
    return { degraded: `${names} cannot be read or is empty; the last value counts` };
  }
}

/** Object.entries forgets that the names are those of settings. */
function entriesOf(settings: Readonly<Partial<Record<SettingName, unknown>>>) {
  return Object.entries(settings) as [SettingName, unknown][];
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}
