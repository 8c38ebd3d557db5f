import { isMediaId } from '@exrec/gc-metadata';

/** The media file that RWS speaks of: GIR's own mp3. */
export interface RwsFileName {
  readonly mediaId: string;
  readonly callUUID: string;
}

const sample: RwsFileName = {
  mediaId: '02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.mp3',
  callUUID: '02AB7QK3D4FH59LMN0PQ6RSTUV000017',
};
const placeholder = /\{(\w*)\}/g;
const distinguishing = ['stem', 'mediaId'];
const known = [...distinguishing, 'callUUID'];

/**
 * Name of the audio file on WebDAV for a media file of RWS (docs/design/CONTRACTS.md#24-gir-rws), by a template of `{stem}` (GIR's file
 * name without its extension), `{mediaId}` (with it) and `{callUUID}`. How GIR's names and MCP's belong
 * together is not public (docs/reference/genesys-facts.md#34-the-recording-resource); the same name makes it the same recording, whichever way it came.
 * @returns undefined when the name is not one that a `mediaId` may have
 */
export function audioName(template: string, file: RwsFileName): string | undefined {
  const values: Readonly<Record<string, string>> = {
    stem: file.mediaId.replace(/\.[A-Za-z0-9]{1,5}$/, ''),
    mediaId: file.mediaId,
    callUUID: file.callUUID,
  };
  const name = template.replace(placeholder, (whole, key: string) => values[key] ?? whole);
  return isMediaId(name) ? name : undefined;
}

/** What is wrong with a template, for the check of the settings at start; undefined: nothing. */
export function audioNameFault(template: string): string | undefined {
  const used = [...template.matchAll(placeholder)].map(([, key = '']) => key);
  if (!used.every((key) => known.includes(key)))
    return `may only name ${known.map((key) => `{${key}}`).join(', ')}`;
  // A call has many media files: `{callUUID}` alone would make them one.
  if (!used.some((key) => distinguishing.includes(key))) return 'needs {stem} or {mediaId}';
  if (audioName(template, sample) === undefined)
    return 'does not give a plain file name of 1 to 255 characters';
  return undefined;
}
