import { addAbortSignal, type Readable } from 'node:stream';
import type { OutboundAgents } from '@exrec/gc-api';
import { Failure } from '@exrec/service-kit';
import axios from 'axios';
import { assertUploadHost, type UploadHostRule } from '../upload/upload-hosts.js';

/** Longest silence, milliseconds; a report may be as large as it likes. */
const idleMs = 60_000;

export type ReportDownloadOptions = {
  readonly agentsFor: (url: string) => OutboundAgents;
  /** Downloads obey the same list as uploads (docs/design/CONTRACTS.md#9-clarifications (7)). */
  readonly hosts: UploadHostRule;
};

/**
 * Downloads a finished report from its signed URL, as it comes: no bearer token, no redirect.
 * @throws Failure `report-unavailable`, later; never with the URL
 */
export async function* downloadReport(
  url: string,
  { agentsFor, hosts }: ReportDownloadOptions,
): AsyncGenerator<Uint8Array> {
  assertUploadHost(url, hosts);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), idleMs);
  try {
    const answer = await axios.get<Readable>(url, {
      ...agentsFor(url),
      proxy: false,
      maxRedirects: 0,
      responseType: 'stream',
      signal: silence.signal,
    });
    // A byte stream yields Buffers.
    for await (const piece of addAbortSignal(
      silence.signal,
      answer.data,
    ) as AsyncIterable<Buffer>) {
      timer.refresh();
      yield piece;
    }
  } catch (error) {
    const known = axios.isAxiosError(error);
    const detail = known
      ? `download failed (${error.response?.status ?? error.code ?? 'no answer'})`
      : 'download failed';
    throw Failure.later('report-unavailable', { detail });
  } finally {
    clearTimeout(timer);
  }
}
