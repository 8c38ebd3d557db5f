import { bearerAuth, type Access } from '@exrec/service-kit';
import type { RequestHandler } from 'express';

/** Who may do what (docs/design/CONTRACTS.md#9-clarifications (14), docs/design/CONTRACTS.md#12-who-may-do-what). */
export type InjectionAccess = {
  readonly mayInject: RequestHandler;
  readonly mayRead: RequestHandler;
  readonly mayOperate: RequestHandler;
};

/**
 * @param apiTokens the values of `EXRP_API_TOKEN` that count now; none: injecting is open, which the settings allow on
 *   loopback only. Without any token at all reading is open there, too: who may inject on this machine may see what
 *   became of it
 */
export function injectionAccess(
  apiTokens: () => readonly string[],
  access: Access,
): InjectionAccess {
  const isApiToken = bearerAuth(apiTokens);
  const isViewer = access.atLeast('viewer');
  return {
    mayInject: (request, response, next) => {
      if (apiTokens().length === 0) next();
      else isApiToken(request, response, next);
    },
    mayRead: (request, response, next) => {
      if (apiTokens().length === 0 && !access.knowsAnybody()) {
        next();
        return;
      }
      isApiToken(request, response, (refusal: unknown) => {
        if (refusal === undefined) next();
        else isViewer(request, response, next);
      });
    },
    mayOperate: access.atLeast('operator'),
  };
}
