import type { RecordingRow } from '../database/tables.js';

/** Steps on the way of a recording, in their order. */
export const flowSteps = [
  'collected',
  'inScope',
  'dispatched',
  'sealed',
  'uploaded',
  'confirmed',
] as const;
export type FlowStep = (typeof flowSteps)[number];

/** How many recordings took each step. */
export type Flow = Readonly<Record<FlowStep, number>>;

export const noFlow: Flow = {
  collected: 0,
  inScope: 0,
  dispatched: 0,
  sealed: 0,
  uploaded: 0,
  confirmed: 0,
};

const hasTaken: Readonly<Record<FlowStep, (row: RecordingRow) => boolean>> = {
  collected: () => true,
  inScope: (row) => row.in_scope === true,
  dispatched: (row) => row.accepted_at !== null,
  sealed: (row) => row.zip_sha256 !== null,
  uploaded: (row) => row.uploaded_at !== null,
  confirmed: (row) => row.confirmed_at !== null,
};

/** The steps that rows took when they were replaced. Pure. */
export function flowOf(
  before: ReadonlyMap<string, RecordingRow>,
  after: ReadonlyMap<string, RecordingRow>,
): Flow {
  const flow = { ...noFlow };
  for (const [id, row] of after) {
    const known = before.get(id);
    for (const step of flowSteps)
      if (hasTaken[step](row) && (known === undefined || !hasTaken[step](known))) flow[step] += 1;
  }
  return flow;
}
