import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { static as serveStatic, Router } from 'express';

/** Nothing is loaded from, or sent to, any other host (docs/design/CONTRACTS.md#14-console). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Paths that belong to programs: nothing there is a page. */
const notPages = /^\/(?:api|session|health|metrics|version|docs|openapi\.json)(?:\/|$)/;

/** The static build of the console; undefined where there is none. */
export function consolePages(dir: string): Router | undefined {
  const indexFile = join(dir, 'index.html');
  if (!existsSync(indexFile)) return undefined;
  const router = Router();
  router.use((request, response, next) => {
    if (!notPages.test(request.path)) {
      response.setHeader('content-security-policy', policy);
      response.setHeader('referrer-policy', 'no-referrer');
    }
    next();
  });
  router.use(
    serveStatic(dir, {
      index: 'index.html',
      setHeaders: (response, file) => {
        // Files of a build carry a digest in their name; the page that names them does not.
        const isNamedByDigest = /[\\/]assets[\\/]/.test(file);
        response.setHeader(
          'cache-control',
          isNamedByDigest ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    }),
  );
  // Every other path is one of the console's own pages.
  router.use((request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isPage = isRead && request.accepts('html') !== false && extname(request.path) === '';
    if (notPages.test(request.path) || !isPage) next();
    // Below a root: a folder above it may well begin with a dot.
    else response.setHeader('cache-control', 'no-cache').sendFile('index.html', { root: dir });
  });
  return router;
}
