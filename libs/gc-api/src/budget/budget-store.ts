import type { CallKind } from './rate-budget.js';

export type TakeRequest = {
  /** One place in the queue; the same for every try of one waiter. */
  readonly waiterId: string;
  readonly kind: CallKind;
  readonly clientKeys: readonly string[];
  readonly waitedMs: number;
};

export type TakeAnswer =
  | { readonly state: 'granted'; readonly clientKey: string }
  | { readonly state: 'wait'; readonly waitMs: number }
  | { readonly state: 'paused'; readonly waitMs: number };

/** Where the budget is kept. Every call is atomic and none of them waits. */
export interface BudgetStore {
  /** Takes one request, or keeps the waiter's place and says when to ask again. */
  tryTake(request: TakeRequest): Promise<TakeAnswer>;
  /** Gives the waiter's place up. */
  leave(waiterId: string): Promise<void>;
  /** No request for `pauseMs`, and at most `remaining` without new ones growing. */
  restrict(clientKey: string, to: { remaining: number; pauseMs: number }): Promise<void>;
}
