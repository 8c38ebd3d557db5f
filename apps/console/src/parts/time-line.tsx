import type { CallLog, Interaction } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { Time } from './times.js';

type Bar = { readonly kind: string; readonly fromMs: number; readonly toMs: number };
type Lane = { readonly name: string; readonly bars: readonly Bar[] };

const laneHeight = 22;
const nameWidth = 150;
const width = 900;

/** Who was there when, drawn: ringing, talking, holding; queues; recordings with their length. */
export function TimeLine({ call, log }: { readonly call: Interaction; readonly log: CallLog }) {
  const { t } = usePreferences();
  const lanes = lanesOf(call, log, t('recording'));
  const bars = lanes.flatMap((lane) => lane.bars);
  if (bars.length === 0) return null;
  const fromMs = Math.min(...bars.map((bar) => bar.fromMs));
  const toMs = Math.max(fromMs + 1000, ...bars.map((bar) => bar.toMs));
  const x = (ms: number) => nameWidth + ((ms - fromMs) / (toMs - fromMs)) * (width - nameWidth);
  const legend = (['ringing', 'talk', 'hold', 'inQueue', 'recording'] as const).map((name) =>
    t(name),
  );
  return (
    <figure className="time-line">
      <figcaption>
        <Time iso={new Date(fromMs).toISOString()} /> – <Time iso={new Date(toMs).toISOString()} />{' '}
        <span className="legend">
          {['ringing', 'talk', 'held', 'in-queue', 'recorded'].map((kind, index) => (
            <span key={kind} className={`key ${kind}`}>
              {legend[index]}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('timeline')}>
        <svg
          viewBox={`0 0 ${width} ${lanes.length * laneHeight}`}
          role="img"
          aria-label={t('timeline')}
        >
          {lanes.map(({ name, bars: ofLane }, index) => (
            <g key={`${name}${index}`} transform={`translate(0, ${index * laneHeight})`}>
              <text x={0} y={15}>
                {name}
              </text>
              {ofLane.map((bar) => (
                <rect
                  key={`${bar.kind}${bar.fromMs}`}
                  className={bar.kind}
                  x={x(bar.fromMs)}
                  width={Math.max(2, x(bar.toMs) - x(bar.fromMs))}
                  y={bar.kind === 'recorded' ? 8 : 4}
                  height={bar.kind === 'recorded' ? 6 : 14}
                >
                  <title>{`${name}: ${bar.kind}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}

const msOf = (iso: string | null | undefined) => (iso ? new Date(iso).getTime() : undefined);

function lanesOf(call: Interaction, log: CallLog, recordingName: string): Lane[] {
  const endMs = msOf(call.endTime) ?? Date.now();
  const lanes: Lane[] = [];
  for (const { queue, enteredAt, leftAt } of log.queueVisits ?? []) {
    const fromMs = msOf(enteredAt);
    if (fromMs !== undefined)
      lanes.push({
        name: queue,
        bars: [{ kind: 'in-queue', fromMs, toMs: msOf(leftAt) ?? endMs }],
      });
  }
  for (const party of log.parties ?? []) {
    if (party.partyType === 'queue') continue;
    lanes.push({ name: party.agentId ?? party.dn, bars: partyBars(party, endMs) });
  }
  for (const { agent, dn, startTime, endTime } of call.recordings) {
    const fromMs = msOf(startTime);
    if (fromMs === undefined) continue;
    const bar = { kind: 'recorded', fromMs, toMs: msOf(endTime) ?? endMs };
    lanes.push({ name: `${recordingName} ${agent ?? dn ?? ''}`.trim(), bars: [bar] });
  }
  return lanes.sort((left, right) => (left.bars[0]?.fromMs ?? 0) - (right.bars[0]?.fromMs ?? 0));
}

type Party = NonNullable<CallLog['parties']>[number];

function partyBars({ addedAt, establishedAt, goneAt, intervals }: Party, endMs: number): Bar[] {
  const bars: Bar[] = [];
  const addedMs = msOf(addedAt);
  const answeredMs = msOf(establishedAt);
  const goneMs = msOf(goneAt) ?? endMs;
  if (addedMs !== undefined)
    bars.push({ kind: 'ringing', fromMs: addedMs, toMs: answeredMs ?? goneMs });
  if (answeredMs !== undefined) bars.push({ kind: 'talk', fromMs: answeredMs, toMs: goneMs });
  for (const { state, from, to } of intervals) {
    const fromMs = msOf(from);
    if (state === 'held' && fromMs !== undefined)
      bars.push({ kind: 'held', fromMs, toMs: msOf(to) ?? goneMs });
  }
  return bars;
}
