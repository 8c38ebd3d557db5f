import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@exrec/service-kit';
import { rulesOf, type Rules, type RuleSettings, type RuleSource } from './rules.js';
import type { FileProblem } from './hybrid-integration.js';
import { readHybridIntegration } from './read-hybrid-integration.js';
import type { ScopeMemory } from './scope-memory.js';

export type IntegrationFileOptions = {
  /** undefined: there is no file, the settings are all there is */
  readonly path: string | undefined;
  readonly settings: RuleSettings;
  readonly scopeMemory: Pick<ScopeMemory, 'hadScope' | 'record'>;
  readonly logger: Logger;
  readonly pollMs?: number;
};

/** Soon enough for an operator who waits for it, and it works for symbolic links too. */
const defaultPollMs = 1_000;

const scopeGone = 'sync_scope is gone; to have everything in scope, write sync_scope: all';
const scopeUnknown = 'whether there was a sync_scope before cannot be asked, since Redis is away';
/** Of a file that is missing or may not be read. */
const unreadable = 'unreadable';

/**
 * The hybrid_integration file, read again when it changes. It counts when it has been the same for two looks, so that
 * nobody decides by one that is being written (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (4)). A file that can't be used as a whole changes nothing:
 * the last good one stays. When there never was a good one, nothing may be decided: a
 * missing sync-scope would send what must not be sent.
 */
export class IntegrationFile implements RuleSource {
  readonly #options: IntegrationFileOptions;
  #rules: Rules | undefined;
  #problems: readonly FileProblem[] = [];
  /** Digest of the file that was last taken or refused, and of the one at the last look. */
  #settled: string | undefined;
  #seen: string | undefined;
  /** What the memory was last told. */
  #recordedScope: boolean | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IntegrationFileOptions) {
    this.#options = options;
    if (options.path === undefined) this.#rules = rulesOf(options.settings, undefined);
  }

  current(): Rules | undefined {
    return this.#rules;
  }

  /** What is wrong with the file as it is now; empty when it is in force. */
  problems(): readonly FileProblem[] {
    return this.#problems;
  }

  /** For readiness: in what way the file is not as it should be. */
  check(): { degraded: string } | undefined {
    const [first] = this.#problems;
    if (first === undefined) return undefined;
    const kept = this.#rules === undefined ? 'nothing is sent' : 'the last good one is in force';
    return {
      degraded: `the hybrid_integration file is not usable (line ${first.line}: ${first.reason}); ${kept}`,
    };
  }

  /** Reads the file, which takes two looks, and goes on looking at it until `stop`. */
  async start(): Promise<void> {
    const { path, pollMs = defaultPollMs } = this.#options;
    if (path === undefined) return;
    await this.#check(path);
    await sleep(pollMs);
    await this.#check(path);
    this.#schedule(path);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(path: string): void {
    this.#timer = setTimeout(() => {
      void this.#check(path).finally(() => {
        if (this.#timer !== undefined) this.#schedule(path);
      });
    }, this.#options.pollMs ?? defaultPollMs);
    this.#timer.unref();
  }

  async #check(path: string): Promise<void> {
    const content = await readFile(path).catch(() => undefined);
    const digest = content === undefined ? unreadable : hash('sha256', content);
    const isStable = digest === this.#seen;
    this.#seen = digest;
    if (isStable && digest !== this.#settled) {
      this.#settled = digest;
      if (content === undefined) this.#refuse([{ line: 1, reason: 'the file cannot be read' }]);
      else await this.#take(content);
    }
    await this.#recordScope();
  }

  async #take(content: Buffer): Promise<void> {
    const reading = readHybridIntegration(content);
    if (!reading.ok) {
      this.#refuse(reading.problems);
      return;
    }
    const { settings } = reading;
    const isScopeGone = settings.syncScope === undefined && settings.isWholeInScope !== true;
    const hadScope = isScopeGone ? await this.#hadScope() : false;
    if (hadScope !== false) {
      // To be asked again at the next look.
      if (hadScope === undefined) this.#settled = undefined;
      this.#refuse([{ line: 1, reason: hadScope === undefined ? scopeUnknown : scopeGone }]);
      return;
    }
    this.#problems = [];
    this.#rules = rulesOf(this.#options.settings, settings);
    this.#options.logger.info('hybrid-integration.loaded');
  }

  /** Whether the rules before had a sync_scope, be it before a restart; undefined: nobody can tell. */
  async #hadScope(): Promise<boolean | undefined> {
    if (this.#rules !== undefined) return this.#rules.syncScope !== undefined;
    return this.#options.scopeMemory.hadScope().catch(() => undefined);
  }

  async #recordScope(): Promise<void> {
    if (this.#rules === undefined) return;
    const hasScope = this.#rules.syncScope !== undefined;
    if (hasScope === this.#recordedScope) return;
    await this.#options.scopeMemory.record(hasScope).then(
      () => (this.#recordedScope = hasScope),
      () => undefined, // at the next look
    );
  }

  #refuse(problems: readonly FileProblem[]): void {
    const isKnown = this.#problems[0]?.reason === problems[0]?.reason;
    this.#problems = problems;
    if (isKnown && problems[0]?.reason === scopeUnknown) return;
    this.#options.logger.error('hybrid-integration.refused', {
      problems: problems.slice(0, 20),
      lastGoodKept: this.#rules !== undefined,
    });
  }
}
