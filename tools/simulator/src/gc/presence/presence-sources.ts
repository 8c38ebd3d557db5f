import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';

const PATH = '/api/v2/presence/sources';

const newSourceSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  type: z.enum(['System', 'User']).optional(),
  deactivated: z.boolean().optional(),
});

export type PresenceSource = {
  readonly id: string;
  readonly name: string;
  readonly type: 'System' | 'User';
  deactivated: boolean;
};

/** Sources of presence, i.e. external platforms (docs/design/CONVERSATIONS.md#12-fields). The list is not paged. */
export class PresenceSources {
  /** A second active source of type `User` is refused with a 409; GC's real answer is not known. */
  onePerOrganization = true;
  #sources: PresenceSource[] = [];

  isActive(id: string): boolean {
    return this.#sources.some((source) => source.id === id && !source.deactivated);
  }

  list(): readonly PresenceSource[] {
    return this.#sources;
  }

  set(sources: readonly PresenceSource[]): void {
    this.#sources = sources.map((source) => ({ ...source }));
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'gc.presence.sources',
        method: 'GET',
        path: PATH,
        permission: 'presence:source:view',
        handle: (call) => this.#list(call),
      },
      {
        target: 'gc.presence.sources.create',
        method: 'POST',
        path: PATH,
        permission: 'presence:source:add',
        handle: (call) => this.#create(call),
      },
    ];
  }

  #list(call: Call): Reply {
    const deactivated = call.query.get('deactivated') === 'true';
    const entities = this.#sources.filter((each) => each.deactivated === deactivated).map(entityOf);
    return ok({ total: entities.length, entities, selfUri: PATH });
  }

  #create(call: Call): Reply {
    const { name, type = 'User', deactivated = false } = parseJsonBody(call, newSourceSchema);
    const isTaken = this.#sources.some((each) => each.type === 'User' && !each.deactivated);
    if (this.onePerOrganization && isTaken && !deactivated)
      throw new GcError(409, 'conflict', 'The organization has an active source already.');
    const source = { id: randomUUID(), name, type, deactivated };
    this.#sources.push(source);
    return ok(entityOf(source));
  }
}

function entityOf(source: PresenceSource): Record<string, unknown> {
  return { ...source, selfUri: `${PATH}/${source.id}` };
}
