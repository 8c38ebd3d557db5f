import { RwsClient } from '@exrec/excp';
import { createWebdavRecordingStore, type RecordingStore } from '@exrec/recording-store';
import {
  environmentWithDotEnv,
  Failure,
  readSettings,
  SettingsError,
  type Settings,
} from '@exrec/service-kit';
import type { Candidate, Span } from '../backfill/candidate.js';
import { candidateOfFile } from '../backfill/from-storage.js';
import { candidatesOfRws } from '../backfill/from-rws.js';
import { handIn } from '../backfill/hand-in.js';
import { knownMedia } from '../backfill/known.js';
import { CliError, exitCodes, wrongUse } from '../connection/cli-error.js';
import {
  write,
  serviceOf,
  spanOf,
  type CommonFlags,
  type Context,
  type SpanFlags,
} from '../context.js';
import { confirm } from '../output/confirm.js';
import { Progress } from '../output/progress.js';

export type BackfillFlags = CommonFlags &
  SpanFlags & {
    readonly source?: string;
    readonly perMinute?: string;
    readonly dryRun?: boolean;
  };

const names = [
  ...(['RWS_URL', 'RWS_USERNAME', 'RWS_PASSWORD', 'RWS_CONTACT_CENTER_ID'] as const),
  ...(['RWS_AUDIO_NAME_TEMPLATE', 'EXCP_MCP_USERNAME', 'EXCP_MCP_PASSWORD'] as const),
  ...(['WEBDAV_URL', 'WEBDAV_USERNAME', 'WEBDAV_PASSWORD'] as const),
] as const;
type BackfillSettings = Settings<(typeof names)[number]>;

type Found = {
  readonly found: number;
  readonly known: number;
  readonly withoutAudio: number;
  readonly toSend: readonly Candidate[];
};

/**
 * Hands in the recordings of a time that never came: those that GIR RWS has, or that lie on the storage. Says first how
 * many, asks, gives way to live calls. What is known already is left alone, so that running it twice does no harm.
 */
export async function backfill(context: Context, flags: BackfillFlags): Promise<number> {
  const settings = settingsOf(context);
  const span = wantedSpan(context, flags);
  const source = sourceOf(settings, flags);
  const perMinute = Number(flags.perMinute ?? 60);
  if (!(perMinute > 0)) throw wrongUse('--per-minute is a number above 0');
  const store = storeOf(settings);
  const progress = new Progress(context.terminal);
  try {
    const known = await knownMedia(serviceOf('ledger', context, flags), span);
    const all = source === 'rws' ? ofRws(settings, span, progress) : ofStorage(store, span);
    const { toSend, ...counts } = await sorted(all, { known, names: await namesOn(store) });
    progress.end();
    const document = { source, ...isoOf(span), ...counts, toSend: toSend.length, perMinute };
    const sentence = sentenceOf(document, known !== undefined);
    if (flags.dryRun === true || toSend.length === 0) {
      write(context, flags, { ...document, sent: 0, dryRun: flags.dryRun === true }, [sentence]);
      return counts.withoutAudio === 0 ? exitCodes.fine : exitCodes.found;
    }
    if (!(await confirm(`${sentence} Send them?`, context, flags))) return exitCodes.found;
    const handed = await handIn(toSend, {
      excp: serviceOf('excp', context, flags),
      exrp: serviceOf('exrp', context, flags),
      authorization: basicOf(settings),
      perMinute,
      onProgress: (done, total) => progress.show(done, total),
    });
    progress.end();
    const { sent, duplicates, refused } = handed;
    write(context, flags, { ...document, ...handed, dryRun: false }, [
      ...(flags.yes === true ? [sentence] : []),
      `${sent} handed in, ${duplicates} were known to EXCP, ${refused.length} refused`,
      ...refused.slice(0, 20).map(({ mediaId, reason }) => `  ${mediaId}: ${reason}`),
      ...(sent === 0 ? [] : ['`exrec find --since 1d` shows what becomes of them']),
    ]);
    return refused.length + counts.withoutAudio === 0 ? exitCodes.fine : exitCodes.found;
  } catch (error) {
    throw error instanceof Failure ? outage(error) : error;
  } finally {
    progress.end();
    store.close();
  }
}

function settingsOf({ environment }: Context): BackfillSettings {
  try {
    return readSettings(names, environmentWithDotEnv(environment));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw wrongUse(
      error.faults.map(({ name, problem }) => `${name} ${problem}`).join('; '),
      '`exrec check` looks at all settings',
    );
  }
}

