import { setTimeout as sleep } from 'node:timers/promises';
import { sendRequest, type HttpAnswer, type HttpMessage, type Send } from '@exrec/simulator';

export type Persistence = {
  readonly send: Send;
  /** How often what was answered: status codes, and `none` where the connection broke or nothing came. */
  readonly answers: ReadonlyMap<string, number>;
  /** Gives up: what is still being sent fails. */
  readonly stop: () => void;
};

const timeoutMs = 15_000;
const pauseMs = 700;

/** MCP and a T-Library bridge keep what they have until it was taken: they send it until there is a final answer. */
export function persistent(): Persistence {
  const answers = new Map<string, number>();
  const stopping = new AbortController();
  const send = async (message: HttpMessage): Promise<HttpAnswer> => {
    for (;;) {
      stopping.signal.throwIfAborted();
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal]);
      const answer = await sendRequest({ ...message, signal }).catch(() => undefined);
      const what = String(answer?.status ?? 'none');
      answers.set(what, (answers.get(what) ?? 0) + 1);
      if (answer !== undefined && isFinal(answer.status)) return answer;
      await sleep(pauseMs);
    }
  };
  return { send, answers, stop: () => stopping.abort() };
}

function isFinal(status: number): boolean {
  return status < 500 && status !== 408 && status !== 429;
}
