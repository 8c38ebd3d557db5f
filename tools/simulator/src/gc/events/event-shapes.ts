import * as z from 'zod';

// The required fields of GC's conversation events, as the platform's own models name them [F 4.7].

const uuid = z.uuidv4();
const configuration = {
  initialConfiguration: z.object({
    invitedBy: uuid.optional(),
    additionalInfo: z.record(z.string(), z.string()).optional(),
  }),
  sourceConfiguration: z.object({ sourceId: z.string().min(1), interactionId: z.string().min(1) }),
};
const event = {
  eventId: uuid,
  eventDateTime: z.iso.datetime({ offset: true }),
  conversationId: uuid,
};
const communication = { ...event, communicationId: uuid };
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
const disconnectType = z.enum([
  'Error',
  'Peer',
  'Self',
  'System',
  'Transfer',
  'TransferACD',
  'TransferConference',
  'TransferConsult',
  'TransferUser',
]);

/** The array of each event kind in the batch, and what one event in it must look like. Voice only. */
export const eventShapes: Readonly<
  Record<string, z.ZodType<{ eventId: string; conversationId: string }>>
> = {
  externalEstablishedEvents: z.object({ ...communication, ...configuration }),
  ivrEstablishedEvents: z.object({ ...communication, ...configuration }),
  phoneEstablishedEvents: z.object({ ...communication, ...configuration }),
  routingEstablishedEvents: z.object({ ...communication, ...configuration, queueId: uuid }),
  userEstablishedEvents: z.object({
    ...communication,
    ...configuration,
    userId: uuid,
    queueId: uuid.optional(),
  }),
  communicationAnsweredEvents: z.object(communication),
  audioUpdatedEvents: z.object({
    ...communication,
    audioState: z.object({ canHear: z.boolean().optional(), canSpeak: z.boolean().optional() }),
  }),
  holdUpdatedEvents: z.object({ ...communication, held: z.boolean() }),
  communicationEndedEvents: z.object({ ...communication, disconnectType }),
  communicationDispositionAppliedEvents: z.object({ ...communication, code: uuid.optional() }),
  phoneTransferEvents: z.object({ ...transfer, destinationPhoneNumber: z.string().min(1) }),
  routingTransferEvents: z.object({ ...transfer, destinationQueueId: uuid }),
  userTransferEvents: z.object({ ...transfer, destinationUserId: uuid }),
  progressTransferEvents: z.object({
    ...event,
    commandId: uuid,
    objectCommunicationId: uuid,
    destinationCommunicationId: uuid,
  }),
  endTransferEvents: z.object({
    ...event,
    commandId: uuid,
    objectCommunicationId: uuid,
    finalState: z.enum(['Completed', 'Canceled', 'Failed']),
  }),
  consultTransferEvents: z.object(consult),
  progressConsultTransferEvents: z.object(consult),
  endConsultTransferEvents: z.object(event),
};
