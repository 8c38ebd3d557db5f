import * as z from 'zod';

// GC's voice conversation events field by field, as the platform's own models name them (docs/design/CONVERSATIONS.md#12-fields).

const uuid = z.uuidv4();
const text = z.string().min(1);
const configuration = {
  initialConfiguration: z.strictObject({
    audioState: z
      .strictObject({ canHear: z.boolean(), canSpeak: z.boolean() })
      .partial()
      .optional(),
    alerting: z.boolean().optional(),
    inbound: z.boolean().optional(),
    invitedBy: uuid.optional(),
    recordingActive: z.boolean().optional(),
    additionalInfo: z.record(z.string(), z.string()).optional(),
  }),
  sourceConfiguration: z.strictObject({
    sourceId: uuid,
    interactionId: text,
    tagId: text.optional(),
  }),
};
const event = {
  eventId: uuid,
  eventDateTime: z.iso.datetime({ offset: true }),
  conversationId: uuid,
};
const communication = { ...event, communicationId: uuid };
const established = {
  ...communication,
  ...configuration,
  ani: text.optional(),
  dnis: text.optional(),
};
const transfer = {
  ...event,
  transferType: z.enum(['Attended', 'Unattended']),
  commandId: uuid,
  initiatingCommunicationId: uuid,
  targetCommunicationId: uuid,
  objectCommunicationId: uuid,
};
const consult = {
  ...event,
  initiatingCommunicationId: uuid,
  destinationCommunicationId: uuid,
  objectCommunicationId: uuid,
};
const skills = { languageId: uuid.optional(), skillIds: z.array(uuid).optional() };

export const disconnectTypes = [
  'Error',
  'Peer',
  'Self',
  'System',
  'Transfer',
  'TransferACD',
  'TransferConference',
  'TransferConsult',
  'TransferUser',
] as const;

/** The array of each event kind in a batch, and what one event in it must look like. Voice only. */
export const eventShapes = {
  externalEstablishedEvents: z.strictObject({
    ...established,
    aniName: text.optional(),
    dnisName: text.optional(),
  }),
  ivrEstablishedEvents: z.strictObject({
    ...established,
    ivrPhoneNumber: text.optional(),
    ivrName: text.optional(),
  }),
  phoneEstablishedEvents: z.strictObject({ ...established, phoneNumber: text.optional() }),
  routingEstablishedEvents: z.strictObject({
    ...established,
    queueId: uuid,
    phoneNumber: text.optional(),
    ...skills,
  }),
  userEstablishedEvents: z.strictObject({
    ...established,
    userId: uuid,
    phoneNumber: text.optional(),
    stationId: uuid.optional(),
    afterCallWorkRequired: z.boolean().optional(),
    queueId: uuid.optional(),
  }),
  communicationAnsweredEvents: z.strictObject(communication),
  audioUpdatedEvents: z.strictObject({
    ...communication,
    audioState: z.strictObject({ canHear: z.boolean(), canSpeak: z.boolean() }).partial(),
  }),
  holdUpdatedEvents: z.strictObject({ ...communication, held: z.boolean() }),
  phoneTransferEvents: z.strictObject({ ...transfer, destinationPhoneNumber: text }),
  routingTransferEvents: z.strictObject({ ...transfer, destinationQueueId: uuid, ...skills }),
  userTransferEvents: z.strictObject({ ...transfer, destinationUserId: uuid }),
  progressTransferEvents: z.strictObject({
    ...event,
    commandId: uuid,
    objectCommunicationId: uuid,
    destinationCommunicationId: uuid,
  }),
  endTransferEvents: z.strictObject({
    ...event,
    commandId: uuid,
    objectCommunicationId: uuid,
    finalState: z.enum(['Completed', 'Canceled', 'Failed']),
  }),
  consultTransferEvents: z.strictObject(consult),
  progressConsultTransferEvents: z.strictObject(consult),
  endConsultTransferEvents: z.strictObject(event),
  communicationEndedEvents: z.strictObject({
    ...communication,
    disconnectType: z.enum(disconnectTypes),
    destinationConversationId: uuid.optional(),
  }),
  communicationDispositionAppliedEvents: z.strictObject({
    ...communication,
    code: uuid.optional(),
    notes: z.string().optional(),
    tags: z.array(z.string()).optional(),
  }),
} as const;

export type EventKind = keyof typeof eventShapes;

/** In the order in which events of one instant count. */
export const eventKinds = Object.keys(eventShapes).filter((name) => isEventKind(name));

/** An event of which the shape is known to be right, whatever its kind. */
export type SoundEvent = {
  readonly eventId: string;
  readonly eventDateTime: string;
  readonly conversationId: string;
  readonly communicationId?: string;
  readonly initialConfiguration?: z.output<typeof configuration.initialConfiguration>;
  readonly sourceConfiguration?: z.output<typeof configuration.sourceConfiguration>;
  readonly ani?: string;
  readonly dnis?: string;
  readonly userId?: string;
  readonly queueId?: string;
  readonly phoneNumber?: string;
  readonly ivrName?: string;
  readonly afterCallWorkRequired?: boolean;
  readonly held?: boolean;
  readonly code?: string;
  readonly disconnectType?: (typeof disconnectTypes)[number];
  readonly destinationUserId?: string;
  readonly destinationQueueId?: string;
  readonly languageId?: string;
  readonly skillIds?: readonly string[];
  readonly commandId?: string;
  readonly initiatingCommunicationId?: string;
  readonly targetCommunicationId?: string;
  readonly objectCommunicationId?: string;
  readonly destinationCommunicationId?: string;
};

export function isEventKind(name: string): name is EventKind {
  return Object.hasOwn(eventShapes, name);
}
