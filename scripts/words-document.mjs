/** The text of docs/operate/words.md: states, causes and reasons are those of libs/words. */
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from './progress.mjs';

const means = {
  waits: 'waits',
  'dead-letter': 'dead letter',
  both: 'waits, then dead letter',
  none: '',
};

export async function wordsDocument() {
  const {
    causes,
    causeWords,
    notTranscribed,
    recordingStates,
    shapeOf,
    stateWords,
    toneOf,
    trailRules,
    trailWords,
    transcriptionReasons,
  } = await words();
  const states = recordingStates.map(
    (state) => `| ${shapeOf[toneOf(state)]} | \`${state}\` | ${stateWords(state)} |`,
  );
  const causeRows = Object.keys(causes).map((cause) => {
    const { title, means: text, todo } = causeWords(cause);
    return `| \`${cause}\` | ${title} | ${means[causes[cause]]} | ${text} | ${todo} |`;
  });
  const reasons = transcriptionReasons.map(
    (reason) =>
      `| \`${reason}\` | ${notTranscribed(reason, { queue: '*queue*', program: '*program*' })} |`,
  );
  const rules = trailRules.map(
    (rule) => `| \`${rule}\` | ${trailWords(rule, { queue: '*queue*', value: '*value*' })} |`,
  );
  return `# Words: states, causes, reasons, flags

<!-- Written by \`npm run docs\` from libs/words and scripts/words-document.mjs. Do not edit. -->

## States of a recording

| | state | in words |
| --- | --- | --- |
${states.join('\n')}

\`●\` fine, \`◐\` under way, \`▲\` waits, \`◼\` needs a person.

## Causes

Why a recording waits or failed. *Waits*: it is tried again by itself. *Dead letter*: a person decides, and can send it again while its audio exists.

| cause | in words | then | what it means | what to do |
| --- | --- | --- | --- | --- |
${causeRows.join('\n')}

## Why there is no transcription

\`reason\` of \`speechAndTextAnalytics\` in GC-metadata, and of \`sta\` in \`GET /api/v1/interactions/{callUUID}\`, which also has the trail of rules that led there.

| reason | in words |
| --- | --- |
${reasons.join('\n')}

## Rules of the trail

What was looked at, step by step, until program and language or a reason were found.

| rule | in words |
| --- | --- |
${rules.join('\n')}

## Flags

What was unusual. A flag never keeps a recording from being sent.

| flag | of | meaning |
| --- | --- | --- |
| \`timed-out\` | interaction | ended by force after \`EXCP_MAX_INTERACTION_HOURS\` of silence: its last events never came |
| \`call-cap\` | interaction | it has more calls than one interaction may have; further ones are interactions of their own |
| \`event-cap\` | interaction | it has more call events than are kept; those about attached data were left out first |
| \`several-roots\` | interaction | a call was told to Genesys Cloud before its parent was known: there are two conversations |
| \`parent-unknown\` | interaction | nothing was heard of the call that a consult belongs to |
| \`conversation-gap\` | recording and its interaction | Genesys Cloud refused its leg of the conversation for good: it was sent all the same and waits there, later perhaps as an [orphan](conversations.md#recordings-without-their-conversation) |
| \`metadata-missing\` | interaction | RWS did not know all its recordings by \`RWS_DEADLINE_HOURS\` |
| \`duration-differs\` | recording | the audio is more than 2 s longer or shorter than announced |
| \`no-end-of-stream\` | recording | the last Ogg page does not say that it is the last |
| \`pages-missing\` | recording | the Ogg pages do not follow each other: a piece is missing in the middle |
| \`bytes-after-end\` | recording | something follows the last Ogg page |

## Differences of a reconciliation

[In the runbook](../runbook.md#differences-that-a-reconciliation-names).
`;
}

async function words() {
  const outfile = join(workspaceRoot, '.run', 'docs', 'words.mjs');
  await build({
    entryPoints: [join(workspaceRoot, 'libs/words/src/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  return import(pathToFileURL(outfile).href);
}

if (process.argv[1] === import.meta.filename) process.stdout.write(await wordsDocument());
