import { badRecordings } from './bad-recordings.js';
import { trunkDn } from './contact-centre.js';
import { delivered, notTranscribed, outOfScope, through, withoutQueue } from './expectations.js';
import type { Scenario } from './scenario.js';

/**
 * The calls that `npm start` plays. Seconds count from the arrival of each call.
 * Languages: en-US, de-DE, fr-FR and es-ES are supported, en-US is the default.
 */
export function sampleCalls(): readonly Scenario[] {
  return [...plainCalls, ...callsOfSeveralAgents, ...callsReportedOddly, ...badRecordings];
}

const german = { language_code: 'de-DE' };
const french = { language_code: 'fr-FR' };
const spanish = { language_code: 'es-ES' };

const plainCalls: readonly Scenario[] = [
  {
    name: 'queue-call',
    title: 'Call through a queue',
    userData: german,
    steps: [
      { at: 4, queue: 'VQ_TechSupport', until: 38, to: 'agent7105' },
      {
        at: 41,
        agent: 'agent7105',
        audio: 'tech-support-de',
        expect: delivered(through('VQ_TechSupport', 'de-DE')),
      },
    ],
  },
  {
    name: 'direct-call',
    title: 'Direct call to an agent, no queue',
    userData: spanish,
    steps: [
      {
        at: 12,
        agent: 'agent7106',
        audio: 'direct-es',
        expect: delivered(withoutQueue('es-ES')),
        mcp: { form: { body: 'media-file', times: '+0000', numbers: 'number' } },
      },
    ],
  },
  {
    name: 'trunk-recording',
    title: 'Recorded for the trunk',
    userData: german,
    steps: [
      { at: 2, trunk: trunkDn, audio: 'trunk-en', expect: delivered(withoutQueue('en-US')) },
      { at: 5, queue: 'VQ_TechSupport', until: 20, to: 'agent7106' },
      { at: 23, agent: 'agent7106', until: 60 },
    ],
  },
  {
    name: 'abandoned',
    title: 'Caller gave up in the queue, nothing recorded',
    steps: [{ at: 3, queue: 'VQ_Sales', until: 95 }],
  },
  {
    name: 'unsupported-language',
    title: 'Language that GC does not transcribe',
    userData: { language_code: 'sv-FI' },
    steps: [
      { at: 5, queue: 'VQ_Sales', until: 31, to: 'agent7201' },
      {
        at: 35,
        agent: 'agent7201',
        audio: 'sales-en',
        expect: delivered(through('VQ_Sales', 'en-US')),
      },
    ],
  },
  {
    name: 'transcription-off',
    title: 'Queue with transcription off',
    steps: [
      { at: 3, queue: 'VQ_Billing', until: 27, to: 'agent7107' },
      {
        at: 30,
        agent: 'agent7107',
        audio: 'billing-en',
        hold: [33, 36],
        expect: delivered(notTranscribed('VQ_Billing', 'queue-transcription-disabled')),
        mcp: { form: { duration: 'seconds', contentType: 'text/plain' } },
      },
    ],
  },
  {
    name: 'out-of-scope',
    title: 'Outside the sync scope',
    steps: [
      { at: 4, queue: 'VQ_Partners', until: 9, to: 'agent9901' },
      { at: 12, agent: 'agent9901', audio: 'short-en', expect: outOfScope('VQ_Partners') },
    ],
  },
];

