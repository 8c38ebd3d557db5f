import { isJsonObject, ownValue, textOf, type JsonObject } from '../interaction/index.js';

/** 32 characters in practice (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file); any short plain word is taken, because it becomes part of Redis keys. */
const plainWord = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const fullLength = /^[A-Za-z0-9]{32}$/;

/** A callUUID as it is kept: one of full length in lower case is the same call (RWS may tell it so). */
export function sameCall(callUUID: string): string {
  return fullLength.test(callUUID) ? callUUID.toUpperCase() : callUUID;
}

export function isCallUUID(text: string | undefined): text is string {
  return text !== undefined && plainWord.test(text);
}

/**
 * The call of a media file: `callUUID`, `callUuid`, `parameters.id`, `parameters.callUuid`, the envelope's `id`,
 * the first 32 characters of `mediaId`. `parameters.id` and the envelope's `id` may be ids of something
 * else (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file), so among the stand-ins one of 32 characters goes before any other.
 */
export function callUUIDOf(
  mediaFile: JsonObject,
  mediaId: string,
  envelope: JsonObject | undefined,
): string | undefined {
  const parameters = ownValue(mediaFile, 'parameters');
  const inParameters = (name: string) =>
    isJsonObject(parameters) ? textOf(ownValue(parameters, name)) : undefined;
  const own = [textOf(ownValue(mediaFile, 'callUUID')), textOf(ownValue(mediaFile, 'callUuid'))];
  const standIns = [
    inParameters('id'),
    inParameters('callUuid'),
    envelope === undefined ? undefined : textOf(ownValue(envelope, 'id')),
  ];
  const found =
    own.find(isCallUUID) ??
    [...standIns, mediaId.slice(0, 32)].find(
      (text) => text !== undefined && fullLength.test(text),
    ) ??
    standIns.find(isCallUUID);
  return found && sameCall(found);
}
