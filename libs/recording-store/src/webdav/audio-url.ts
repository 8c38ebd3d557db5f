import { isMediaId } from '@exrec/gc-metadata';
import { Failure } from '@exrec/service-kit';

/** The folder URL in the form we build on: with a trailing slash, without credentials, query or fragment. */
export function folderUrl(webdavUrl: string): URL {
  const url = new URL(webdavUrl);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/**
 * The URL of a recording, always directly below the folder (docs/design/FAILURES.md#4-the-cases (12)).
 * @throws Failure `audio-invalid` (never) when the name breaks the rule for `mediaId`
 */
export function audioUrl(folder: URL, name: string): string {
  const invalid = () => Failure.never('audio-invalid', { detail: 'not a name of a recording' });
  if (!isMediaId(name)) throw invalid();
  const url = new URL(encodeURIComponent(name), folder);
  // The rule makes this certain; the check stays in case the rule ever changes.
  if (url.origin !== folder.origin || audioName(folder, url.href) !== name) throw invalid();
  return url.href;
}

/** The folder as a listing names it, the base of its members' hrefs; the one given when it cannot be read. */
export function folderOf(href: string, folder: URL): URL {
  return URL.canParse(href, folder.href) ? folderUrl(new URL(href, folder).href) : folder;
}

/** The name of what lies directly below the folder, if a recording can have it. */
export function audioName(folder: URL, href: string): string | undefined {
  if (!URL.canParse(href, folder.href)) return undefined;
  try {
    const path = decodeURIComponent(new URL(href, folder).pathname);
    const folderPath = decodeURIComponent(folder.pathname);
    const name = path.slice(folderPath.length);
    return path.startsWith(folderPath) && isMediaId(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