const callsOfSeveralAgents: readonly Scenario[] = [
  {
    name: 'two-lines-of-business',
    title: 'Transferred to another line of business and language',
    userData: german,
    mcpAheadSeconds: 3,
    steps: [
      { at: 3, queue: 'VQ_TechSupport', until: 22, to: 'agent7105' },
      {
        at: 25,
        agent: 'agent7105',
        audio: 'tech-support-de',
        expect: delivered(through('VQ_TechSupport', 'de-DE')),
      },
      { at: 43, data: french },
      { at: 44, queue: 'VQ_Sales', until: 70, to: 'agent7201' },
      {
        at: 73,
        agent: 'agent7201',
        audio: 'sales-fr',
        expect: delivered(through('VQ_Sales', 'fr-FR')),
      },
    ],
  },
  {
    name: 'consult-transfer',
    title: 'Consult call, then transfer',
    steps: [
      { at: 3, queue: 'VQ_TechSupport', until: 15, to: 'agent7105' },
      {
        at: 18,
        agent: 'agent7105',
        until: 66,
        hold: [36, 66],
        audio: 'tech-support-en',
        expect: delivered(through('VQ_TechSupport', 'en-US')),
      },
      { at: 38, agent: 'agent7105', until: 66, consult: true, putThrough: true },
      { at: 39, queue: 'VQ_Sales', until: 48, to: 'agent7201', consult: true },
      {
        at: 51,
        agent: 'agent7201',
        until: 66,
        consult: true,
        audio: 'consult-en',
        expect: delivered(through('VQ_Sales', 'en-US')),
      },
      {
        at: 66,
        agent: 'agent7201',
        putThrough: true,
        audio: 'sales-en',
        expect: delivered(through('VQ_Sales', 'en-US')),
      },
    ],
  },
  {
    name: 'conference',
    title: 'Conference of two agents',
    userData: german,
    steps: [
      { at: 3, queue: 'VQ_TechSupport', until: 14, to: 'agent7105' },
      {
        at: 17,
        agent: 'agent7105',
        until: 55,
        audio: 'tech-support-de',
        expect: delivered(through('VQ_TechSupport', 'de-DE')),
      },
      {
        at: 40,
        agent: 'agent7106',
        until: 55,
        audio: 'conference-de',
        expect: delivered(withoutQueue('de-DE')),
        mcp: { form: { body: 'envelope-array', path: 'trailing-slash' } },
      },
    ],
  },
];

const callsReportedOddly: readonly Scenario[] = [
  {
    name: 'duplicate-metadata',
    title: 'Metadata posted three times',
    steps: [
      { at: 3, queue: 'VQ_Sales', until: 16, to: 'agent7201' },
      {
        at: 19,
        agent: 'agent7201',
        audio: 'sales-en',
        expect: delivered(through('VQ_Sales', 'en-US')),
        mcp: { reposts: 2 },
      },
    ],
  },
  {
    name: 'metadata-before-audio',
    title: 'Metadata before the audio, which comes slowly',
    userData: german,
    steps: [
      { at: 3, queue: 'VQ_Sales', until: 21, to: 'agent7201' },
      {
        at: 24,
        agent: 'agent7201',
        audio: 'sales-de',
        expect: delivered(through('VQ_Sales', 'de-DE')),
        mcp: { order: 'metadata-first', upload: 'slow' },
      },
    ],
  },
  {
    name: 'events-out-of-order',
    title: 'Call events out of order, language changed too late',
    userData: spanish,
    callEvents: { form: 'single', shuffled: true },
    steps: [
      { at: 4, queue: 'VQ_Billing', until: 12 },
      { at: 13, queue: 'VQ_TechSupport', until: 42, to: 'agent7105' },
      {
        at: 45,
        agent: 'agent7105',
        audio: 'tech-support-es',
        expect: delivered(through('VQ_TechSupport', 'es-ES')),
        mcp: { form: { body: 'media-file-array', callId: 'callUuid' } },
      },
      { at: 50, data: french },
    ],
  },
  {
    name: 'fed-twice',
    title: 'Every call event delivered twice to each EXCP',
    callEvents: { form: 'ndjson', times: 2 },
    steps: [
      { at: 3, queue: 'VQ_TechSupport', until: 17, to: 'agent7106' },
      {
        at: 20,
        agent: 'agent7106',
        audio: 'tech-support-en',
        expect: delivered(through('VQ_TechSupport', 'en-US')),
        mcp: { form: { names: 'callrec', callId: 'parameters', contentType: 'none' } },
      },
    ],
  },
  {
    name: 'metadata-only',
    title: 'Site without call events, queue in the metadata',
    callEvents: { form: 'none' },
    steps: [
      {
        at: 15,
        agent: 'agent7106',
        audio: 'tech-support-es',
        parameters: { queue: 'VQ_TechSupport', ...spanish },
        expect: delivered(through('VQ_TechSupport', 'es-ES')),
      },
    ],
  },
];
