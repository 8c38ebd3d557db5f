import * as z from 'zod';

/** One line of an upload report. GC's columns are not public (docs/reference/genesys-facts.md#42-upload-status-reports); these names are invented. */
export type ReportRow = {
  readonly fileName: string;
  readonly uploadKey: string;
  readonly conversationId: string;
  readonly uploadStatus: string;
  readonly dateUploaded: string;
  readonly errorCode: string;
  readonly errorMessage: string;
};

export const reportStyleSchema = z.strictObject({
  format: z.enum(['csv', 'json']).default('csv'),
  /** A byte order mark in front. */
  bom: z.boolean().default(false),
  /** Every CSV field in quotes, not only those that need it. */
  quoted: z.boolean().default(false),
  /** How often a report says `InProgress` before it is done. */
  polls: z.int().nonnegative().default(1),
  /** Reports end as `Failed` instead of `Completed`. */
  fails: z.boolean().default(false),
});

export type ReportStyle = z.output<typeof reportStyleSchema>;

const columns = {
  fileName: 'File Name',
  uploadKey: 'Upload Key',
  conversationId: 'Conversation Id',
  uploadStatus: 'Upload Status',
  dateUploaded: 'Date Uploaded',
  errorCode: 'Error Code',
  errorMessage: 'Error Message',
} as const satisfies Record<keyof ReportRow, string>;

/** The report as it is downloaded. */
export function reportText(rows: readonly ReportRow[], style: ReportStyle): string {
  const mark = style.bom ? '\uFEFF' : '';
  if (style.format === 'json') return mark + JSON.stringify({ entities: rows }, null, 2);
  const table = [Object.values(columns), ...rows.map(valuesOf)];
  const lines = table.map((values) =>
    values.map((value) => csvField(value, style.quoted)).join(','),
  );
  return `${mark}${lines.join('\r\n')}\r\n`;
}

function valuesOf(row: ReportRow): string[] {
  return [
    row.fileName,
    row.uploadKey,
    row.conversationId,
    row.uploadStatus,
    row.dateUploaded,
    row.errorCode,
    row.errorMessage,
  ];
}

function csvField(value: string, always: boolean): string {
  return always || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
