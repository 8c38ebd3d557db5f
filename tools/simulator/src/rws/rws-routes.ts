import type { Express, Request, RequestHandler, Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveFault, type FaultList } from './fault-list.js';
import { timeMs, type RecordingShelf, type SearchQuery } from './recording-shelf.js';
import { refuse } from './refusal.js';
import type { RwsBehaviour, RwsRoute } from './rws-behaviour.js';

export type RwsDesk = {
  readonly shelf: RecordingShelf;
  readonly faults: FaultList;
  readonly contactCenterIds: readonly string[];
  readonly behaviour: () => RwsBehaviour;
};

const opsPath = '/api/v2/ops/contact-centers';
const recordingsPath = '/api/v2/recordings';

/** The three reads of docs/design/CONTRACTS.md#24-gir-rws and the read of one recording that a list of addresses needs (docs/reference/genesys-facts.md#31-endpoints). */
export function mountRwsRoutes(app: Express, desk: RwsDesk): void {
  const route = (name: RwsRoute, give: RequestHandler): RequestHandler => {
    return async (request, response, next) => {
      const { delayMs, pageSize } = desk.behaviour();
      if (delayMs > 0) await sleep(delayMs);
      const query = name === 'search' ? searchQuery(request, pageSize) : undefined;
      const page = query && Math.floor(query.offset / query.limit) + 1;
      const fault = desk.faults.take(name, page);
      if (fault === undefined) await give(request, response, next);
      else giveFault(fault, response);
    };
  };
  const recording = route('recording', (request, response) =>
    giveRecording(desk, request, response),
  );
  const contactCenters = route('contact-centers', (request, response) => {
    const uris = desk.contactCenterIds.map((id) => `${originOf(request)}${opsPath}/${id}`);
    response.json({ statusCode: 0, uris });
  });
  app.get(opsPath, contactCenters);
  app.get(`${opsPath}/:contactCenterId/recordings/:id`, recording);
  app.get(`${recordingsPath}/:id`, recording);
  app.get(
    recordingsPath,
    route('search', (request, response) => giveSearch(desk, request, response)),
  );
}

function giveRecording(
  { shelf, contactCenterIds, behaviour }: RwsDesk,
  request: Request,
  response: Response,
): void {
  const { single, notFoundAs } = behaviour();
  const { contactCenterId, id } = request.params;
  const centerIds: readonly unknown[] = [undefined, ...contactCenterIds];
  const isFound = typeof id === 'string' && centerIds.includes(contactCenterId);
  const recording = isFound ? shelf.read(id, behaviour()) : undefined;
  if (recording === undefined) refuse(response, notFoundAs, 'NOT_FOUND');
  else response.json(single === 'bare' ? recording : { statusCode: 0, recording });
}

function giveSearch({ shelf, behaviour }: RwsDesk, request: Request, response: Response): void {
  const settings = behaviour();
  const query = searchQuery(request, settings.pageSize);
  if (query === undefined) {
    refuse(response, 400, 'startTime, stopTime, limit or offset is missing or malformed');
    return;
  }
  const { rows, nextOffset } = shelf.search(query, settings);
  const found =
    settings.listing === 'uris'
      ? { uris: rows.map(({ id }) => `${originOf(request)}${recordingsPath}/${id}`) }
      : { recordings: rows };
  const next = nextOffset === undefined ? undefined : nextPage(request, nextOffset, settings.links);
  if (next !== undefined && settings.nextPage === 'link-header') {
    response.set('Link', `<${next}>; rel="next"`);
  }
  response.json({ statusCode: 0, ...found, ...nextPageField(next, settings.nextPage) });
}

function nextPageField(next: string | undefined, place: RwsBehaviour['nextPage']): object {
  if (next === undefined) return {};
  switch (place) {
    case 'nextUri':
    case 'next':
      return { [place]: next };
    case 'links.next':
      return { links: { next } };
    default:
      return {};
  }
}

function nextPage(request: Request, offset: number, links: RwsBehaviour['links']): string {
  const url = new URL(request.originalUrl, originOf(request));
  url.searchParams.set('offset', `${offset}`);
  return links === 'absolute' ? url.href : `${url.pathname}${url.search}`;
}

/** At least the start is compulsory, as RWS refuses a search without parameters (docs/reference/genesys-facts.md#33-query-parameters); the rest is made up. */
function searchQuery(request: Request, pageSize: number): SearchQuery | undefined {
  const given = new URL(request.originalUrl, originOf(request)).searchParams;
  const fromMs = timeMs(given.get('startTime') ?? '');
  const untilText = given.get('stopTime');
  const untilMs = untilText === null ? Infinity : timeMs(untilText);
  const offset = Number(given.get('offset') ?? 0);
  const limit = Math.min(Number(given.get('limit') ?? pageSize), pageSize);
  const isGood = offset >= 0 && limit >= 1 && Number.isInteger(offset) && Number.isInteger(limit);
  if (!isGood || Number.isNaN(fromMs) || Number.isNaN(untilMs)) return undefined;
  return { fromMs, untilMs, offset, limit };
}

function originOf(request: Request): string {
  return `http://${request.headers.host ?? '127.0.0.1'}`;
}
