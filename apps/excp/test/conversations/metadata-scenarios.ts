import type { SegmentMetadata } from '../../src/interaction/index.js';
import { dnA, dnB, dnC, root, t, trunk } from './feed.js';
import type { Scenario } from './scenario.js';

const segment = (dn: string, start: number, stop: number, more: Partial<SegmentMetadata> = {}) => ({
  ...{ mediaId: `${root}_${dn}_${start}.opus`, callUUID: root, source: 'mcp' as const },
  ...{ startMs: t(start), stopMs: t(stop), durationMs: t(stop) - t(start) },
  ...{ recordDN: dn, agentId: `agent${dn}`, parameters: {}, masks: [], history: [], raw: {} },
  ...more,
});
const queue = { parameters: { queue: 'VQ_TechSupport' } };

/** Sites without call events: metadata are all there is. */
export const metadataScenarios: readonly Scenario[] = [
  {
    name: '14 metadata only, a trunk',
    feed: [],
    how: { segments: [{ ...segment(trunk, 0, 9), agentId: undefined }] },
    told: ['t0 ext E rec', 't9 ended E Self'],
  },
  {
    name: '15 metadata only, one segment',
    feed: [],
    how: { segments: [segment(dnA, 0, 9, queue)] },
    told: [
      't0 ext X',
      't0 routing Q ~X',
      't0 user A ~X rec',
      't0 ended Q Transfer',
      't9 ended X Self',
      't9 ended A Peer',
    ],
  },
  {
    name: '16 metadata only, one agent twice',
    feed: [],
    how: { segments: [segment(dnA, 0, 3), segment(dnA, 5, 9)] },
    told: ['t0 ext X', 't0 user A ~X rec', 't9 ended X Self', 't9 ended A Peer'],
  },
  {
    name: '16 metadata only, two agents',
    feed: [],
    how: { segments: [segment(dnA, 0, 3), segment(dnB, 5, 9)] },
    told: [
      't0 ext X',
      't0 user A ~X rec',
      't3 ended A Transfer',
      't5 user B ~X rec',
      't9 ended X Self',
      't9 ended B Peer',
    ],
  },
  {
    name: '16 metadata only, two agents at a time',
    feed: [],
    how: { segments: [segment(dnA, 0, 6), segment(dnC, 5, 9)] },
    told: [
      't0 ext X',
      't0 user A ~X rec',
      't5 user C ~X rec',
      't6 ended A Self',
      't9 ended X Self',
      't9 ended C Peer',
    ],
  },
  {
    name: '16b metadata only, the second agent after the end',
    feed: [],
    how: { segments: [segment(dnA, 0, 3)], lateSegments: [segment(dnB, 5, 9)] },
    told: [
      't0 ext X',
      't0 user A ~X rec',
      't3 ended X Self',
      't3 ended A Peer',
      't5 user B ~X rec',
      't9 ended B Peer',
    ],
  },
];