function wantedSpan(context: Context, flags: BackfillFlags): Span {
  const { from, to } = spanOf(flags, context);
  if (from === undefined)
    throw wrongUse('--from is needed', 'like --from 2026-03-02T09:00Z --to 2026-03-02T12:00Z');
  return { fromMs: Date.parse(from), toMs: to === undefined ? context.nowMs : Date.parse(to) };
}

function sourceOf(
  { RWS_URL: url }: BackfillSettings,
  { source }: BackfillFlags,
): 'rws' | 'storage' {
  const wanted = source ?? (url === undefined ? 'storage' : 'rws');
  if (wanted !== 'rws' && wanted !== 'storage') throw wrongUse('--source is rws or storage');
  if (wanted === 'rws' && url === undefined)
    throw wrongUse(
      'RWS_URL is not set',
      'run it with the settings of EXCP, or with --source storage',
    );
  return wanted;
}

function storeOf({
  WEBDAV_URL: url,
  WEBDAV_USERNAME: username,
  WEBDAV_PASSWORD: password,
}: BackfillSettings): RecordingStore {
  return createWebdavRecordingStore({ url, username, password });
}

async function* ofRws(
  settings: BackfillSettings,
  span: Span,
  progress: Progress,
): AsyncGenerator<Candidate> {
  const client = new RwsClient({
    url: settings.RWS_URL ?? '',
    username: settings.RWS_USERNAME,
    password: settings.RWS_PASSWORD,
    contactCenterId: settings.RWS_CONTACT_CENTER_ID,
    audioNameTemplate: settings.RWS_AUDIO_NAME_TEMPLATE,
  });
  try {
    yield* candidatesOfRws(client, span, (done, total) => progress.show(done, total));
  } finally {
    client.close();
  }
}

async function* ofStorage(store: RecordingStore, span: Span): AsyncGenerator<Candidate> {
  for await (const file of store.list()) {
    const candidate = candidateOfFile(store, file, span);
    if (candidate !== undefined) yield candidate;
  }
}

async function namesOn(store: RecordingStore): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for await (const { name } of store.list()) all.add(name);
  return all;
}

async function sorted(
  all: AsyncIterable<Candidate>,
  { known, names: audio }: { known: ReadonlySet<string> | undefined; names: ReadonlySet<string> },
): Promise<Found> {
  let [found, isKnown, withoutAudio] = [0, 0, 0];
  const toSend: Candidate[] = [];
  for await (const candidate of all) {
    found += 1;
    if (known?.has(candidate.mediaId) === true) isKnown += 1;
    else if (audio.has(candidate.mediaId)) toSend.push(candidate);
    else withoutAudio += 1;
  }
  return { found, known: isKnown, withoutAudio, toSend };
}

function sentenceOf(
  {
    source,
    found,
    known,
    withoutAudio,
    toSend,
    perMinute,
  }: Omit<Found, 'toSend'> & {
    readonly source: string;
    readonly toSend: number;
    readonly perMinute: number;
  },
  hasLedger: boolean,
): string {
  const where = source === 'rws' ? 'RWS has' : 'The storage has';
  const knownWords = hasLedger ? `${known} are known` : 'the ledger cannot be asked what is known';
  const gone = withoutAudio === 0 ? '' : `, ${withoutAudio} have no audio on the storage any more`;
  const bare =
    source === 'rws' || toSend === 0 ? '' : ' They carry no agent and no queue of their own.';
  const minutes = Math.ceil(toSend / perMinute);
  const rest =
    toSend === 0
      ? 'Nothing to hand in.'
      : `${toSend} would be handed in, at most ${perMinute} a minute (${minutes} min or more: live calls go first).`;
  return `${where} ${found} recordings of that time: ${knownWords}${gone}. ${rest}${bare}`;
}

function isoOf({ fromMs, toMs }: Span) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function basicOf({
  EXCP_MCP_USERNAME: username,
  EXCP_MCP_PASSWORD: password,
}: BackfillSettings): string | undefined {
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function outage({ code, detail }: Failure): CliError {
  const isRws = code.startsWith('rws');
  return new CliError(`${isRws ? 'RWS' : 'the storage'} cannot be asked: ${detail ?? code}`, {
    hint: isRws
      ? 'RWS_URL, RWS_USERNAME, RWS_PASSWORD'
      : 'WEBDAV_URL, WEBDAV_USERNAME, WEBDAV_PASSWORD',
  });
}
