import type { OutboundAgents } from '@exrec/gc-api';
import { Failure } from '@exrec/service-kit';
import axios from 'axios';
import { assertUploadHost, type UploadHostRule } from '../upload/upload-hosts.js';

/** A report on 100,000 uploads has about 20 MB; it never covers more than a week (`Confirmation`). */
const maxReportBytes = 200_000_000;
const timeoutMs = 120_000;

export type ReportDownloadOptions = {
  readonly agentsFor: (url: string) => OutboundAgents;
  /** Downloads obey the same list as uploads (CONTRACTS 9.7). */
  readonly hosts: UploadHostRule;
};

/**
 * Downloads a finished report from its signed URL: no bearer token, no redirect.
 * @throws Failure `report-unavailable`, later; never with the URL
 */
export async function downloadReport(
  url: string,
  { agentsFor, hosts }: ReportDownloadOptions,
): Promise<string> {
  assertUploadHost(url, hosts);
  try {
    const answer = await axios.get<string>(url, {
      ...agentsFor(url),
      proxy: false,
      maxRedirects: 0,
      maxContentLength: maxReportBytes,
      timeout: timeoutMs,
      responseType: 'text',
      transformResponse: [(data: unknown) => data],
    });
    return answer.data;
  } catch (error) {
    const known = axios.isAxiosError(error);
    const detail = known
      ? `download failed (${error.response?.status ?? error.code ?? 'no answer'})`
      : 'download failed';
    throw Failure.later('report-unavailable', { detail });
  }
}
