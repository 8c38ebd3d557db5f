import type { GcApi, Upload, UploadRequest } from '@exrec/gc-api';
import { Failure } from '@exrec/service-kit';
import { assertUploadHost, type UploadHostRule } from '../upload/upload-hosts.js';
import type { ZipUpload, ZipUploader } from '../upload/zip-uploader.js';
import type { Probe } from './breaker-store.js';
import type { GcBreaker } from './gc-breaker.js';

type Gc = Pick<GcApi, 'createUpload'>;
/** An upload URL that remembers what it was asked for. */
type AskedFor = { readonly askedFor?: UploadRequest };

function probeOf({ fileName, contentMd5 }: UploadRequest, isS3: boolean): Probe {
  return { fileName, contentMd5, isS3 };
}

/** The same calls; one that does not get through opens the breaker. */
export function watchedGc(gc: Gc, breaker: GcBreaker) {
  return {
    createUpload: async (request, call): Promise<Upload & AskedFor> => {
      const upload = await breaker.watch(() => gc.createUpload(request, call), {
        isAway: ({ code }) => code === 'gc-unavailable' && call?.signal?.aborted !== true,
        probe: probeOf(request, false),
      });
      return { ...upload, askedFor: request };
    },
  } satisfies Gc;
}

/** The same uploads; one that does not get through opens the breaker. */
export function watchedUploader(uploader: Pick<ZipUploader, 'put'>, breaker: GcBreaker) {
  return {
    put: ({ askedFor, ...upload }: ZipUpload & AskedFor): Promise<void> => {
      if (askedFor === undefined) return uploader.put(upload);
      return breaker.watch(() => uploader.put(upload), {
        isAway: ({ code }) => code === 'upload-failed',
        probe: probeOf(askedFor, true),
      });
    },
  };
}

export type ProberOptions = {
  readonly gc: Gc;
  readonly uploader: Pick<ZipUploader, 'reach'>;
  readonly uploadHosts: UploadHostRule;
};

/** The life of a URL that nobody uses. */
const signedUrlTimeoutSeconds = 60;

/**
 * Asks what the outage was about, without any audio: Genesys Cloud for an upload URL once more, and where the upload did
 * not get through, its host for any answer. A refusal is an answer, too: what is wrong with a recording is for its own
 * attempt to find.
 * @returns what throws a Failure while the other side is away
 */
export function prober({ gc, uploader, uploadHosts }: ProberOptions) {
  return async ({ fileName, contentMd5, isS3 }: Probe, signal: AbortSignal): Promise<void> => {
    const upload = await unlessRefused(() =>
      gc.createUpload(
        { fileName, contentMd5, contentType: 'application/zip', signedUrlTimeoutSeconds },
        { signal },
      ),
    );
    if (!isS3 || upload === undefined) return;
    assertUploadHost(upload.url, uploadHosts);
    await uploader.reach(new URL(upload.url).origin, signal);
  };
}

async function unlessRefused(ask: () => Promise<Upload>): Promise<Upload | undefined> {
  try {
    return await ask();
  } catch (error) {
    // Who may not ask for a while has no use for audio either.
    const away = ['gc-unavailable', 'gc-rate-limited'];
    if (!(error instanceof Failure) || away.includes(error.code)) throw error;
    return undefined;
  }
}
