import { readFile } from 'node:fs/promises';
import {
  emailsOf,
  readConfiguration,
  readHybridIntegration,
  userIdIn,
  type HybridIntegration,
} from '@exrec/excp';
import { createGcApi, gcHosts, memoryRateBudget, type GcCredentials } from '@exrec/gc-api';
import { Failure, silentLogger } from '@exrec/service-kit';
import { comparableCode, findQueue, type StaSnapshot } from '@exrec/sta-resolver';
import { fine, someOf, stops, warning, type Finding } from './finding.js';
import type { AllSettings } from './settings.js';

const transcribed = 'those calls go up all the same, without transcription';

/** Whether the hybrid_integration file is one that EXCP takes. */
export async function checkRules({ HYBRID_INTEGRATION_FILE: file }: AllSettings): Promise<{
  readonly rules: HybridIntegration | undefined;
  readonly findings: readonly Finding[];
}> {
  if (file === undefined)
    return {
      rules: undefined,
      findings: [fine('rules', 'no HYBRID_INTEGRATION_FILE: everything is in scope')],
    };
  const content = await readFile(file).catch(() => undefined);
  const reading = content === undefined ? undefined : readHybridIntegration(content);
  if (reading?.ok === true) {
    const { syncScope } = reading.settings;
    const scope = syncScope === undefined ? 'everything is in scope' : 'with a sync scope';
    return { rules: reading.settings, findings: [fine('rules', scope)] };
  }
  const [first] = reading?.problems ?? [];
  const fault = first === undefined ? 'cannot be read' : `line ${first.line}: ${first.reason}`;
  const text = `the hybrid_integration file is not usable: ${fault}`;
  const hint = '`exrec config check` names every fault; an EXCP that starts with it sends nothing';
  return { rules: undefined, findings: [stops('rules', text, hint)] };
}

/** Queues, agents, programs and languages that do not fit together, asked of Genesys Cloud itself. Reads only. */
export async function checkMappings(
  settings: AllSettings,
  credentials: GcCredentials,
  rules: HybridIntegration | undefined,
): Promise<Finding[]> {
  const { GC_REGION: region, GC_API_URL: apiUrl, GC_LOGIN_URL: loginUrl } = settings;
  const { HTTPS_PROXY, NO_PROXY, GC_REQUESTS_PER_MINUTE: requestsPerMinute } = settings;
  const gc = createGcApi({
    hosts: gcHosts({ region, apiUrl, loginUrl }),
    clients: [credentials],
    budget: memoryRateBudget({ requestsPerMinute }),
    logger: silentLogger,
    proxyEnv: { HTTPS_PROXY, NO_PROXY },
  });
  const agentMap = rules?.agentMap ?? {};
  try {
    const { snapshot, userIds } = await readConfiguration(gc, {
      atMs: 0,
      emails: emailsOf(agentMap),
      present: null,
      signal: AbortSignal.timeout(patienceMs),
    });
    const unknownAgents = Object.keys(agentMap).filter(
      (login) => userIdIn(agentMap, userIds, login) === null,
    );
    const findings = [
      ...unmapped(
        'agents',
        unknownAgents,
        'agent_map: those agents are bare phones in Genesys Cloud',
      ),
      ...checkQueues(rules, snapshot),
      ...checkPrograms(snapshot),
      ...checkLanguage(settings.STA_DEFAULT_LANGUAGE ?? rules?.staDefaultLanguage, snapshot),
    ];
    if (findings.length > 0) return findings;
    const queues = Object.keys(rules?.queueMap ?? {}).length;
    const agents = Object.keys(agentMap).length;
    return [fine('mappings', `${queues} queues and ${agents} agents of the file are known`)];
  } catch (error) {
    // What is denied, or who does not answer, other checks have named.
    if (error instanceof Failure) return [];
    throw error;
  } finally {
    gc.close();
  }
}

const patienceMs = 60_000;

function unmapped(subject: string, names: readonly string[], hint: string): Finding[] {
  if (names.length === 0) return [];
  return [
    warning(subject, `${names.length} that Genesys Cloud does not know: ${someOf(names)}`, hint),
  ];
}

function checkQueues(rules: HybridIntegration | undefined, snapshot: StaSnapshot): Finding[] {
  const queueMap = rules?.queueMap ?? {};
  const unknown = Object.keys(queueMap).filter(
    (name) => findQueue(name, queueMap, snapshot).queue === null,
  );
  return unmapped('queues', unknown, `queue_map, or leave them: ${transcribed}`);
}

function checkPrograms({ transcription, defaultProgram, queues }: StaSnapshot): Finding[] {
  if (transcription === 'Disabled')
    return [
      warning(
        'programs',
        'voice transcription is off for the whole organization',
        `routing, settings, transcription; ${transcribed}`,
      ),
    ];
  const withTranscription = queues.filter((queue) => queue.transcription);
  const drafts = withTranscription.filter(({ program }) => program?.published === false);
  const without = withTranscription.filter(({ program }) => program === null);
  const hasDefault = defaultProgram?.published === true;
  return [
    ...(drafts.length === 0
      ? []
      : [
          warning(
            'programs',
            `the program of ${drafts.length} queues is not published: ${someOf(drafts.map(({ name }) => name))}`,
            `publish it; ${hasDefault ? 'until then the default program counts' : transcribed}`,
          ),
        ]),
    ...(without.length === 0 || hasDefault
      ? []
      : [
          warning(
            'programs',
            `${without.length} queues have transcription and no program: ${someOf(without.map(({ name }) => name))}`,
            `map a program to them, or set a default program; ${transcribed}`,
          ),
        ]),
  ];
}

function checkLanguage(language: string | undefined, { dialectByCode }: StaSnapshot): Finding[] {
  const hint = `sta_default_language: trunk recordings and calls without a language need it; ${transcribed}`;
  if (language === undefined) return [warning('languages', 'there is no default language', hint)];
  if (dialectByCode.has(comparableCode(language))) return [];
  return [warning('languages', `${language} is none that Genesys Cloud transcribes`, hint)];
}
