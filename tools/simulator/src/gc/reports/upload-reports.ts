import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.js';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Recording } from '../recordings/recording-book.js';
import type { Presign } from '../uploads/sigv4.js';
import { reportStyleSchema, reportText, type ReportRow, type ReportStyle } from './report-text.js';
import {
  uploadOutcome,
  uploadStatusSchema,
  type Outcome,
  type OutcomeRules,
  type UploadStatus,
} from './upload-status.js';

const reportRequestSchema = z.object({
  dateSince: z.iso.datetime({ offset: true }),
  uploadStatus: uploadStatusSchema.optional(),
});

type Report = {
  readonly id: string;
  readonly sinceMs: number;
  readonly uploadStatus: UploadStatus | undefined;
  pollsLeft: number;
  text: string | undefined;
};

export type UploadReportsParts = {
  readonly clock: Clock;
  readonly recordings: () => readonly Recording[];
  readonly rules: Omit<OutcomeRules, 'ordered'>;
  readonly origin: () => string;
  readonly sign: (key: string, request: Omit<Presign, 'path'>) => string;
};

const PATH = '/api/v2/recording/uploads/reports';
const FOLDER = 'upload-reports/';

/** Upload reports: asked for, made after a while, then downloaded from S3 (docs/reference/genesys-facts.md#42-upload-status-reports). */
export class UploadReports {
  /** Outcomes to report whatever was found, by recordingId. */
  readonly ordered = new Map<string, Outcome>();
  style: ReportStyle = reportStyleSchema.parse({});
  readonly #reports = new Map<string, Report>();
  readonly #parts: UploadReportsParts;

  constructor(parts: UploadReportsParts) {
    this.#parts = parts;
  }

  /** The text behind a report's signed URL. */
  textOf(key: string): string | undefined {
    return key.startsWith(FOLDER) ? this.#reports.get(key.slice(FOLDER.length))?.text : undefined;
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'gc.reports.create',
        method: 'POST',
        path: PATH,
        permission: 'recording:uploadReport:add',
        handle: (call) => this.#create(call),
      },
      {
        target: 'gc.reports.get',
        method: 'GET',
        path: `${PATH}/:reportId`,
        permission: 'recording:uploadReport:view',
        handle: (call) => this.#get(call),
      },
    ];
  }

  #create(call: Call): Reply {
    const { dateSince, uploadStatus } = parseJsonBody(call, reportRequestSchema);
    const id = randomUUID();
    const sinceMs = Date.parse(dateSince);
    this.#reports.set(id, {
      id,
      sinceMs,
      uploadStatus,
      pollsLeft: this.style.polls,
      text: undefined,
    });
    return ok(entityOf(id, 'InProgress'));
  }

  #get(call: Call): Reply {
    const report = this.#reports.get(call.params.reportId ?? '');
    if (!report) throw new GcError(404, 'not.found', 'The requested report was not found.');
    if (report.pollsLeft > 0) {
      report.pollsLeft -= 1;
      return ok(entityOf(report.id, 'InProgress'));
    }
    if (this.style.fails) return ok(entityOf(report.id, 'Failed'));
    report.text ??= reportText(this.#rowsOf(report), this.style);
    const signedUrl = this.#parts.sign(`${FOLDER}${report.id}`, {
      method: 'GET',
      origin: this.#parts.origin(),
      headers: {},
      expiresSeconds: 600,
      signedAtMs: this.#parts.clock.now(),
    });
    return ok({ ...entityOf(report.id, 'Completed'), signedUrl });
  }

  #rowsOf(report: Report): ReportRow[] {
    const rules = { ...this.#parts.rules, ordered: this.ordered };
    return this.#parts
      .recordings()
      .filter((recording) => Date.parse(recording.uploadedAt) >= report.sinceMs)
      .map((recording) => ({ recording, outcome: uploadOutcome(recording, rules) }))
      .filter(
        ({ outcome }) =>
          report.uploadStatus === undefined || outcome.status === report.uploadStatus,
      )
      .map(({ recording, outcome }) => rowOf(recording, outcome));
  }
}

function rowOf(recording: Recording, outcome: Outcome): ReportRow {
  return {
    fileName: recording.fileName,
    uploadKey: recording.uploadKey,
    conversationId: recording.metadata?.conversationId ?? '',
    uploadStatus: outcome.status,
    dateUploaded: recording.uploadedAt,
    errorCode: outcome.code,
    errorMessage: outcome.message,
  };
}

function entityOf(
  id: string,
  state: 'InProgress' | 'Completed' | 'Failed',
): Record<string, unknown> {
  return { id, name: '', state, selfUri: `${PATH}/${id}` };
}
