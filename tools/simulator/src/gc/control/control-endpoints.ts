import * as z from 'zod';
import type { Clock } from '../clock.js';
import type { ConversationEvents } from '../events/conversation-events.js';
import type { Conversation } from '../events/conversation.js';
import { drawConversation } from '../events/leg-drawing.js';
import { ok, type Call, type Endpoint, type Method, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';
import type { RecordingKeys } from '../keys/recording-keys.js';
import type { Ledger } from '../ledger.js';
import type { Organization } from '../organization/organization.js';
import { gcConfigurationSchema } from '../organization/configuration.js';
import type { Recording, RecordingBook } from '../recordings/recording-book.js';
import type { FaultDesk } from './fault-desk.js';

export type ControlParts = {
  readonly recordings: RecordingBook;
  readonly keys: RecordingKeys;
  readonly ledger: Ledger;
  readonly organization: Organization;
  readonly conversations: ConversationEvents;
  readonly clock: Clock;
  readonly desk: FaultDesk;
  readonly fileOf: (uploadKey: string) => string;
};

const expectationsSchema = z.array(
  z.strictObject({ recording: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);
const anyObject = z.looseObject({});

/** `/simulator/...`: what GC would never show. No credentials: the simulator listens on loopback. */
export function controlEndpoints(parts: ControlParts): readonly Endpoint[] {
  return [
    ...recordingEndpoints(parts),
    ...keyEndpoints(parts),
    ...conversationEndpoints(parts),
    ...stateEndpoints(parts),
  ];
}

function recordingEndpoints({ recordings, fileOf }: ControlParts): Endpoint[] {
  const found = (call: Call) => {
    const recording = recordings.find(call.params.recordingId ?? '');
    if (!recording) throw new GcError(404, 'not.found', 'No such recording.');
    return recording;
  };
  return [
    control('GET', '/recordings', async (call) => {
      if (call.query.get('settled') === 'true') await recordings.settled();
      const items: readonly Recording[] = recordings.list();
      return ok({ items });
    }),
    control('GET', '/recordings/:recordingId', (call) => ok(found(call))),
    control('GET', '/recordings/:recordingId/zip', (call) => ({
      status: 200,
      headers: { 'content-type': 'application/zip' },
      file: fileOf(found(call).uploadKey),
    })),
    control('PUT', '/expectations', (call) => {
      for (const each of parseJsonBody(call, expectationsSchema)) recordings.expect(each);
      return { status: 204 };
    }),
  ];
}

function keyEndpoints({ keys }: ControlParts): Endpoint[] {
  return [
    control('GET', '/keys', () =>
      ok({
        items: keys.all().map(({ id, createDate, form, fingerprint, usable }) => ({
          id,
          createDate,
          form,
          fingerprint,
          usable,
        })),
      }),
    ),
    control('GET', '/keys/private', () => {
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        text: keys.current().secret.text,
      };
    }),
  ];
}

function conversationEndpoints({ conversations, clock }: ControlParts): Endpoint[] {
  return [
    control('GET', '/conversations', () =>
      ok({ counts: conversations.counts, items: conversations.list().map(brief) }),
    ),
    control('GET', '/conversations/:conversationId', (call) => {
      const conversation = conversations.find(call.params.conversationId ?? '');
      if (!conversation) throw new GcError(404, 'not.found', 'No such conversation.');
      if (call.query.get('format') === 'json') {
        const { events, refused } = conversation;
        return ok({ ...brief(conversation), events, refused });
      }
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        text: drawConversation(conversation, clock.now()),
      };
    }),
  ];
}

function brief(conversation: Conversation) {
  const { conversationId, interactionId = null, isComplete, missing, legs } = conversation;
  return { conversationId, interactionId, complete: isComplete, missing, legs: [...legs.values()] };
}

function stateEndpoints({ ledger, organization, desk }: ControlParts): Endpoint[] {
  return [
    control('GET', '/requests', () => ok({ counts: ledger.counts(), recent: ledger.recent() })),
    control('DELETE', '/requests', () => {
      ledger.clear();
      return { status: 204 };
    }),
    control('GET', '/configuration', () => ok(organization.configuration)),
    control('PUT', '/configuration', (call) => {
      organization.configure(parseJsonBody(call, gcConfigurationSchema));
      return { status: 204 };
    }),
    control('GET', '/faults', () => ok({ items: desk.list() })),
    control('POST', '/faults', async (call) => {
      const order = parseJsonBody(call, anyObject);
      await desk.order(order).catch(refuse);
      return { status: 204 };
    }),
    control('DELETE', '/faults', async () => {
      await desk.clear();
      return { status: 204 };
    }),
  ];
}

function control(
  method: Method,
  path: string,
  handle: (call: Call) => Reply | Promise<Reply>,
): Endpoint {
  return { target: `simulator.${method} ${path}`, method, path: `/simulator${path}`, handle };
}

function refuse(error: unknown): never {
  throw new GcError(400, 'bad.request', error instanceof Error ? error.message : String(error));
}
