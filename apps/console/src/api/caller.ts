import { createContext, use } from 'react';
import type { Caller } from './shapes.js';

export const CallerContext = createContext<Caller | undefined>(undefined);

const order = ['viewer', 'operator', 'admin'] as const;

/** Whether who is here has at least this role; what is not allowed is not offered. */
export function useMay(role: Caller['role']): boolean {
  const caller = use(CallerContext);
  return caller !== undefined && order.indexOf(caller.role) >= order.indexOf(role);
}
