import { hash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Health } from '../health/health.js';
import { bearerToken, unauthorized } from '../http/auth.js';
import { HttpProblem } from '../http/problem.js';
import type { Logger } from '../log/logger.js';
import { followFile } from './followed-file.js';
import {
  adminName,
  readTokens,
  readTokensFile,
  roles,
  type KnownToken,
  type Role,
} from './read-tokens.js';

export type Caller = { readonly name: string; readonly role: Role };

export type AccessOptions = {
  /** The values of `ADMIN_TOKEN` that count now. */
  readonly adminTokens: () => readonly string[];
  readonly tokens?: readonly KnownToken[];
};

/** Who may do what (docs/design/CONTRACTS.md#12-who-may-do-what): the tokens of `EXREC_TOKENS_FILE`, and `ADMIN_TOKEN`. */
export class Access {
  readonly #adminTokens: () => readonly string[];
  #tokens: readonly KnownToken[];

  constructor({ adminTokens, tokens = [] }: AccessOptions) {
    this.#adminTokens = adminTokens;
    this.#tokens = tokens;
  }

  /** From now on these count, and no others. */
  use(tokens: readonly KnownToken[]): void {
    this.#tokens = tokens;
  }

  /** Whether there is any token at all; without one every guard refuses. */
  knowsAnybody(): boolean {
    return this.#tokens.length > 0 || this.#adminTokens().length > 0;
  }

  /** Whose bearer token an `Authorization` header carries. Every known one is compared, in constant time. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const token = bearerToken(authorization) ?? '';
    const given = digest(token);
    const known: readonly KnownToken[] = [
      ...this.#tokens,
      ...this.#adminTokens().map((token) => ({
        name: adminName,
        role: 'admin' as const,
        sha256: digest(token),
      })),
    ];
    const [found] = known.filter(({ sha256 }) => timingSafeEqual(sha256, given));
    return found === undefined || token === '' ? undefined : { name: found.name, role: found.role };
  }

  /** Lets pass who has a token of this role or a higher one: 401 without a token, 403 with a lower one. */
  atLeast(role: Role): RequestHandler {
    return (request, response, next) => {
      const caller = this.callerOf(request.headers.authorization);
      if (caller === undefined) {
        next(unauthorized('Bearer'));
        return;
      }
      response.locals.caller = caller;
      const isEnough = roles.indexOf(caller.role) >= roles.indexOf(role);
      next(
        isEnough
          ? undefined
          : new HttpProblem(403, {
              detail: `this needs the role ${role}; the token has ${caller.role}`,
            }),
      );
    };
  }
}

/** The caller that a guard let pass; for `by` of actions. */
export function callerOf(response: Response): Caller {
  const caller: unknown = response.locals.caller;
  if (!isCaller(caller)) throw new Error('no guard of Access stands before this route');
  return caller;
}

function isCaller(value: unknown): value is Caller {
  return typeof value === 'object' && value !== null && 'name' in value && 'role' in value;
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

export type FollowTokensOptions = {
  readonly path: string;
  readonly access: Access;
  readonly health: Health;
  readonly logger: Logger;
  readonly everyMs?: number;
};

/**
 * Reads the tokens file and goes on looking at it. One that can't be used changes nothing: the last good one counts,
 * and readiness says so.
 * @returns stops it
 * @throws when it cannot be used at the start
 */
export function followTokens(options: FollowTokensOptions): () => void {
  const { path, access, health, logger } = options;
  const { text, tokens } = readTokensFile(path);
  access.use(tokens);
  let fault: string | undefined;
  health.addCheck('tokens-file', () =>
    fault === undefined
      ? undefined
      : { degraded: `EXREC_TOKENS_FILE ${fault}; the last good one counts` },
  );
  const refuse = (problem: string) => {
    fault = problem;
    logger.error('tokens-file.refused', { problem });
  };
  return followFile({
    path,
    known: text,
    ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
    onText: (changed) => {
      try {
        const read = readTokens(changed);
        access.use(read);
        fault = undefined;
        logger.info('tokens-file.loaded', { entries: read.length });
      } catch (error) {
        refuse(error instanceof Error ? error.message : 'cannot be used');
      }
    },
    onUnreadable: () => refuse('cannot be read'),
  });
}
