import type { SyncScope } from '../interaction/index.js';
import type {
  FileProblem,
  HybridIntegration,
  HybridIntegrationReading,
} from './hybrid-integration.js';
import { YamlReader } from './yaml-reader.js';

/** Some ten thousand mapped agents. */
const maxBytes = 1024 * 1024;
/** Nobody reads more; a file may have one for each of its characters. */
const mostProblems = 100;
const languageCode = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/;

/**
 * Reads a hybrid_integration file (docs/design/CONTRACTS.md#61-hybrid_integration-file). It is taken as a whole or not at all: any unknown
 * or doubled key, any wrong value and any byte that is not UTF-8 is a problem with its line. An empty file and a
 * `sync_scope` without rules are refused too: half-written or half-thought, they would put everything in scope.
 */
export function readHybridIntegration(content: string | Uint8Array): HybridIntegrationReading {
  if (content.length > maxBytes)
    return refused([{ line: 1, reason: 'the file is larger than 1 MiB' }]);
  const text = typeof content === 'string' ? content : textOf(content);
  if (text === undefined) return refused(foreignLines(content));
  const reader = new YamlReader(text);
  const settings = reader.problems.length > 0 ? undefined : readDocument(reader);
  if (settings === undefined || reader.problems.length > 0) return refused(reader.problems);
  return { ok: true, settings };
}

function refused(problems: readonly FileProblem[]): HybridIntegrationReading {
  const inOrder = problems.toSorted((left, right) => left.line - right.line);
  return { ok: false, problems: inOrder.slice(0, mostProblems) };
}

/** undefined when it is not UTF-8; a byte order mark is left out. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The lines that are not UTF-8. A line feed is never a part of another character there. */
function foreignLines(content: string | Uint8Array): FileProblem[] {
  const lines = Buffer.from(content).toString('latin1').split('\n');
  return lines.flatMap((line, index) =>
    textOf(Buffer.from(line, 'latin1')) === undefined
      ? [{ line: index + 1, reason: 'is not UTF-8' }]
      : [],
  );
}

type Draft = { -readonly [Key in keyof HybridIntegration]: HybridIntegration[Key] };

function readDocument(reader: YamlReader): HybridIntegration | undefined {
  const settings: Draft = { queueMap: {}, agentMap: {}, ivrDns: [] };
  if (reader.contents === null) {
    reader.refuse(null, 'the file is empty');
    return undefined;
  }
  readKeys(
    reader,
    { node: reader.contents, name: 'the file' },
    {
      hybrid_integration: (node) => readLanguages(reader, node, settings),
      sync_scope: (node) => {
        if (reader.isWord(node, 'all')) settings.isWholeInScope = true;
        else settings.syncScope = readScope(reader, node);
      },
      queue_map: (node) => (settings.queueMap = readMap(reader, node, 'queue_map')),
      agent_map: (node) => (settings.agentMap = readMap(reader, node, 'agent_map')),
      ivr_dns: (node) => (settings.ivrDns = reader.texts(node, 'ivr_dns') ?? []),
    },
  );
  return settings;
}

function readLanguages(reader: YamlReader, node: unknown, settings: Draft): void {
  readKeys(
    reader,
    { node, name: 'hybrid_integration' },
    {
      sta_default_language: (value) => {
        const language = reader.text(value, 'sta_default_language');
        if (language !== undefined && !languageCode.test(language)) {
          reader.refuse(value, 'sta_default_language must be a language code such as en-US');
        }
        settings.staDefaultLanguage = language;
      },
      sta_userdata_language_key: (value) =>
        (settings.staUserdataLanguageKey = reader.text(value, 'sta_userdata_language_key')),
    },
  );
}

function readScope(reader: YamlReader, node: unknown): SyncScope {
  const scope: { -readonly [Key in keyof SyncScope]: SyncScope[Key] } = {
    agents: [],
    dns: [],
    queues: [],
  };
  readKeys(
    reader,
    { node, name: 'sync_scope' },
    {
      agents: (value) => (scope.agents = reader.texts(value, 'agents') ?? []),
      dns: (value) => (scope.dns = reader.texts(value, 'dns') ?? []),
      queues: (value) => (scope.queues = reader.texts(value, 'queues') ?? []),
    },
  );
  return scope;
}

function readMap(reader: YamlReader, node: unknown, name: string): Record<string, string> {
  const entries = (reader.entries(node, name) ?? []).flatMap(({ key, value }) => {
    const target = reader.text(value, `each value of ${name}`);
    return target === undefined ? [] : [[key, target] as const];
  });
  return Object.fromEntries(entries);
}

/** Hands each value of the map to the reader of its key; a map without keys, or with unknown ones, is a problem. */
function readKeys(
  reader: YamlReader,
  { node, name }: { node: unknown; name: string },
  readers: Readonly<Record<string, (value: unknown) => unknown>>,
): void {
  const known = Object.keys(readers).join(', ');
  const entries = reader.entries(node, name);
  if (entries?.length === 0) reader.refuse(node, `${name} holds none of ${known}`);
  for (const { key, keyNode, value } of entries ?? []) {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined)
      reader.refuse(keyNode, `${name} has an unknown key; it may hold ${known}`);
    else read(value);
  }
}
