import type { EventKind, SoundEvent } from './event-shapes.js';

/** One communication of a conversation, as its events have told it. Times in epoch ms. */
export type Leg = {
  readonly communicationId: string;
  readonly kind: 'external' | 'ivr' | 'phone' | 'routing' | 'user';
  readonly establishedAtMs: number;
  /** Rang first: it was not connected when it was established. */
  readonly alerted: boolean;
  readonly inbound: boolean;
  readonly invitedBy: string | undefined;
  readonly recordingActive: boolean;
  readonly userId: string | undefined;
  readonly queueId: string | undefined;
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
  /** The DN, IVR or number that the events name it by, for a person. */
  readonly name: string;
  readonly needsDisposition: boolean;
  answeredAtMs: number | undefined;
  endedAtMs: number | undefined;
  disconnectType: string | undefined;
  hasDisposition: boolean;
  readonly holds: { readonly fromMs: number; toMs: number | undefined }[];
};

const legKinds: Partial<Record<EventKind, Leg['kind']>> = {
  externalEstablishedEvents: 'external',
  ivrEstablishedEvents: 'ivr',
  phoneEstablishedEvents: 'phone',
  routingEstablishedEvents: 'routing',
  userEstablishedEvents: 'user',
};

/** The leg that an event of this kind establishes; undefined for other kinds. */
export function legOf(kind: EventKind, event: SoundEvent): Leg | undefined {
  const legKind = legKinds[kind];
  const { communicationId, initialConfiguration: initial } = event;
  if (legKind === undefined || communicationId === undefined) return undefined;
  const establishedAtMs = Date.parse(event.eventDateTime);
  const info = initial?.additionalInfo;
  const alerted = initial?.alerting === true;
  return {
    communicationId,
    kind: legKind,
    establishedAtMs,
    alerted,
    inbound: initial?.inbound !== false,
    invitedBy: initial?.invitedBy,
    recordingActive: initial?.recordingActive === true,
    userId: event.userId,
    queueId: event.queueId,
    ani: event.ani,
    dnis: event.dnis,
    name:
      event.ivrName ?? event.phoneNumber ?? info?.[legKind === 'routing' ? 'queue' : 'dn'] ?? '',
    needsDisposition: event.afterCallWorkRequired === true,
    answeredAtMs: alerted ? undefined : establishedAtMs,
    endedAtMs: undefined,
    disconnectType: undefined,
    hasDisposition: false,
    holds: [],
  };
}

/** What is missing until this leg is complete; undefined when nothing is. */
export function missingOf(leg: Leg): string | undefined {
  if (leg.endedAtMs === undefined) return 'has not ended';
  return leg.needsDisposition && !leg.hasDisposition ? 'has no disposition' : undefined;
}
