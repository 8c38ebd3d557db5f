import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import * as z from 'zod';
import type { GcSimulator } from '../../src/gc/index.js';
import type { Json } from './sample-recording.js';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
  readonly text: string;
};

/** Calls the simulator's API with a bearer token of its first client. */
export async function logIn(
  simulator: GcSimulator,
): Promise<(path: string, body?: unknown) => Promise<Answer>> {
  const { json } = await grant(simulator);
  const headers = {
    authorization: `Bearer ${json.access_token}`,
    'content-type': 'application/json',
  };
  return (path, body) =>
    call(
      `${simulator.url}${path}`,
      body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
    );
}

export function grant(
  simulator: GcSimulator,
  secret = simulator.clientSecret,
  body = 'grant_type=client_credentials',
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${simulator.clientId}:${secret}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  return call(`${simulator.url}/oauth/token`, { method: 'POST', headers, body });
}

export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

const uploadUrlSchema = z.object({
  url: z.string(),
  uploadKey: z.string(),
  headers: z.record(z.string(), z.string()),
});
export type UploadUrl = z.output<typeof uploadUrlSchema>;

/** Asks for a pre-signed URL as EXRP does. */
export async function uploadUrlFor(
  simulator: GcSimulator,
  fileName: string,
  zip: Buffer,
): Promise<UploadUrl> {
  const api = await logIn(simulator);
  const { json } = await api('/api/v2/uploads/recordings', {
    fileName,
    contentMd5: createHash('md5').update(zip).digest('base64'),
    contentType: 'application/zip',
    signedUrlTimeoutSeconds: 600,
    serverSideEncryption: 'AES256',
  });
  return uploadUrlSchema.parse(json);
}

/** Uploads a ZIP and returns S3's answer. */
export async function upload(
  simulator: GcSimulator,
  fileName: string,
  zip: Buffer,
): Promise<{ status: number; text: string }> {
  const { url, headers } = await uploadUrlFor(simulator, fileName, zip);
  return put(url, headers, zip);
}

/** A bare PUT: exactly these headers and a Content-Length, or a chunked body when `chunked`. */
export function put(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  { chunked = false, cutAfter }: { readonly chunked?: boolean; readonly cutAfter?: number } = {},
): Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }> {
  const length: Record<string, string> = chunked
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': `${body.length}` };
  const options: RequestOptions = { method: 'PUT', headers: { ...headers, ...length } };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    if (cutAfter === undefined) {
      request.end(body);
    } else {
      request.write(body.subarray(0, cutAfter), () => request.destroy(new Error('cut')));
    }
  });
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
