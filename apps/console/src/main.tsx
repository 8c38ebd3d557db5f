import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.js';
import { Console } from './console.js';
import './styles/console.css';
import { PreferencesProvider } from './texts/preferences.js';

/** A service that is away is asked again every so often; any other refusal is final. */
const awayAgainMs = 5_000;

/** Whoever is refused as unknown has no session any more. */
const onError = (error: unknown) => {
  if (error instanceof ApiError && error.status === 401) client.setQueryData(['session'], null);
};
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      retry: (_count, error) =>
        error instanceof ApiError && (error.status === 0 || error.status === 503),
      retryDelay: awayAgainMs,
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
    },
  },
});

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <PreferencesProvider>
          <Console />
        </PreferencesProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
