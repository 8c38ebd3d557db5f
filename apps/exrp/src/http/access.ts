import { bearerAuth } from '@exrec/service-kit';
import type { RequestHandler } from 'express';

/** Who may do what (CONTRACTS 9.14). */
export type Access = {
  readonly mayInject: RequestHandler;
  readonly mayRead: RequestHandler;
  readonly mayAdminister: RequestHandler;
};

/**
 * @param apiToken without it injecting is open; the settings allow that on loopback only
 * @param adminToken without it the admin calls are off; without either token reading is, too
 */
export function accessRules(apiToken: string | undefined, adminToken: string | undefined): Access {
  const open: RequestHandler = (_request, _response, next) => next();
  return {
    mayInject: apiToken === undefined ? open : bearerAuth([apiToken]),
    mayRead: bearerAuth([apiToken, adminToken]),
    mayAdminister: bearerAuth([adminToken]),
  };
}
