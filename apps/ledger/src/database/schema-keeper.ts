import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Logger } from '@exrec/service-kit';
import { sql } from 'kysely';
import type { Db } from './connect.js';
import { migrate, NewerSchema } from './migrations.js';

const retryMs = 10_000;
const notLookedAt = 'the schema is not looked at yet';

/** Brings the schema up to date at the start, and tries until it is: a database that is away is no reason to die. */
export class SchemaKeeper {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #retryMs: number;
  readonly #migrate: typeof migrate;
  readonly #stopping = new AbortController();
  #fault: string | undefined = notLookedAt;

  constructor(
    db: Db,
    logger: Logger,
    options: { retryMs?: number; migrate?: typeof migrate } = {},
  ) {
    this.#db = db;
    this.#logger = logger;
    this.#retryMs = options.retryMs ?? retryMs;
    this.#migrate = options.migrate ?? migrate;
  }

  isReady(): boolean {
    return this.#fault === undefined;
  }

  /** Looks at the schema, also anew. Resolves when it is as this program needs it, or when it is stopped. */
  async keep(): Promise<void> {
    const { signal } = this.#stopping;
    this.#fault ??= notLookedAt;
    while (!signal.aborted) {
      try {
        const done = await this.#migrate(this.#db);
        this.#fault = undefined;
        if (done.length > 0)
          this.#logger.info('database.migrated', { migrations: done.join(', ') });
        return;
      } catch (error) {
        const fault =
          error instanceof NewerSchema ? error.message : 'the schema cannot be brought up to date';
        if (fault !== this.#fault) this.#logger.error('database.not-ready', { fault, error });
        this.#fault = fault;
      }
      await sleep(this.#retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Degraded without its database: collecting and injecting go on, and what happens waits in Redis. */
  check(): Check {
    return async () => {
      try {
        await sql`SELECT 1`.execute(this.#db);
      } catch {
        return { degraded: 'PostgreSQL does not answer: changes wait in Redis' };
      }
      return this.#fault === undefined ? undefined : { degraded: this.#fault };
    };
  }
}
