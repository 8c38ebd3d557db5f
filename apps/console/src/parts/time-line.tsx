import type { CallLog, Interaction } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { durationWords, Time } from './times.js';

type Bar = { readonly kind: string; readonly fromMs: number; readonly toMs: number };
type Lane = { readonly name: string; readonly bars: readonly Bar[] };

const laneHeight = 22;
const nameWidth = 150;
const width = 900;
/** Behind this share of the width a text is written to the left of its mark. */
const markFlip = 0.75;

/** Who was there when, drawn: ringing, talking, holding; queues; recordings with their length. */
export function TimeLine({ call, log }: { readonly call: Interaction; readonly log: CallLog }) {
  const { t } = usePreferences();
  const lanes = lanesOf(call, log, t('recording'));
  const bars = lanes.flatMap((lane) => lane.bars);
  if (bars.length === 0) return null;
  const fromMs = Math.min(...bars.map((bar) => bar.fromMs));
  const toMs = Math.max(fromMs + 1000, ...bars.map((bar) => bar.toMs));
  const x = (ms: number) => nameWidth + ((ms - fromMs) / (toMs - fromMs)) * (width - nameWidth);
  const words: Readonly<Record<string, string>> = {
    ringing: t('ringing'),
    talk: t('talk'),
    held: t('hold'),
    'in-queue': t('inQueue'),
    recorded: t('recording'),
  };
  const marks = marksOf(log).filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return (
    <figure className="time-line">
      <figcaption>
        <Time iso={new Date(fromMs).toISOString()} /> – <Time iso={new Date(toMs).toISOString()} />{' '}
        <span className="legend">
          {Object.entries(words).map(([kind, word]) => (
            <span key={kind} className={`key ${kind}`}>
              {word}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('timeline')}>
        <svg
          viewBox={`0 0 ${width} ${(lanes.length + (marks.length > 0 ? 1 : 0)) * laneHeight}`}
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
                  <title>{`${name}: ${words[bar.kind] ?? bar.kind}, ${durationWords(bar.toMs - bar.fromMs)}`}</title>
                </rect>
              ))}
            </g>
          ))}
          {marks.map(({ atMs, name }) => (
            <text
              key={`${atMs}${name}`}
              x={x(atMs)}
              y={lanes.length * laneHeight + 15}
              textAnchor={x(atMs) > width * markFlip ? 'end' : 'start'}
            >
              {`◆ ${name}`}
            </text>
          ))}
        </svg>
      </div>
    </figure>
  );
}

/** Attached data that changed: their names, and their values for those who may see them. */
function marksOf({ userData = [] }: CallLog): { atMs: number; name: string }[] {
  return userData.flatMap(({ at, changes }) => {
    const atMs = msOf(at);
    const names = Object.entries(changes ?? {}).map(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? `${key} ${value}` : key,
    );
    return atMs === undefined || names.length === 0 ? [] : [{ atMs, name: names.join(', ') }];
  });
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
