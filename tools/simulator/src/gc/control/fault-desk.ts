import type { Clients } from '../access/clients.js';
import type { Gate } from '../access/gate.js';
import type { RateLimit } from '../access/rate-limit.js';
import type { Clock } from '../clock.js';
import type { ConversationEvents } from '../events/conversation-events.js';
import { meets, type FaultBook } from '../faults/fault-book.js';
import type { HttpFault } from '../faults/fault.js';
import type { RecordingKeys } from '../keys/recording-keys.js';
import type { PresenceSources } from '../presence/presence-sources.js';
import type { OrphanRecordings } from '../recordings/orphan-recordings.js';
import { reportStyleSchema } from '../reports/report-text.js';
import type { UploadReports } from '../reports/upload-reports.js';
import { isStateOrder, orderSchema, type FaultOrder, type StateOrder } from './order.js';

export type FaultDeskParts = {
  readonly faults: FaultBook;
  readonly keys: RecordingKeys;
  readonly reports: UploadReports;
  readonly gate: Gate;
  readonly clients: Clients;
  readonly rateLimit: RateLimit;
  readonly clock: Clock;
  readonly conversations: ConversationEvents;
  readonly sources: PresenceSources;
  readonly orphans: OrphanRecordings;
  readonly targets: readonly string[];
};

/** Takes orders for misbehaviour, and takes them back. */
export class FaultDesk {
  readonly #parts: FaultDeskParts;
  readonly #requestsPerMinute: number;

  constructor(parts: FaultDeskParts) {
    this.#parts = parts;
    this.#requestsPerMinute = parts.rateLimit.requestsPerMinute;
  }

  /**
   * @throws ZodError when the order is not well-formed
   * @throws RangeError when nothing has this target: a mistyped fault must not look like a passed test
   */
  async order(order: FaultOrder | Readonly<Record<string, unknown>>): Promise<void> {
    const parsed = orderSchema.parse(order);
    if (isStateOrder(parsed)) return this.#change(parsed);
    if (!this.#parts.targets.some((target) => meets(parsed, target))) {
      throw new RangeError(`no such target; there are ${this.#parts.targets.join(', ')}`);
    }
    this.#parts.faults.add(parsed);
  }

  /** The faults that have not been used up. */
  list(): readonly HttpFault[] {
    return this.#parts.faults.list();
  }

  /** All well again; rotated keys stay, and so does what was uploaded. */
  async clear(): Promise<void> {
    const { faults, keys, reports, gate, rateLimit, clock, conversations, sources, orphans } =
      this.#parts;
    faults.clear();
    await keys.act('restore');
    reports.ordered.clear();
    reports.style = reportStyleSchema.parse({});
    gate.denied.clear();
    rateLimit.requestsPerMinute = this.#requestsPerMinute;
    rateLimit.clear();
    clock.offsetMs = 0;
    conversations.order({});
    sources.onePerOrganization = true;
    orphans.afterMs = null;
  }

  async #change(order: StateOrder): Promise<void> {
    const { keys, reports, gate, clients, rateLimit, clock, conversations, sources, orphans } =
      this.#parts;
    switch (order.target) {
      case 'keys':
        return keys.act(order.action);
      case 'report':
        reports.ordered.set(order.recordingId, {
          status: order.uploadStatus,
          code: order.code,
          message: order.message,
        });
        return;
      case 'report-style': {
        const { target: _target, ...style } = order;
        reports.style = style;
        return;
      }
      case 'permissions':
        for (const permission of order.denied) gate.denied.add(permission);
        return;
      case 'tokens':
        clients.revokeTokens();
        return;
      case 'clock':
        clock.offsetMs = order.offsetMs;
        return;
      case 'gc.events': {
        const { target: _target, ...rules } = order;
        conversations.order(rules);
        return;
      }
      case 'presence':
        sources.onePerOrganization = order.onePerOrganization;
        if (order.sources !== undefined) sources.set(order.sources);
        return;
      case 'orphans':
        orphans.afterMs = order.afterMs;
        return;
      case 'rate-limit':
        rateLimit.requestsPerMinute = order.requestsPerMinute;
        rateLimit.clear();
    }
  }
}
