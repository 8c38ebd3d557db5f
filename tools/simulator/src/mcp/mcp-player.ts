import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { basicAuthHeader, sendRequest, type HttpAnswer, type Send } from './http-request.js';
import { usualForm, type AudioUpload, type McpBehaviour, type McpForm } from './mcp-behaviour.js';
import { metadataBody, type RecordedSegment } from './media-file.js';

export type WebDavTarget = {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly send?: Send;
};

export type MetadataTarget = {
  /** EXCP or the load balancer before it. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly contactCenterId?: string;
  readonly send?: Send;
};

export type McpTargets = { readonly webdav: WebDavTarget; readonly excp: MetadataTarget };

export type McpPace = {
  /** How long a slow upload takes. */
  readonly slowUploadMs: number;
  /** Time from the metadata to the audio when the metadata comes first. */
  readonly lateAudioMs: number;
};

/** What MCP did with one segment and what it was told. */
export type PlayedSegment = {
  readonly mediaId: string;
  /** Of the bytes that were to be stored; GC must end up with exactly these when the segment is good. */
  readonly audioSha256: string;
  /** What the metadata says. */
  readonly sizeBytes: number;
  /** WebDAV's answer; null when the connection died. */
  readonly audioStatus: number | null;
  /** EXCP's answers, one for each post; none when the storage refused the audio (docs/reference/genesys-facts.md#25-failure-behaviour-of-mcp). */
  readonly metadata: readonly HttpAnswer[];
};

const defaultPace: McpPace = { slowUploadMs: 2_000, lateAudioMs: 3_000 };

/**
 * Stores one segment's audio and reports its metadata as MCP does: PUT first, and the POST only after
 * WebDAV has taken the file (docs/reference/genesys-facts.md#0-the-seven-things-that-matter-most (1)), unless the behaviour says otherwise.
 * @throws the socket's error when WebDAV or EXCP can't be reached
 */
export async function playSegment(
  { segment, audio, behaviour = {} }: McpRecording,
  targets: McpTargets,
  pace: Partial<McpPace> = {},
): Promise<PlayedSegment> {
  const { slowUploadMs, lateAudioMs } = { ...defaultPace, ...pace };
  const upload = behaviour.upload ?? 'whole';
  const content = contentOf(audio, upload);
  const sizeBytes = upload === 'cut' ? audio.length : content.length;
  const file = { sizeBytes, uri: audioUrl(targets.webdav, segment.mediaId).href };
  const form = { ...usualForm, ...behaviour.form };
  const posts = 1 + (behaviour.reposts ?? 0);
  const put = () =>
    putAudio(segment.mediaId, content, { target: targets.webdav, upload, slowUploadMs });
  const post = async () => {
    const answers: HttpAnswer[] = [];
    while (answers.length < posts)
      answers.push(await postMetadata({ segment, file, form }, targets.excp));
    return answers;
  };

  let audioStatus: number | null;
  let metadata: readonly HttpAnswer[] = [];
  if (behaviour.order === 'metadata-first') {
    metadata = await post();
    await sleep(lateAudioMs);
    audioStatus = await put();
  } else {
    audioStatus = await put();
    // An aborted upload is reported all the same: that is the case in which EXCP is told of a file that isn't there.
    if (isStored(audioStatus) || upload === 'aborted') metadata = await post();
  }
  const audioSha256 = createHash('sha256').update(content).digest('hex');
  return { mediaId: segment.mediaId, audioSha256, sizeBytes, audioStatus, metadata };
}

/** One segment with its audio as recorded, and how MCP handles it. */
export type McpRecording = {
  readonly segment: RecordedSegment;
  readonly audio: Buffer;
  readonly behaviour?: McpBehaviour;
};

/** Posts one segment's metadata; also what the recovery script does days later (docs/reference/genesys-facts.md#25-failure-behaviour-of-mcp). */
export function postMetadata(
  { segment, file, form }: MetadataPost,
  target: MetadataTarget,
): Promise<HttpAnswer> {
  const slash = form.path === 'trailing-slash' ? '/' : '';
  const path = `api/contact-centers/${target.contactCenterId ?? 'exrec'}/recordings${slash}`;
  return (target.send ?? sendRequest)({
    method: 'POST',
    url: new URL(path, folderUrl(target.url)),
    headers: {
      ...(form.contentType === 'none' ? {} : { 'Content-Type': form.contentType }),
      ...basicAuthHeader(target.username, target.password),
    },
    body: Buffer.from(JSON.stringify(metadataBody(segment, file, form))),
  });
}

export type MetadataPost = {
  readonly segment: RecordedSegment;
  readonly file: { readonly sizeBytes: number; readonly uri: string };
  readonly form: McpForm;
};

type AudioPut = {
  readonly target: WebDavTarget;
  readonly upload: AudioUpload;
  readonly slowUploadMs: number;
};

async function putAudio(mediaId: string, content: Buffer, put: AudioPut): Promise<number | null> {
  const { send = sendRequest } = put.target;
  const message = {
    method: 'PUT' as const,
    url: audioUrl(put.target, mediaId),
    headers: {
      'Content-Type': 'audio/opus',
      ...basicAuthHeader(put.target.username, put.target.password),
    },
    body: content,
  };
  if (put.upload === 'slow') return (await send({ ...message, overMs: put.slowUploadMs })).status;
  if (put.upload !== 'aborted') return (await send(message)).status;
  const diesAfterBytes = Math.floor(content.length / 2);
  await send({ ...message, diesAfterBytes }).catch(() => undefined);
  return null;
}

function contentOf(audio: Buffer, upload: AudioUpload): Buffer {
  switch (upload) {
    case 'cut':
      return audio.subarray(0, Math.floor(audio.length / 2));
    case 'empty':
      return Buffer.alloc(0);
    case 'not-ogg':
      // Only the magic is wrong: the later pages and the end of the stream still look good.
      return Buffer.concat([Buffer.from('RIFF'), audio.subarray(4)]);
    default:
      return audio;
  }
}

function isStored(status: number | null): boolean {
  return status === 200 || status === 201 || status === 204;
}

function audioUrl(target: WebDavTarget, mediaId: string): URL {
  return new URL(encodeURIComponent(mediaId), folderUrl(target.url));
}

function folderUrl(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
