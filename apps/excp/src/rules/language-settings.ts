import { luaScript, type Logger, type RedisClient } from '@exrec/service-kit';
import {
  parseChange,
  settingsAt,
  settingsText,
  type LanguageSettings,
  type SettingsHistory,
} from './settings-history.js';
import appendLua from './lua/append.lua';

export type LanguageSettingsOptions = {
  /** A `command` connection. */
  readonly redis: RedisClient;
  /** `keyspace()` of the settings. */
  readonly keyspace: string;
  /** The settings in force on this instance; undefined while it has no usable ones. */
  readonly current: () => LanguageSettings | undefined;
  readonly logger: Logger;
  /** Epoch ms; default `Date.now`. */
  readonly now?: () => number;
  /** How often it is looked whether the settings have changed. Default 1 s. */
  readonly pollMs?: number;
};

/** More changes than an interaction can live through; beyond them the oldest is forgotten. */
export const maxChanges = 100;

const noSettings: LanguageSettings = { defaultLanguage: null, languageKey: null };

const appendScript = luaScript(appendLua);

/**
 * Which STA settings were in force when an agent answered: they may change while we run, and an answered
 * segment keeps its language. The changes are kept in Redis, so that all instances decide alike.
 */
export class LanguageSettingsOverTime {
  readonly #options: LanguageSettingsOptions;
  readonly #key: string;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** What this instance has last put into the history; it speaks only when its own settings change. */
  #recorded: string | undefined;
  #history: SettingsHistory = [];

  constructor(options: LanguageSettingsOptions) {
    this.#options = options;
    this.#key = `${options.keyspace}:sta-settings-history`;
  }

  /** Notes the settings of now, and from now on each change, its own and those of others. Redis may be away. */
  async start(): Promise<void> {
    await this.refresh().catch((error: unknown) => {
      this.#options.logger.debug('sta-settings.not-noted-yet', { error });
    });
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.start(), this.#options.pollMs ?? 1_000);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * Notes the settings if there are any and they have changed since this instance last did, and reads the history.
   * @throws when Redis can't confirm it
   */
  async refresh(): Promise<void> {
    const { redis, current, logger, now = Date.now } = this.#options;
    const present = current();
    const settings = present && settingsText(present);
    if (settings !== undefined && settings !== this.#recorded) {
      const isNew = await appendScript(redis, [this.#key], [now(), settings, maxChanges]);
      this.#recorded = settings;
      if (isNew === 1) logger.info('sta-settings.changed', { ...present });
    }
    this.#history = (await redis.lrange(this.#key, 0, -1)).flatMap(parseChange);
  }

  /**
   * The settings in force at a time (epoch ms), by the history as last read. A time before everything that is
   * known, e.g. of a call that is played back, counts as now.
   */
  at(timeMs: number): LanguageSettings {
    return settingsAt(this.#history, timeMs) ?? this.#options.current() ?? noSettings;
  }
}
