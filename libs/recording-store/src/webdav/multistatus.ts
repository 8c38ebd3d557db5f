import { SaxesParser, type SaxesTagNS } from 'saxes';

/** One `response` of a multistatus answer, with the properties that were found. */
export type DavItem = {
  readonly href: string;
  readonly isCollection: boolean;
  readonly sizeBytes?: number;
  readonly modifiedAtMs?: number;
  readonly etag?: string;
};

/** The properties that {@link readMultistatus} understands. */
export const propfindBody =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>' +
  '<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>';

const longestText = 16 * 1024;
/** So much without a tag is no listing: the parser would gather it without end. */
const longestWithoutTag = 1024 * 1024;
/** What else an item has is not kept: it may be anything, and as much as the server likes. */
const wanted: ReadonlySet<string> = new Set(['getcontentlength', 'getlastmodified', 'getetag']);
/** `multistatus/response/propstat/prop/name`, and room for what an extension may put below. */
const deepest = 16;

/**
 * Reads a multistatus answer piece by piece and yields each item as soon as it is complete.
 * @throws Error when it is not well-formed, is no multistatus, or ends early
 */
export async function* readMultistatus(pieces: AsyncIterable<Buffer>): AsyncIterable<DavItem> {
  const reader = new MultistatusReader();
  const decoder = new TextDecoder();
  for await (const piece of pieces) yield* reader.read(decoder.decode(piece, { stream: true }));
  yield* reader.end();
}

type Properties = Readonly<Record<string, string>>;

class MultistatusReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #path: string[] = [];
  #items: DavItem[] = [];
  #text = '';
  #sinceTag = 0;
  #href = '';
  #status = '';
  #found: Properties = {};
  #properties: Properties = {};

  constructor() {
    this.#parser.on('doctype', () => {
      throw new Error('a document type is not accepted');
    });
    this.#parser.on('opentag', (tag) => this.#open(tag));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('closetag', () => this.#close());
  }

  read(xml: string): readonly DavItem[] {
    this.#sinceTag += xml.length;
    if (this.#sinceTag > longestWithoutTag) throw new Error('a text is too long');
    this.#parser.write(xml);
    return this.#takeItems();
  }

  end(): readonly DavItem[] {
    this.#parser.close();
    return this.#takeItems();
  }

  #takeItems(): readonly DavItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #addText(text: string): void {
    this.#text += text;
    if (this.#text.length > longestText) throw new Error('a text is too long');
  }

  #open({ uri, local }: SaxesTagNS): void {
    this.#path.push(uri === 'DAV:' ? local : `{${uri}}${local}`);
    this.#text = '';
    this.#sinceTag = 0;
    // Each tag is looked at together with those around it.
    if (this.#path.length > deepest) throw new Error('the elements are nested too deeply');
    const place = this.#path.join('/');
    if (this.#path[0] !== 'multistatus') throw new Error('not a multistatus');
    if (place === 'multistatus/response') {
      this.#href = '';
      this.#found = {};
    }
    if (place === 'multistatus/response/propstat') {
      this.#status = '';
      this.#properties = {};
    }
    if (place.endsWith('/propstat/prop/resourcetype/collection')) {
      this.#properties = { ...this.#properties, collection: 'yes' };
    }
  }

  #close(): void {
    const place = this.#path.join('/');
    const local = this.#path.pop() ?? '';
    const text = this.#text.trim();
    this.#text = '';
    this.#sinceTag = 0;
    if (place === 'multistatus/response/href') this.#href = text;
    if (place === 'multistatus/response/propstat/status') this.#status = text;
    if (wanted.has(local) && place === `multistatus/response/propstat/prop/${local}`) {
      this.#properties = { ...this.#properties, [local]: text };
    }
    if (place === 'multistatus/response/propstat' && / 200( |$)/.test(this.#status)) {
      this.#found = { ...this.#found, ...this.#properties };
    }
    if (place === 'multistatus/response') this.#items.push(toItem(this.#href, this.#found));
  }
}

function toItem(href: string, found: Properties): DavItem {
  const { getcontentlength = '', getlastmodified = '', getetag } = found;
  const modifiedAtMs = Date.parse(getlastmodified);
  return {
    href,
    isCollection: found.collection !== undefined,
    ...(/^\d+$/.test(getcontentlength) ? { sizeBytes: Number(getcontentlength) } : {}),
    ...(Number.isNaN(modifiedAtMs) ? {} : { modifiedAtMs }),
    ...(getetag === undefined || getetag === '' ? {} : { etag: getetag }),
  };
}
