import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { audioFixture } from '@exrec/testing';
import { mcp, type Fleet } from './fleet.js';

export type CallsOptions = {
  readonly fleet: Fleet;
  readonly perSecond: number;
  /** Where requests go; default: every EXCP in turn. */
  readonly excpUrls?: readonly string[];
  /** How a request is made, and what came of it; default: by `fetch`. */
  readonly send?: Send;
};

type Post = { readonly headers: Record<string, string>; readonly body: string };
export type Send = (turn: number, path: string, post: Post) => Promise<string>;

export type Calls = {
  /** Media files that EXCP has acknowledged with a 200. */
  readonly accepted: ReadonlySet<string>;
  /** How often EXCP answered what: status codes, and `none` where the connection broke. */
  readonly answers: ReadonlyMap<string, number>;
  /** Epoch ms of each acknowledgement, in order. */
  readonly acceptedAtMs: readonly number[];
  /** Begins no more calls and waits until all that were begun are acknowledged, or given up after so long. */
  finish(patienceMs?: number): Promise<void>;
};

/** What MCP puts on the storage. */
export const shortAudio = audioFixture('short-en').bytes();
const recordingsPath = '/api/contact-centers/cc1/recordings';
const retryAfterMs = 1_000;
const startMs = Date.UTC(2026, 2, 2, 9, 15);

/** Plays MCP: a file on the storage, then its metadata, posted again until they are acknowledged. */
export function startCalls({ fleet, perSecond, excpUrls, send }: CallsOptions): Calls {
  const urls = excpUrls ?? fleet.excps.map(({ url }) => url);
  const post = send ?? byFetch(urls);
  const accepted = new Set<string>();
  const acceptedAtMs: number[] = [];
  const answers = new Map<string, number>();
  const begun: Promise<void>[] = [];
  let isGivenUp = false;
  const play = async (turn: number) => {
    const { mediaId, body } = metadata(turn);
    await putAudio(`${fleet.storage.url}/${mediaId}`);
    for (let attempt = turn; ; attempt += 1) {
      const status = await postMetadata(post, attempt, body);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === '200') break;
      if (isGivenUp) return;
      await sleep(retryAfterMs);
    }
    accepted.add(mediaId);
    acceptedAtMs.push(Date.now());
  };
  const timer = setInterval(() => begun.push(play(begun.length)), 1000 / perSecond);
  return {
    accepted,
    acceptedAtMs,
    answers,
    finish: async (patienceMs) => {
      clearInterval(timer);
      const patience =
        patienceMs === undefined ? undefined : setTimeout(() => (isGivenUp = true), patienceMs);
      await Promise.all(begun);
      clearTimeout(patience);
    },
  };
}

function metadata(turn: number) {
  const callUUID = randomBytes(16).toString('hex').toUpperCase();
  const mediaId = `${callUUID}_${turn}.opus`;
  const time = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
  const parameters = { recordDN: '7105', agentId: 'agent7105', ani: '+4930555010' };
  const size = String(shortAudio.length);
  const times = { startTime: time(10), stopTime: time(15) };
  return { mediaId, body: { mediaId, callUUID, type: 'audio/opus', ...times, size, parameters } };
}

/** @throws when the storage does not take it */
export async function putAudio(url: string): Promise<void> {
  const authorization = basic();
  const answer = await fetch(url, { method: 'PUT', headers: { authorization }, body: shortAudio });
  if (!answer.ok) throw new Error(`the storage answered ${answer.status}`);
}

/** @returns EXCP's status, or `none` where the connection broke */
export function postMetadata(post: Send, turn: number, body: object): Promise<string> {
  return post(turn, recordingsPath, {
    headers: { authorization: basic(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** To each of them in turn. */
export function byFetch(urls: readonly string[]): Send {
  return async (turn, path, post) => {
    try {
      const url = `${urls[turn % urls.length] ?? ''}${path}`;
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(url, { method: 'POST', ...post, signal });
      await answer.arrayBuffer();
      return String(answer.status);
    } catch {
      return 'none';
    }
  };
}

function basic(): string {
  return `Basic ${Buffer.from(`${mcp.username}:${mcp.password}`).toString('base64')}`;
}
