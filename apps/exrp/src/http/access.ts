import { bearerAuth } from '@exrec/service-kit';
import type { RequestHandler } from 'express';

/** Who may do what (CONTRACTS 9.14). */
export type Access = {
  readonly mayInject: RequestHandler;
  readonly mayRead: RequestHandler;
  readonly mayAdminister: RequestHandler;
};

/**
 * @param apiToken without it injecting is open; the settings allow that on loopback only. Without either
 *   token reading is open there, too: who may inject on this machine may see what became of it (our choice)
 * @param adminToken without it the admin calls are off
 */
export function accessRules(apiToken: string | undefined, adminToken: string | undefined): Access {
  const open: RequestHandler = (_request, _response, next) => next();
  return {
    mayInject: apiToken === undefined ? open : bearerAuth([apiToken]),
    mayRead: (apiToken ?? adminToken) ? bearerAuth([apiToken, adminToken]) : open,
    mayAdminister: bearerAuth([adminToken]),
  };
}
