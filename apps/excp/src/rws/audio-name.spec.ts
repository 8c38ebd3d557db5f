import { audioName, audioNameFault } from './audio-name.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const stem = `${callUUID}_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001`;

it.each([
  ['{stem}.opus', `${stem}.mp3`, `${stem}.opus`],
  ['{stem}.opus', stem, `${stem}.opus`],
  ['{stem}.opus', `${stem}.opus`, `${stem}.opus`],
  ['{stem}.opus', 'a.b.mp3', 'a.b.opus'],
  ['{mediaId}', `${stem}.mp3`, `${stem}.mp3`],
  ['{callUUID}-{stem}.opus', 'a.mp3', `${callUUID}-a.opus`],
  ['{stem}.opus', 'x'.repeat(255), undefined],
])('%s makes %s into %s', (template, mediaId, expected) => {
  expect(audioName(template, { mediaId, callUUID })).toBe(expected);
});

it.each(['{stem}.opus', '{mediaId}', '{callUUID}_{stem}', 'rec-{stem}.opus'])(
  'takes the template %s',
  (template) => expect(audioNameFault(template)).toBeUndefined(),
);

it.each([
  ['{callUUID}.opus', 'needs'],
  ['audio.opus', 'needs'],
  ['{stem}{ani}.opus', 'may only name'],
  ['{stem}{}.opus', 'may only name'],
  ['rec/{stem}.opus', 'plain file name'],
  ['.{stem}', 'plain file name'],
  ['{{stem}}', 'plain file name'],
  ['{stem', 'needs'],
])('refuses the template %s: %s', (template, reason) => {
  expect(audioNameFault(template)).toContain(reason);
});
